"""Addresses that do not work: nothing leaves for them, and what was held for them leaves when they are put right.

`OutgoingMail.objects.claim` holds what would go to one. It is let go here, by a person's act, by a correction, and by a
sweep for what was held in the very moment in which the address was put right.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Greatest, Lower
from django.utils import timezone

from meeting.models import User
from registration.models import (
    HeldFor,
    Invitation,
    MailEvent,
    MailState,
    OutgoingMail,
    Registration,
    SeatOffer,
    Status,
    UnreachableAddress,
)

from .broker import publisher

What = MailEvent.What
Why = UnreachableAddress.Why
# Somebody waited at a screen for these. Much later they would come unasked, and puzzle whoever reads them.
ASKED_FOR = ("change_code", "sign_in", "password_reset")
ASKED_FOR_LASTS = datetime.timedelta(minutes=20)
SWEEP_LIMIT = 1000


def mark(email: str, *, answer: str = "", mail: OutgoingMail | None = None) -> bool:
    """Messages to `email` come back: nothing goes there from now on. False where that was known already."""
    values = {"why": Why.BOUNCED, "answer": answer, "mail": mail}
    return UnreachableAddress.objects.get_or_create(email=email.lower(), defaults=values)[1]


def keeps_from(known: UnreachableAddress, mail: OutgoingMail) -> bool:
    """Whether what is known against its address keeps `mail` from leaving: see `OutgoingMail.objects.claim`."""
    return known.why == Why.BOUNCED or (mail.registration_id is not None and mail.focal_user_id is None)


def release(email: str, *, by: User | None) -> int:
    """Let what is held for `email` leave, now that it works; how many messages. Inside a transaction."""
    return _let_go(_held().annotate(address=Lower("to")).filter(address=email.lower()), by)


def readdress(mails: QuerySet[OutgoingMail], to: str, *, by: User | None) -> None:
    """Have `mails`, none of which has arrived, go to another address. What was held for the old one leaves."""
    moved = list(mails.exclude(to=to).select_for_update(of=("self",)).values_list("pk", flat=True))
    OutgoingMail.objects.filter(pk__in=moved).update(to=to)
    MailEvent.objects.bulk_create(MailEvent(mail_id=pk, what=What.READDRESSED, by=by) for pk in moved)
    _let_go(_held().filter(pk__in=moved), by)


@transaction.atomic
def sweep() -> int:
    """Let go what is held though nothing is known against its address any more; how many messages."""
    known = UnreachableAddress.objects.filter(email=Lower(OuterRef("to")))
    as_delegate = Q(registration__isnull=False, focal_user=None)
    held = _held().exclude(Exists(known.filter(why=Why.BOUNCED))).exclude(as_delegate & Q(Exists(known)))
    return _let_go(held, by=None)


def still_holds(mail: OutgoingMail) -> bool:
    """Whether `mail` is still worth sending: no status that has passed, seat given away, or code nobody waits for."""
    if mail.kind in ASKED_FOR and mail.created_at < timezone.now() - ASKED_FOR_LASTS:
        return False
    if mail.invitation is not None and mail.invitation.state == Invitation.State.WITHDRAWN:
        return False
    if mail.registration is None:
        return True
    if mail.kind == "seat_offered":
        offers = SeatOffer.objects.filter(registration=mail.registration, state=SeatOffer.State.OPEN)
        return offers.filter(made_at__lte=mail.created_at).exists()
    # A decision that can still be undone holds, and is told when it no more can.
    return is_of_today(mail, mail.registration) or _told_by(mail) == mail.registration.status


def is_of_today(mail: OutgoingMail, registration: Registration) -> bool:
    """Whether the status that `mail` tells of, if it does, is the one people outside know today."""
    return _told_by(mail) not in Status.values or _told_by(mail) == registration.told_status


def _told_by(mail: OutgoingMail) -> str:
    return Status.SUBMITTED if mail.kind == "unapproved" else mail.kind


def _held() -> QuerySet[OutgoingMail]:
    return OutgoingMail.objects.filter(state=MailState.HELD, held_for=HeldFor.ADDRESS)


def _let_go(held: QuerySet[OutgoingMail], by: User | None) -> int:
    """What still holds is queued, everything else is stopped."""
    waiting = list(held.select_for_update(of=("self",)).select_related("registration").order_by("pk")[:SWEEP_LIMIT])
    leaving = [mail.pk for mail in waiting if still_holds(mail)]
    over = [mail.pk for mail in waiting if mail.pk not in set(leaving)]
    OutgoingMail.objects.filter(pk__in=leaving).update(
        state=MailState.QUEUED, held_for="", not_before=Greatest("not_before", timezone.now())
    )
    OutgoingMail.objects.filter(pk__in=over).update(state=MailState.CANCELLED, held_for="")
    _note(leaving, What.RELEASED, by)
    _note(over, What.STOPPED, by)
    for pk in leaving:
        transaction.on_commit(lambda pk=pk: publisher.send_mail(pk), robust=True)  # type: ignore[misc]
    return len(leaving)


def _note(mails: Iterable[int], what: str, by: User | None) -> None:
    MailEvent.objects.bulk_create(MailEvent(mail_id=pk, what=what, by=by) for pk in mails)
