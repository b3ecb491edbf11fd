"""What staff do with one message about one registration: stop it, send it at once, send it again."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from meeting.models import User

from ..issuing import issue as letters
from ..mail import addresses, outbox
from ..mail.addresses import is_of_today as is_of_today
from ..mail.links import CODED
from ..mail.readers import readers_of
from ..models import LEFT, SEATED, MailState, OutgoingMail, Registration, RegistrationEvent
from .base import Action, MoveNotAllowed, lock, lock_seats, note
from .decisions import may_decide
from .seats import offer_free_seats
from .undoing import can_be_undone

GONE_OUT = (*LEFT, MailState.FAILED, MailState.STUCK)


class TellsADecision(MoveNotAllowed):
    """The message tells of a decision: what is undone is the decision."""


@transaction.atomic
def stop_message(mail_id: int, *, by: User) -> OutgoingMail:
    """Stop a message that has not left. One that tells of a decision is stopped by undoing the decision."""
    mail, registration = _lock(mail_id, by)
    if mail.kind in outbox.DECISIONS:
        raise TellsADecision(_("This message tells of a decision. Undo the decision instead: then nobody is told."))
    if not outbox.stop_one(mail, by=by):
        raise MoveNotAllowed(_("This message is on its way already, so it cannot be stopped any more."))
    _write_down(registration, Action.MAIL_STOPPED, mail, by)
    return mail


@transaction.atomic
def send_message_now(mail_id: int, *, by: User) -> OutgoingMail:
    """Send at once what would wait. The decision it tells of is told then, and can no more be undone."""
    mail, registration = _lock(mail_id, by)
    event = can_be_undone(registration)
    together = event_key(event) if event and tells_of(mail, event) else mail.key
    if not outbox.hurry(mail, together=together, by=by):
        raise MoveNotAllowed(_("This message does not wait any more. There is nothing left to do."))
    tells = event if event and tells_of(mail, event) else None
    _write_down(registration, Action.MAIL_HURRIED, mail, by, told=tells)
    if tells:
        _is_told_now(registration)
    return mail


@transaction.atomic
def send_message_again(mail_id: int, *, by: User) -> OutgoingMail:
    """Once more, with a new link, to where messages about it go today. What no longer holds is not told again."""
    mail, registration = _lock(mail_id, by)
    if mail.state not in GONE_OUT:
        raise MoveNotAllowed(_("This message has not left yet, so it cannot be sent again."))
    if mail.kind == CODED:
        raise MoveNotAllowed(_("A code is sent only to whoever asks for it on their own page."))
    if not addresses.still_holds(mail):
        raise MoveNotAllowed(_("What this message says does not hold any more, so it is not sent again."))
    to = _address_today(mail, registration)
    event = _write_down(registration, Action.MAIL_SENT, mail, by)
    return outbox.repeat(mail, to=to, key=f"again-{mail.pk}-{event.pk}", by=by)


def event_key(event: RegistrationEvent) -> str:
    return f"registration-event-{event.pk}"


def tells_of(mail: OutgoingMail, event: RegistrationEvent) -> bool:
    """Whether `mail` is one of those in which this decision is told."""
    return mail.key == event_key(event) or mail.key.startswith(f"{event_key(event)}-")


def _lock(mail_id: int, by: User) -> tuple[OutgoingMail, Registration]:
    """The registration first, as everywhere; then the message, which a worker may be taking."""
    found = OutgoingMail.objects.get(pk=mail_id, registration__isnull=False)
    registration = lock(found.registration_id or 0)
    may_decide(registration, by)
    mail = OutgoingMail.objects.select_for_update().get(pk=mail_id)
    mail.registration = registration
    return mail, registration


def _write_down(
    registration: Registration, action: str, mail: OutgoingMail, by: User, told: RegistrationEvent | None = None
) -> RegistrationEvent:
    decision = {"told": told.pk} if told else {}
    return note(registration, action, by=by, changes={"message": mail.kind, "number": mail.pk, **decision})


def _is_told_now(registration: Registration) -> None:
    """The seat that was kept in case of an undoing goes to the next in line."""
    gave_up_a_seat = registration.quiet_status in SEATED and registration.status not in SEATED
    registration.quiet_until, registration.quiet_status = None, ""
    registration.save(update_fields=["quiet_until", "quiet_status", "changed_at"])
    letters.follow_telling(registration)
    if gave_up_a_seat:
        lock_seats(registration.delegation)
        offer_free_seats(registration.delegation)


def _address_today(mail: OutgoingMail, registration: Registration) -> str:
    """Of whoever read it the first time: their words and their link are in it."""
    for reader in readers_of(registration):
        if (reader.user.pk if reader.user else None) == mail.focal_user_id:
            return reader.email
    raise MoveNotAllowed(
        _("Messages about %(who)s go to somebody else today, so this one is not sent again.")
        % {"who": registration.display_name}
    )
