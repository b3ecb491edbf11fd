"""How many stand in each group of a list, and how many in all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F

from meeting.models import Meeting

from ..models import Modality, Registration, RoleInDelegation, Status
from ..models.registration import RegistrationQuerySet
from .cells import category_name
from .order import CHOICES, TO_DELEGATION, Group
from .paging import Capped, capped_counts

PATHS: dict[str, str] = {
    Group.DELEGATION: "delegation_id",
    Group.CATEGORY: "delegation__category_id",
    Group.ROLE: "role",
    Group.STATUS: "status",
    Group.MODALITY: "modality",
}
WORDS: dict[str, Any] = {Group.ROLE: RoleInDelegation, Group.STATUS: Status, Group.MODALITY: Modality}


@dataclass(frozen=True)
class Total:
    label: str
    count: int
    beside: str = ""  # the category of a delegation


def value_of(row: Registration, group: str) -> Any:
    """By what a row stands in its group; all in one without groups."""
    if group == Group.CATEGORY:
        return row.delegation.category_id
    return getattr(row, PATHS[group]) if group in PATHS else ""


def label_of(row: Registration, group: str) -> str:
    if group == Group.DELEGATION:
        return row.delegation.name
    if group == Group.CATEGORY:
        return row.delegation.category.name
    return str(WORDS[group](value_of(row, group)).label) if group in WORDS else ""


def counts_of(wanted: RegistrationQuerySet, group: str, values: list[Any]) -> dict[Any, Any]:
    """How many of the `wanted` stand in each of these groups: of delegations exactly, of large groups up to a cap."""
    if group == Group.DELEGATION:
        found = wanted.filter(delegation__in=values).order_by().values_list("delegation").annotate(n=Count("*"))
        return dict(found) if values else {}
    parts = {str(value): wanted.filter(**{PATHS[group]: value}) for value in values} if group in PATHS else {}
    counted = capped_counts(parts)
    return {value: counted.get(str(value), Capped(0)) for value in values}


def all_totals(wanted: RegistrationQuerySet, meeting: Meeting, group: str) -> list[Total]:
    """Every group with its exact number, in the order of the list; one statement that reads all of the `wanted`."""
    if group in (Group.DELEGATION, Group.CATEGORY):
        return _of_delegations(wanted, meeting, by_category=group == Group.CATEGORY)
    if group not in WORDS:
        return []
    counts = dict(wanted.order_by().values_list(PATHS[group]).annotate(n=Count("*")))
    return [Total(str(WORDS[group](value).label), counts[value]) for value in CHOICES[group] if value in counts]


def _of_delegations(wanted: RegistrationQuerySet, meeting: Meeting, *, by_category: bool) -> list[Total]:
    keys = TO_DELEGATION[:1] if by_category else TO_DELEGATION
    labels = {"heading": category_name(meeting)} | ({} if by_category else {"called": F("delegation__name")})
    found = wanted.order_by().values_list(*keys, *labels.values()).annotate(n=Count("*")).order_by(*keys)
    return [Total(str(row[-2]), row[-1], "" if by_category else str(row[-3])) for row in found]
