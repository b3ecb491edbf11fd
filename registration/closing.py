"""Until when a focal point can send registrations, as their pages and messages say it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.utils import timezone

from meeting.models import Meeting

from .models import Category


def closes_at(meeting: Meeting, categories: Iterable[Category]) -> datetime.datetime | None:
    """The closing time of the meeting; an earlier one that all these categories share. None where nobody has set one.

    None, too, where it is past and the organisers hold registration open: then no time counts.
    """
    own = {category.closes_at for category in categories}
    shared = own.pop() if len(own) == 1 else None
    at = min(filter(None, (shared, meeting.registration_closes_at)), default=None)
    held_open = meeting.registration_held_open and shared is None
    return None if at and held_open and at < timezone.now() else at
