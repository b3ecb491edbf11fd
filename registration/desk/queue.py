"""The queue: who waits, longest first; a page by key, counts that stop, seats in one query."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.functional import cached_property

from meeting.models import Meeting

from ..letters import standing
from ..lists.filters import people_of
from ..lists.order import in_list_order, page_after
from ..lists.paging import Capped, after, capped_counts
from ..lists.queue_filter import QueueFilter
from ..lists.reach import fails
from ..models import SEATED, Delegation, Registration, Status, review_limits
from . import colleagues

ORDERS = {"": ("status_since", "pk"), "newest": ("-status_since", "-pk"), "name": ("sort_key", "pk")}
BY_TIME = (ORDERS[""], ORDERS["newest"])
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
    following: str  # where the next page begins; empty on the last


class Queue:
    """One reader's queue of one meeting under one filter, in the order it asks for."""

    def __init__(self, meeting: Meeting, user: Any, data: QueryDict) -> None:
        self.meeting, self.user = meeting, user
        self.filter = QueueFilter(data, meeting, user, colleagues.of_meeting(meeting))
        self.order = ORDERS.get(self.filter.sort_order, ())
        self.everybody = people_of(meeting, user)
        limits = review_limits(user).get(meeting.pk)
        # Once more and as what they are: the database looks for some categories by themselves, not for all others.
        within = Q() if limits is None else Q(delegation__category__in=limits or [0])
        narrowed = self.filter.narrow(self.everybody).filter(within)
        self.wanted = narrowed.order_by(*self.order) if self.order else in_list_order(narrowed)
        # Counts are of this meeting, which the reader may read: asking for the role once more would only cost time.
        self.counted = Registration.objects.filter(within, meeting=meeting).without_children_who_left()

    @cached_property
    def total(self) -> Capped:
        """How many the filter leaves."""
        return capped_counts({"wanted": self.filter.narrow(self.counted)})["wanted"]

    def counts(self) -> dict[str, Capped]:
        return {"wanted": self.total}

    def page(self, begins: str, size: int) -> Page:
        """`size` rows behind the place where the page begins; from the start where that place means nothing."""
        rows, more = self._behind(begins, size)
        add_seats(rows, self.meeting)
        standing.mark_each(rows)
        return Page(rows, self._place(rows[-1]) if more else "")

    def _behind(self, begins: str, size: int) -> tuple[list[Registration], bool]:
        around = ("delegation__category", "assigned_to", "first_approved_by")
        shown = self.wanted.with_delegation().select_related(*around).annotate(address_fails=fails())
        if not self.order:
            return page_after(self.meeting, shown, begins, size, are_many=self.total.is_more)
        keys = self._keys(begins)
        found: list[Registration] = list((shown.filter(after(self.order, keys)) if keys else shown)[: size + 1])
        return found[:size], len(found) > size

    def _place(self, row: Registration) -> str:
        """By time the place stays where it is whatever becomes of the row; names stay out of addresses."""
        return str(Place.of(row)) if self.order in BY_TIME else row.reference

    def _keys(self, begins: str) -> tuple[Any, ...] | None:
        if self.order in BY_TIME:
            place = Place.parse(begins)
            return (place.since, place.pk) if place else None
        rows = self.meeting.registrations.filter(reference=begins[:12]).values_list("sort_key", "pk")
        return rows.first() if begins else None

    def first(self, n: int) -> list[Registration]:
        """The first `n` that the filter leaves, in its order."""
        return list(self.wanted[:n])

    def next_after(self, registration: Registration, since: datetime.datetime) -> Registration | None:
        """Who comes after this place; behind the last one the queue begins again, without `registration`."""
        others = self.wanted.exclude(pk=registration.pk)
        if not self.order:
            rows, _more = page_after(self.meeting, others, registration.reference, 1, are_many=self.total.is_more)
            return rows[0] if rows else others.first()
        keys = (since, registration.pk) if self.order in BY_TIME else (registration.sort_key, registration.pk)
        others = others.only("reference")
        return others.filter(after(self.order, keys)).first() or others.first()


def add_seats(rows: list[Registration], meeting: Meeting) -> None:
    """Each row learns how many seats its delegation uses, and how long it has waited."""
    used = seats_in_use({row.delegation for row in rows})
    now = timezone.now()
    for row in rows:
        row.seats_used = used[row.delegation_id]  # type: ignore[attr-defined]
        row.waited = now - row.status_since  # type: ignore[attr-defined]
        row.is_late = row.status == Status.SUBMITTED and row.waited.days >= meeting.decision_days  # type: ignore[attr-defined]


def seats_in_use(delegations: Iterable[Delegation]) -> dict[int, Capped]:
    """Seats used by each, in one statement that reads no more of a delegation than its number needs.

    Past its quota, or past a hundred where there is none, a delegation is counted only a little further.
    """
    most = {d.pk: (d.seats or 0) + ENOUGH_SEATS for d in delegations}
    with connection.cursor() as cursor:
        cursor.execute(SEATS_SQL, [list(most), [n + 1 for n in most.values()], list(SEATED)])
        return {pk: Capped(number, most[pk]) for pk, number in cursor.fetchall()}
