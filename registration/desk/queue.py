"""The queue: who waits, longest first; a page by key, counts that stop, seats in one query."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef
from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from meeting.models import Meeting

from ..lists.filters import LATE_AFTER, QueueFilter, people_of
from ..lists.paging import Capped, after, capped_counts
from ..models import Letter, Registration, Status
from ..models.registration import RegistrationQuerySet
from ..workflow import seats_used

ORDER = ("status_since", "pk")
SIZES = (50, 200, 500)


@dataclass(frozen=True)
class Place:
    """Where a page begins: after one row's time and number. In an address: 2008-09-01T01:55:00.123456+00:00~17."""

    since: datetime.datetime
    pk: int

    def __str__(self) -> str:
        return f"{self.since.isoformat()}~{self.pk}"

    @classmethod
    def of(cls, registration: Registration) -> Place:
        return cls(registration.status_since, registration.pk)

    @classmethod
    def parse(cls, text: str) -> Place | None:
        since, _, pk = text.partition("~")
        try:
            moment = parse_datetime(since)
        except ValueError:
            return None
        return cls(moment, int(pk)) if moment and moment.tzinfo and pk.isascii() and pk.isdigit() else None


@dataclass
class Page:
    rows: list[Registration]
    following: Place | None


class Queue:
    """One reader's queue of one meeting under one filter."""

    def __init__(self, meeting: Meeting, user: Any, data: QueryDict) -> None:
        self.meeting = meeting
        self.filter = QueueFilter(data, meeting)
        self.everybody = people_of(meeting, user)
        self.wanted = self.filter.narrow(self.everybody).order_by(*ORDER)

    def page(self, place: Place | None, size: int) -> Page:
        rows = self.wanted.filter(after(ORDER, (place.since, place.pk))) if place else self.wanted
        found = list(with_facts(rows)[: size + 1])
        add_seats(found[:size])
        return Page(found[:size], Place.of(found[size - 1]) if len(found) > size else None)

    def next_after(self, registration: Registration, since: datetime.datetime) -> Registration | None:
        """Who comes after this place; behind the last one the queue begins again, without `registration`."""
        others = self.wanted.exclude(pk=registration.pk)
        return others.filter(after(ORDER, (since, registration.pk))).first() or others.first()

    def by_status(self) -> dict[str, Capped]:
        return capped_counts({s: self.everybody.filter(status=s) for s in Status.values if s != Status.DRAFT})

    def by_category(self) -> list[dict[str, Any]]:
        """Each category that has somebody in the queue's status: how many, and the way to them."""
        same_status = self.everybody.filter(status=self.filter.status)
        categories = {str(c.pk): c for c in self.meeting.categories.all()}
        counts = capped_counts({pk: same_status.filter(delegation__category=c) for pk, c in categories.items()})
        now = self.filter.active().get("category")
        return [
            {"category": c, "count": counts[pk], "query": self.filter.query(category=pk), "is_current": pk == now}
            for pk, c in categories.items()
            if counts[pk]
        ]

    def totals(self) -> dict[str, Capped]:
        """How many the filter leaves, and how many wait too long in all."""
        late = self.everybody.awaiting_decision().filter(status_since__lte=timezone.now() - LATE_AFTER)
        return capped_counts({"wanted": self.wanted, "late": late})


def with_facts(rows: RegistrationQuerySet) -> RegistrationQuerySet:
    return rows.with_delegation().annotate(has_letter=Exists(Letter.objects.filter(registration=OuterRef("pk"))))


def add_seats(rows: list[Registration]) -> None:
    """Each row learns how many seats its delegation uses, and for how many days it has waited."""
    used = seats_used([row.delegation_id for row in rows])
    now = timezone.now()
    for row in rows:
        row.seats_used = used.get(row.delegation_id, 0)  # type: ignore[attr-defined]
        row.waited = now - row.status_since  # type: ignore[attr-defined]
        row.is_late = row.status == Status.SUBMITTED and row.waited >= LATE_AFTER  # type: ignore[attr-defined]
