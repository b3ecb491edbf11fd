"""What beat does every minute: nobody under 18 stands in an ordinary row, and no clearing outlives what it rests on."""

from __future__ import annotations

import datetime

import structlog
from django.utils import timezone

from ..models import Registration
from ..rules import is_minor
from ..workflow import MoveNotAllowed
from . import gate, leaving
from .intake import take_in

EIGHTEEN_YEARS = datetime.timedelta(days=18 * 366)
log = structlog.get_logger("placard.safeguarding")


def watch() -> None:
    take_in_overlooked()
    gate.look_at_all()
    leaving.forget_all()


def take_in_overlooked() -> int:
    """Rows with the birth date of a child that came in some other way, or after the meeting moved; how many.

    Where a meeting has no category for children they stay, cannot be approved, and the log says how many there are.
    """
    born_after = timezone.now().date() - EIGHTEEN_YEARS
    young = Registration.objects.filter(is_minor=False, birth_date__gt=born_after).select_related("meeting")
    done = left = 0
    for row in young:
        if row.birth_date is None or not is_minor(row.birth_date, row.meeting):
            continue
        try:
            take_in(row, legal_name=row.passport_name or row.display_name, birth_date=row.birth_date, by=None)
            done += 1
        except MoveNotAllowed:
            left += 1
    if left:
        log.warning("children in ordinary rows: their meeting has no category for them", rows=left)
    return done
