"""Who has arrived: a fact beside the status, said by somebody at the desk."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from meeting.models import User

from ..models import Registration, Status
from .base import Action, MoveNotAllowed, lock, note


@transaction.atomic
def arrive(registration_id: int, *, by: User) -> Registration:
    """Checked in. Twice is once: the first time counts."""
    registration = lock(registration_id)
    if registration.status != Status.APPROVED:
        raise MoveNotAllowed(_("Only who is approved is checked in. Decide about the registration first."))
    if registration.arrived_at is None:
        _put(registration, by)
        note(registration, Action.ARRIVED, by=by)
    return registration


@transaction.atomic
def not_arrived(registration_id: int, *, by: User) -> Registration:
    """Checked in by mistake: taken back."""
    registration = lock(registration_id)
    if registration.arrived_at is not None:
        _put(registration, None)
        note(registration, Action.NOT_ARRIVED, by=by)
    return registration


def _put(registration: Registration, by: User | None) -> None:
    registration.arrived_at, registration.arrived_by = (timezone.now() if by else None), by
    registration.save(update_fields=["arrived_at", "arrived_by", "changed_at"])
