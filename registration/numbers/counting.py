"""Everything the numbers say, counted in three readings of the registrations and a few of what an index holds.

Children are counted by category alone: by State, day, role or gender so few of them would stand in a cell that it would
point at one.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import Count, F
from django.db.models.expressions import RawSQL
from django.db.models.functions import TruncDate
from django.utils import timezone

from meeting.models import Meeting

from ..lists.filters import people_of
from ..models import SEATED, Delegation, SeatOffer, Status
from ..models.registration import RegistrationQuerySet

# Whoever is still meant to come; the others are counted as such and nowhere else.
COMING = (*SEATED, Status.WAITLISTED)
BY = ("delegation_id", "role", "modality", "gender")
MEDIAN = """
    WITH people AS ({people})
    SELECT date_trunc('week', decided)::date, count(*),
           percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM took) / 86400)
      FROM people GROUP BY 1 ORDER BY 1
"""


@dataclass
class Counted:
    """Numbers of people. `of` maps what is counted by to (its value, status); `children` statuses by category."""

    at: datetime.datetime
    of: dict[str, Counter[tuple[Any, str]]] = field(default_factory=lambda: {name: Counter() for name in (*BY, "day")})
    children: Counter[tuple[int, str]] = field(default_factory=Counter)

    def all_with(self, *statuses: str) -> int:
        """Everybody of any of `statuses`, children too; without one, of all."""
        adults = sum(n for (_key, status), n in self.of["modality"].items() if not statuses or status in statuses)
        return adults + sum(n for (_key, status), n in self.children.items() if not statuses or status in statuses)

    def by(self, name: str, *statuses: str) -> Counter[Hashable]:
        """How many of each value of `name`, without children."""
        found: Counter[Hashable] = Counter()
        for (value, status), n in self.of[name].items():
            if not statuses or status in statuses:
                found[value] += n
        return found


def count(meeting: Meeting, user: Any, now: datetime.datetime | None = None) -> Counted:
    """Of the registrations that `user` may read, as of `now`."""
    people = people_of(meeting, user).order_by()
    counted = Counted(at=now or timezone.now())
    category_of = dict(Delegation.objects.filter(meeting=meeting).values_list("pk", "category"))
    # One grouping by everything is read in half the time of a grouping set for each.
    for *values, status, is_minor, n in people.values_list(*BY, "status", "is_minor").annotate(n=Count("*")):
        if is_minor:
            counted.children[category_of[values[0]], status] += n
            continue
        for name, value in zip(BY, values, strict=True):
            counted.of[name][value, status] += n
    counted.of["day"] = _by_day(people.filter(is_minor=False), meeting)
    return counted


def _by_day(adults: RegistrationQuerySet, meeting: Meeting) -> Counter[tuple[Any, str]]:
    days = adults.annotate(day=TruncDate("submitted_at", tzinfo=meeting.zone)).values_list("day", "status")
    return Counter({(day, status): n for day, status, n in days.annotate(n=Count("*"))})


def days_waited(people: RegistrationQuerySet, now: datetime.datetime) -> Counter[int]:
    """How many wait for a decision since how many whole days."""
    waiting = people.filter(status=Status.SUBMITTED).order_by()
    days = RawSQL("floor(extract(epoch FROM %s - status_since) / 86400)::int", [now])
    return Counter(dict(waiting.annotate(days=days).values_list("days").annotate(n=Count("pk"))))


@dataclass(frozen=True)
class Week:
    begins: datetime.date
    decided: int
    median_days: float


def days_to_decision(people: RegistrationQuerySet, meeting: Meeting) -> list[Week]:
    """By week of the decision: how many, and half of them within how many days of being sent."""
    decided = people.filter(status__in=(Status.APPROVED, Status.REJECTED, Status.RETURNED), submitted_at__isnull=False)
    local = RawSQL("status_since AT TIME ZONE %s", [meeting.time_zone])
    rows = decided.order_by().annotate(decided=local, took=F("status_since") - F("submitted_at"))
    sql, params = rows.values("decided", "took").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(MEDIAN.format(people=sql), params)
        return [Week(begins, n, float(median)) for begins, n, median in cursor]


def seats_on_offer(people: RegistrationQuerySet) -> int:
    return SeatOffer.objects.filter(registration__in=people, state=SeatOffer.State.OPEN).count()


def registered_by_then(meeting: Meeting, user: Any, today: datetime.date) -> int | None:
    """How many had registered for the meeting before, as long before its first day as `today` is before this one's.

    None without one, or where the reader has no role there.
    """
    before = meeting.previous
    if before is None or not Meeting.objects.visible_to(user).filter(pk=before.pk).exists():
        return None
    same_day = before.starts_on - (meeting.starts_on - today)
    end = datetime.datetime.combine(same_day, datetime.time.max, tzinfo=before.zone)
    return people_of(before, user).filter(submitted_at__lte=end).count()
