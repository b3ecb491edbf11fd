"""The queue: who waits, longest first; a page by key, counts that stop, seats in one query."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Count
from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from meeting.models import Meeting

from ..letters import standing
from ..lists.filters import LATE_AFTER, QueueFilter, people_of
from ..lists.paging import Capped, after, capped_counts
from ..models import SEATED, Delegation, Registration, Status

ORDER = ("status_since", "pk")
SIZES = (50, 200, 500)
ENOUGH_SEATS = 100
SEATS_SQL = f"""
    SELECT wanted.pk, counted.used
      FROM unnest(%s::bigint[], %s::int[]) AS wanted (pk, most)
     CROSS JOIN LATERAL (
           SELECT count(*) AS used
             FROM (SELECT FROM {Registration._meta.db_table} AS r
                    WHERE r.delegation_id = wanted.pk AND r.status = ANY(%s) LIMIT wanted.most) AS seated
           ) AS counted
"""  # noqa: S608 (the name of our own table)


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
        # Counts are of this meeting, which the reader may read: asking for the role once more would only cost time.
        # Not so for their limits: no number may tell of a category they do not see.
        self.counted = Registration.objects.filter(meeting=meeting).without_children_who_left().within_limits(user)

    def page(self, place: Place | None, size: int) -> Page:
        rows = self.wanted.filter(after(ORDER, (place.since, place.pk))) if place else self.wanted
        found = list(rows.with_delegation()[: size + 1])
        add_seats(found[:size])
        standing.mark_each(found[:size])
        return Page(found[:size], Place.of(found[size - 1]) if len(found) > size else None)

    def next_after(self, registration: Registration, since: datetime.datetime) -> Registration | None:
        """Who comes after this place; behind the last one the queue begins again, without `registration`."""
        others = self.wanted.exclude(pk=registration.pk)
        return others.filter(after(ORDER, (since, registration.pk))).first() or others.first()

    def counts(self) -> dict[str, Capped]:
        """How many the filter leaves, how many wait too long, and how many have each status."""
        late = self.counted.awaiting_decision().filter(status_since__lte=timezone.now() - LATE_AFTER)
        shown = [s for s in Status.values if s != Status.DRAFT]
        by_status = {s: self.counted.filter(status=s) for s in shown}
        return capped_counts({"wanted": self.filter.narrow(self.counted), "late": late, **by_status})

    def by_category(self, total: Capped) -> list[dict[str, Any]]:
        """The categories of those in the queue's status, and the way to them.

        Numbers only while the `total` is one: beyond a thousand they would cost more than they say.
        """
        found = self.counted.filter(status=self.filter.wanted_status).order_by().values_list("delegation__category")
        numbers = None if total.is_more else dict(found.annotate(n=Count("*")))
        now = self.filter.active().get("category")
        return [
            {
                "category": c,
                "count": numbers[c.pk] if numbers else "",
                "query": self.filter.query(category=str(c.pk)),
                "is_current": str(c.pk) == now,
            }
            for c in self.filter.fields["category"].queryset  # type: ignore[attr-defined]
            if numbers is None or c.pk in numbers
        ]

    def by_letter(self, total: Capped) -> list[dict[str, Any]]:
        """How many of those in the queue's status are on a letter; numbers as in `by_category`."""
        choices = [c for c in self.filter.fields["letter"].choices if c[0]]  # type: ignore[attr-defined]
        waiting = self.counted.filter(status=self.filter.wanted_status)
        asked: dict[str, Any] = (
            {} if total.is_more else {value: waiting.filter(standing.narrowed(value)) for value, _ in choices}
        )
        numbers, now = capped_counts(asked), self.filter.active().get("letter")
        return [
            {
                "label": label,
                "count": numbers.get(value, ""),
                "query": self.filter.query(letter=value),
                "is_current": value == now,
            }
            for value, label in choices
            if not numbers or numbers[value] or value == now
        ]


def add_seats(rows: list[Registration]) -> None:
    """Each row learns how many seats its delegation uses, and how long it has waited."""
    used = seats_in_use({row.delegation for row in rows})
    now = timezone.now()
    for row in rows:
        row.seats_used = used[row.delegation_id]  # type: ignore[attr-defined]
        row.waited = now - row.status_since  # type: ignore[attr-defined]
        row.is_late = row.status == Status.SUBMITTED and row.waited >= LATE_AFTER  # type: ignore[attr-defined]


def seats_in_use(delegations: Iterable[Delegation]) -> dict[int, Capped]:
    """Seats used by each, in one statement that reads no more of a delegation than its number needs.

    Past its quota, or past a hundred where there is none, a delegation is counted only a little further.
    """
    most = {d.pk: (d.seats or 0) + ENOUGH_SEATS for d in delegations}
    with connection.cursor() as cursor:
        cursor.execute(SEATS_SQL, [list(most), [n + 1 for n in most.values()], list(SEATED)])
        return {pk: Capped(number, most[pk]) for pk, number in cursor.fetchall()}
