"""An approval that rested on somebody else's word, taken back when that word no longer holds."""

from __future__ import annotations

from django.db import transaction

from meeting.models import User

from ..models import Registration, Status
from .base import lock, move


@transaction.atomic
def undo_approval(registration_id: int, *, by: User | None) -> Registration:
    """Back among those who wait for a decision; the seat is kept. Whoever was not approved stays as they are.

    Tells nobody: the caller knows why, and to whom it may be said.
    """
    registration = lock(registration_id)
    if registration.status == Status.APPROVED:
        move(registration, Status.SUBMITTED, by=by)
    return registration
