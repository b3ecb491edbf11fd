"""A slip mails nobody: a decision is undone while its message waits."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from meeting.models import User

from ..issuing import issue as letters
from ..mail import outbox
from ..models import SEATED, ChangeProposal, ChildRecord, Registration, RegistrationEvent, SeatOffer, Status
from ..outside import TURNS
from .base import WRITTEN_BY_A_MOVE, Action, MoveNotAllowed, lock, lock_seats
from .decisions import may_decide
from .seats import offer_free_seats, seat_is_free


def can_be_undone(registration: Registration) -> RegistrationEvent | None:
    """The decision that can still be undone; None when there is none, or its time is over."""
    if registration.quiet_until is None or timezone.now() >= registration.quiet_until:
        return None
    last = registration.events.filter(action__in=TURNS).select_related("by").order_by("at", "pk").last()
    return last if last and last.before is not None else None


@transaction.atomic
def undo(registration_id: int, *, event: int, by: User) -> Registration:
    """Put back what stood before the decision `event`, and stop its messages. Nobody outside hears of either.

    Raises MoveNotAllowed when its time is over, a message has left, or something else has happened since.
    """
    registration = lock(registration_id)
    may_decide(registration, by)
    last = can_be_undone(registration)
    if last is None or last.pk != event:
        raise MoveNotAllowed(
            _("This decision on %(who)s can no more be undone: its time is over, or somebody has decided since.")
            % {"who": registration.display_name}
        )
    lock_seats(registration.delegation)
    if not outbox.stop(f"registration-event-{last.pk}"):
        raise MoveNotAllowed(
            _("The message about %(who)s is on its way already, so this can no more be undone.")
            % {"who": registration.display_name}
        )
    was = registration.status
    _put_back(registration, last.before or {})
    _open_again(registration, last.before or {})
    registration.events.create(action=Action.UNDONE, from_status=was, to_status=registration.status, by=by)
    if was in SEATED and registration.status not in SEATED:
        offer_free_seats(registration.delegation)
    return registration


def _put_back(registration: Registration, before: dict[str, Any]) -> None:
    if before.get("first"):
        registration.first_approved_at = registration.first_approved_by = None
    else:
        registration.status, registration.status_since = Status(before["status"]), _moment(before["since"])
        registration.status_reason, registration.returned_fields = before["reason"], before["fields"]
        registration.kept_waiting = before["kept_waiting"]
        registration.first_approved_by_id, first_at = before["first_by"], before["first_at"]
        registration.first_approved_at = _moment(first_at) if first_at else None
    registration.quiet_until, registration.quiet_status = None, ""
    registration.save(update_fields=WRITTEN_BY_A_MOVE)
    letters.follow_undo(registration)


def _open_again(registration: Registration, before: dict[str, Any]) -> None:
    """A child's file, the change that was asked for, and the seat on offer where nobody else has come into it."""
    ChildRecord.objects.filter(registration=registration).exclude(state=ChildRecord.State.OPEN).update(
        state=ChildRecord.State.OPEN, decided_by=None, decided_at=None
    )
    ChangeProposal.objects.filter(pk=before.get("proposal", 0)).update(
        state=ChangeProposal.State.OPEN, decided_by=None, decided_at=None
    )
    offer = SeatOffer.objects.filter(pk=before.get("offer", 0), expires_at__gt=timezone.now())
    if offer.exists() and seat_is_free(registration.delegation):
        offer.update(state=SeatOffer.State.OPEN, answered_at=None)


def _moment(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text)
