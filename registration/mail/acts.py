"""What a person does with a message, whatever it is about: each act is written down with who did it."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from meeting.models import User
from registration.models import HeldFor, MailEvent, MailState, OutgoingMail

from . import addresses
from .broker import announce

What = MailEvent.What
OVER = "What it says does not hold any more."
GONE_WRONG = (MailState.FAILED, MailState.STUCK)
# What has not left, as far as anybody knows, and can be stopped for good.
CAN_BE_STOPPED = (MailState.QUEUED, MailState.HELD, *GONE_WRONG)


@transaction.atomic
def send_again(mail_id: int, *, by: User | None = None) -> bool:
    """Put a failed or unclear message back into the queue; False when it is neither, or says what holds no more.

    Of an unclear one its reader may get a second copy: that is for the person to weigh.
    """
    mail = _locked(mail_id, *GONE_WRONG)
    if mail is None or not addresses.still_holds(mail):
        return False
    _put(mail, MailState.QUEUED, attempts=0, not_before=timezone.now(), last_error="")
    note([mail_id], What.AGAIN, by=by)
    announce(mail_id)
    return True


@transaction.atomic
def settle_as_sent(mail: OutgoingMail, *, by: User, why: str = "") -> bool:
    """An unclear message has arrived, says somebody who knows `why`; False when it is not unclear (any more)."""
    unclear = _locked(mail.pk, MailState.STUCK)
    if unclear is None:
        return False
    _put(unclear, MailState.SENT, sent_at=unclear.claimed_at or timezone.now(), last_error="")
    note([mail.pk], What.SETTLED, by=by, text=why)
    return True


@transaction.atomic
def cancel(mail: OutgoingMail, *, by: User | None, why: str = "") -> bool:
    """Stop a message for good: one that waits, is held, has failed, or is unclear; False when it is none of these.

    One that tells of a decision is stopped by undoing the decision, which is not looked at here.
    """
    found = _locked(mail.pk, *CAN_BE_STOPPED)
    if found is None:
        return False
    _put(found, MailState.CANCELLED, held_for="")
    note([mail.pk], What.STOPPED, by=by, text=why)
    return True


@transaction.atomic
def done_with(mail: OutgoingMail, *, by: User, why: str = "") -> bool:
    """What came back needs nobody any more, says somebody; False when it has not come back, or was done with before."""
    found = _locked(mail.pk, MailState.BOUNCED)
    if found is None or found.events.filter(what=What.SEEN).exists():
        return False
    note([mail.pk], What.SEEN, by=by, text=why)
    return True


@transaction.atomic
def release(mail: OutgoingMail, *, by: User) -> bool:
    """Somebody has read it: it leaves, now or when its decision can no more be undone; False when it is not held so.

    What holds no more is stopped instead.
    """
    return _release(OutgoingMail.objects.filter(pk=mail.pk), by) == 1


def _release(mails: QuerySet[OutgoingMail], by: User) -> int:
    held = mails.filter(state=MailState.HELD, held_for=HeldFor.REVIEW).select_related("registration").order_by("pk")
    waiting = list(held.select_for_update(of=("self",)))
    leaving = [mail for mail in waiting if addresses.still_holds(mail)]
    over = [mail.pk for mail in waiting if mail not in leaving]
    numbers = [mail.pk for mail in leaving]
    OutgoingMail.objects.filter(pk__in=numbers).update(state=MailState.QUEUED, held_for="")
    OutgoingMail.objects.filter(pk__in=over).update(state=MailState.CANCELLED, held_for="")
    note(numbers, What.RELEASED, by=by)
    note(over, What.STOPPED, by=by, text=OVER)
    now = timezone.now()
    for mail in leaving:
        if mail.not_before <= now:
            announce(mail.pk)
    return len(leaving)


def note(mails: Iterable[int], what: str, *, by: User | None = None, text: str = "") -> None:
    """Into the history of each of these messages."""
    MailEvent.objects.bulk_create(MailEvent(mail_id=pk, what=what, by=by, text=text) for pk in mails)


def _locked(mail_id: int, *states: MailState) -> OutgoingMail | None:
    """The message, if it is in one of `states`; nobody else changes it until the transaction ends."""
    found = OutgoingMail.objects.filter(pk=mail_id, state__in=states)
    return found.select_for_update(of=("self",)).select_related("registration").first()


def _put(mail: OutgoingMail, state: MailState, **values: object) -> None:
    OutgoingMail.objects.filter(pk=mail.pk).update(state=state, **values)
