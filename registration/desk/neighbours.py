"""Where somebody stands in the queue: who comes before and after, and the place, as far as counting costs nothing."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from ..lists.paging import Capped, capped_counts
from ..models import Registration
from ..models.registration import RegistrationQuerySet
from .queue import Queue


@dataclass(frozen=True)
class Neighbours:
    previous: Registration | None
    next: Registration | None
    place: int | None  # None outside the queue, and beyond where counting stops
    total: Capped


def of(registration: Registration, waiting: Queue) -> Neighbours:
    before = _before(registration, waiting)
    is_in_it = registration.status == waiting.filter.wanted_status
    counts = capped_counts({"all": waiting.wanted, **({"before": before} if is_in_it else {})})
    place = counts["before"].number + 1 if is_in_it and not counts["all"].is_more else None
    following = waiting.next_after(registration, registration.status_since)
    return Neighbours(before.reverse().first(), following, place, counts["all"])


def _before(registration: Registration, waiting: Queue) -> RegistrationQuerySet:
    since = registration.status_since
    earlier = Q(status_since__lt=since) | Q(status_since=since, pk__lt=registration.pk)
    return waiting.wanted.filter(earlier, status_since__lte=since)
