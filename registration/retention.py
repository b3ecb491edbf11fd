"""Forgetting what was kept for one meeting and is of no more use: dates of birth."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from meeting.appended import forgetting

from .models import ChangeProposal, Registration, RegistrationEvent

BIRTH_DATES_KEPT = datetime.timedelta(days=30)
BATCH = 2_000


def forget_birth_dates(now: datetime.datetime | None = None) -> int:
    """Take dates of birth out of registrations and their histories; of how many. Any number of times.

    Thirty days after the last day of the meeting; for whoever was registered later than that, thirty days after.
    """
    before = (now or timezone.now()) - BIRTH_DATES_KEPT
    over = Registration.objects.filter(meeting__ends_on__lt=before.date(), created_at__lt=before)
    with forgetting():
        _strip(RegistrationEvent.objects.filter(registration__in=over))
        _strip(ChangeProposal.objects.filter(registration__in=over))
        return _take_out(over)


def _take_out(over: QuerySet[Registration]) -> int:
    typed = Q(birth_date__isnull=False) | Q(unparsed__has_key="birth_date")
    found = list(over.filter(typed).only("birth_date", "unparsed")[:BATCH])
    for registration in found:
        registration.birth_date = None
        registration.unparsed.pop("birth_date", None)
    Registration.objects.bulk_update(found, ["birth_date", "unparsed"])
    return len(found)


def _strip(histories: QuerySet[Any]) -> None:
    rows = list(histories.filter(changes__has_key="birth_date").only("changes")[:BATCH])
    for row in rows:
        del row.changes["birth_date"]
    histories.model._default_manager.bulk_update(rows, ["changes"])
