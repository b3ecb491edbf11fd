"""Sealed records are kept for thirty days after the meeting, and then destroyed with every file."""

from __future__ import annotations

import datetime
from collections import Counter
from dataclasses import dataclass

import structlog
from django.db import transaction
from django.utils import timezone

from meeting.models import AuditEntry, Meeting

from ..models import ChildConsent, ChildRecord
from . import papers
from .intake import lock_record

KEPT = datetime.timedelta(days=30)
log = structlog.get_logger("placard.safeguarding")


@dataclass(frozen=True)
class Destroyed:
    """How much went (or would go), and never whose."""

    records: int = 0
    papers: int = 0


def due(now: datetime.datetime | None = None) -> list[ChildRecord]:
    """Records whose time is over: 30 days after the last day of the meeting.

    Where the meeting was over already when the record was made, the 30 days count from then.
    """
    now = now or timezone.now()
    old = ChildRecord.objects.filter(created_at__lte=now - KEPT).select_related("registration__meeting")
    return [record for record in old if _end_of(record) + KEPT <= now]


def _end_of(record: ChildRecord) -> datetime.datetime:
    meeting = record.registration.meeting
    last = datetime.datetime.combine(meeting.ends_on, datetime.time.max, meeting.zone)
    return max(last, record.created_at)


def destroy_old(now: datetime.datetime | None = None, *, dry_run: bool = False) -> Destroyed:
    """Destroy what is due, and write into each meeting's history how much it was. Any number of times."""
    found = due(now)
    count = Destroyed(len(found), ChildConsent.objects.filter(record__in=found).count())
    if dry_run or not found:
        return count
    by_meeting: Counter[Meeting] = Counter()
    for record in found:
        with transaction.atomic():
            papers.destroy(lock_record(record.pk))
        by_meeting[record.registration.meeting] += 1
    for meeting, records in by_meeting.items():
        detail = {"what": "destroyed", "records": records}
        AuditEntry.objects.create(meeting=meeting, action=AuditEntry.Action.CHILD, detail=detail)
    log.info("safeguarding records destroyed", records=count.records, papers=count.papers)
    return count
