"""What staff do with any message of the outbox: stop it, release it, send it now or again, take it as sent.

Each act is one row, locked and looked at again; what it does not fit any more is refused with a sentence, so that an
act may be pressed twice. Why somebody acted stands with the message.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from meeting.models import User

from .. import rules
from ..mail import acts, addresses, outbox
from ..mail.readers import readers_of
from ..models import LEFT, MailState, OutgoingMail, UnreachableAddress
from .base import Action, MoveNotAllowed, lock, note
from .decisions import may_decide
from .messages import TellsADecision, send_message_again, send_message_now
from .undoing import can_be_undone

REASON_LENGTH = 300
COPY_PAUSE = datetime.timedelta(minutes=1)


@transaction.atomic
def act_on_message(act: str, mail_id: int, *, by: User, reason: str = "") -> OutgoingMail:
    """Do one of ACTS with a message, for `reason`; the row as it is then, or its copy. Raises MoveNotAllowed."""
    found = OutgoingMail.objects.get(pk=mail_id)
    if found.registration_id is None and not rules.can_organise(by, found.meeting):
        raise MoveNotAllowed(_("This message is about nobody in particular: organisers look after it."))
    return ACTS[act](_locked(found, by), by, reason.strip()[:REASON_LENGTH])


def _locked(found: OutgoingMail, by: User) -> OutgoingMail:
    """The registration first, as everywhere; then the message, which a worker may be taking."""
    registration = lock(found.registration_id) if found.registration_id else None
    if registration is not None:
        may_decide(registration, by)
    mail = OutgoingMail.objects.select_for_update().get(pk=found.pk)
    mail.registration = registration
    return mail


def _stop(mail: OutgoingMail, by: User, reason: str) -> OutgoingMail:
    if mail.registration and mail.kind in outbox.DECISIONS and can_be_undone(mail.registration):
        raise TellsADecision(_("This message tells of a decision. Undo the decision instead: then nobody is told."))
    if not acts.cancel(mail, by=by, why=reason):
        raise MoveNotAllowed(_("This message is on its way or has left, so it cannot be stopped any more."))
    _tell_history(mail, Action.MAIL_STOPPED, by)
    return mail


def _now(mail: OutgoingMail, by: User, reason: str) -> OutgoingMail:
    if mail.registration:
        return send_message_now(mail.pk, by=by)
    if not outbox.hurry(mail, together=mail.key, by=by):
        raise MoveNotAllowed(_("This message does not wait any more. There is nothing left to do."))
    return mail


def _release(mail: OutgoingMail, by: User, reason: str) -> OutgoingMail:
    """Somebody has read what was held for a reader. What no longer holds does not leave."""
    _must_still_hold(mail)
    if not acts.release(mail, by=by):
        raise MoveNotAllowed(_("This message is not held for a reader any more. There is nothing left to do."))
    return mail


def _again(mail: OutgoingMail, by: User, reason: str) -> OutgoingMail:
    """What never arrived goes back into the queue; of what has left a copy is sent, and never two at a time."""
    if mail.state in acts.GONE_WRONG:
        return _put_back(mail, by)
    if mail.state not in LEFT:
        raise MoveNotAllowed(_("This message has not left yet, so it cannot be sent again."))
    _no_copy_just_now(mail)
    copy = send_message_again(mail.pk, by=by) if mail.registration else _copy(mail, by)
    _must_work(copy)
    return copy


def _put_back(mail: OutgoingMail, by: User) -> OutgoingMail:
    _must_still_hold(mail)
    if (to := _address_today(mail)) != mail.to:
        addresses.readdress(OutgoingMail.objects.filter(pk=mail.pk), to, by=by)
        mail.to = to
    _must_work(mail)
    acts.send_again(mail.pk, by=by)
    _tell_history(mail, Action.MAIL_SENT, by)
    return mail


def _settle(mail: OutgoingMail, by: User, reason: str) -> OutgoingMail:
    """It was handed over, no answer came, and somebody knows that it arrived."""
    if not reason:
        raise MoveNotAllowed(_("Say how you know that it arrived: it stands with the message."))
    if not acts.settle_as_sent(mail, by=by, why=reason):
        raise MoveNotAllowed(_("It is no longer unclear what became of this message. There is nothing left to do."))
    return mail


def _done_with(mail: OutgoingMail, by: User, reason: str) -> OutgoingMail:
    """It came back, and there is nothing more to do about it."""
    if not acts.done_with(mail, by=by, why=reason):
        raise MoveNotAllowed(_("This message needs nobody any more. There is nothing left to do."))
    return mail


Act = Callable[[OutgoingMail, User, str], OutgoingMail]
ACTS: dict[str, Act] = {
    "stop": _stop, "now": _now, "release": _release, "again": _again, "settle": _settle, "seen": _done_with,
}  # fmt: skip


def _tell_history(mail: OutgoingMail, action: str, by: User) -> None:
    if mail.registration:
        note(mail.registration, action, by=by, changes={"message": mail.kind, "number": mail.pk})


def _must_still_hold(mail: OutgoingMail) -> None:
    if not addresses.still_holds(mail):
        raise MoveNotAllowed(_("What this message says does not hold any more, so it is not sent. You can stop it."))


def _must_work(mail: OutgoingMail) -> None:
    """A delegate's wrong address may be the right one of a colleague: see `OutgoingMail.objects.claim`."""
    known = UnreachableAddress.objects.filter(email=mail.to.lower())
    if mail.registration_id is None or mail.focal_user_id is not None:
        known = known.filter(why=UnreachableAddress.Why.BOUNCED)
    if known.exists():
        raise MoveNotAllowed(_("This address does not work. Correct it first, then send the message."))


def _address_today(mail: OutgoingMail) -> str:
    """Of whoever was to read it: the words and the link are theirs."""
    if mail.registration is None:
        return mail.to
    for reader in readers_of(mail.registration):
        if (reader.user.pk if reader.user else None) == mail.focal_user_id:
            return reader.email
    raise MoveNotAllowed(
        _("Messages about %(who)s go to somebody else today, so this one is not sent. You can stop it.")
        % {"who": mail.registration.display_name}
    )


def _no_copy_just_now(mail: OutgoingMail) -> None:
    waits = Q(state__in=[MailState.QUEUED, MailState.HELD, MailState.SENDING])
    copies = OutgoingMail.objects.filter(key__startswith=f"again-{mail.pk}-")
    if copies.filter(waits | Q(created_at__gt=timezone.now() - COPY_PAUSE)).exists():
        raise MoveNotAllowed(_("A copy of this message is on its way already, so no other one is sent now."))


def _copy(mail: OutgoingMail, by: User) -> OutgoingMail:
    if mail.invitation_id is not None:
        raise MoveNotAllowed(_("Send an invitation again from the list of invitations: it gets a new link there."))
    _must_still_hold(mail)
    copies = OutgoingMail.objects.filter(key__startswith=f"again-{mail.pk}-").count()
    return outbox.repeat(mail, to=mail.to, key=f"again-{mail.pk}-n{copies}", by=by)
