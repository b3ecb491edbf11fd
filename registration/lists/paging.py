"""Pages by key, and counts that stop: both cost the same at a hundred rows and at a hundred thousand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.formats import number_format

CAP = 1000
TURNED = {"gt": "lt", "gte": "lte"}


@dataclass(frozen=True)
class Capped:
    """A count that was not followed beyond `cap`."""

    number: int
    cap: int = CAP

    def __str__(self) -> str:
        shown = number_format(min(self.number, self.cap), use_l10n=True, force_grouping=True)
        return f"{shown}+" if self.is_more else shown

    def __bool__(self) -> bool:
        return self.number > 0

    @property
    def is_more(self) -> bool:
        return self.number > self.cap


def capped_counts(querysets: Mapping[str, QuerySet[Any]]) -> dict[str, Capped]:
    """Several capped counts in one statement."""
    if not querysets:
        return {}
    parts: list[str] = []
    params: list[Any] = []
    for number, queryset in enumerate(querysets.values()):
        sql, values = queryset.order_by().values("pk")[: CAP + 1].query.sql_with_params()
        parts.append(f"SELECT {number} AS n, COUNT(*) FROM ({sql}) AS part_{number}")  # noqa: S608 (made by the ORM)
        params += values
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), params)
        counted = dict(cursor.fetchall())
    return {name: Capped(counted[number]) for number, name in enumerate(querysets)}


def after(order: Sequence[str], keys: Sequence[Any], *, lead: int = 1) -> Q:
    """Rows that come after `keys` in `order`: the first key that differs is greater, or smaller where "-" says so.

    The first `lead` keys are compared once more by themselves. That is implied by the rest, and it is the part that
    the database can use before it reads a row.
    """
    return not_before(order[:lead], keys[:lead]) & _beyond(order, keys, "gt")


def not_before(order: Sequence[str], keys: Sequence[Any]) -> Q:
    return _beyond(order, keys, "gte")


def _beyond(order: Sequence[str], keys: Sequence[Any], last: str) -> Q:
    found = Q()
    names = [name.removeprefix("-") for name in order]
    for n, name in enumerate(names):
        same = dict(zip(names[:n], keys[:n], strict=True))
        comparison = last if n == len(order) - 1 else "gt"
        found |= Q(**same, **{f"{name}__{TURNED[comparison] if order[n] != name else comparison}": keys[n]})
    return found
