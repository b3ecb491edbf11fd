"""A registration as it would be after a move: to show the message before anybody decides. Nothing is stored."""

from __future__ import annotations

import copy
from collections.abc import Iterable

from django.utils import timezone

from ..models import Registration, Status


def as_if(registration: Registration, to: Status, *, reason: str = "", fields: Iterable[str] = ()) -> Registration:
    """A copy that must not be saved."""
    foreseen = copy.copy(registration)
    foreseen.status, foreseen.status_reason, foreseen.returned_fields = to, reason, list(fields)
    foreseen.status_since = timezone.now()
    foreseen.quiet_until, foreseen.quiet_status = None, ""
    return foreseen
