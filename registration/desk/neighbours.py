"""Where somebody stands in the queue: who comes before and after, and the place, as far as counting costs nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from ..lists.paging import Capped, after, capped_counts
from ..models import Registration
from ..models.registration import RegistrationQuerySet
from .queue import Queue


@dataclass(frozen=True)
class Neighbours:
    previous: Registration | None
    next: Registration | None
    place: int | None  # None outside the queue, and where counting stops before it is known
    total: Capped
    is_oldest_first: bool


def of(registration: Registration, waiting: Queue) -> Neighbours:
    before = _before(registration, waiting)
    asked: dict[str, QuerySet[Any]] = {"all": waiting.wanted, "here": waiting.wanted.filter(pk=registration.pk)}
    counts = capped_counts({**asked, "before": before} if waiting.order else asked)
    is_known = counts["here"] and waiting.order and not counts["all"].is_more
    return Neighbours(
        previous=before.only("reference").first(),
        next=waiting.next_after(registration, registration.status_since),
        place=counts["before"].number + 1 if is_known else None,
        total=counts["all"],
        is_oldest_first=not waiting.filter.sort_order,
    )


def _before(registration: Registration, waiting: Queue) -> RegistrationQuerySet:
    """Those before it, the nearest first. In the order of the list, which walks one way only, nobody."""
    if not waiting.order:
        return waiting.wanted.none()
    turned = tuple(name[1:] if name.startswith("-") else f"-{name}" for name in waiting.order)
    keys = [getattr(registration, name.removeprefix("-")) for name in waiting.order]
    return waiting.wanted.filter(after(turned, keys)).order_by(*turned)
