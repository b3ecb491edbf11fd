"""The attendee list's orders, and its pages, as fast at the end as at the start.

By category, delegation, role, the delegation's own order, name: the order of the list. In groups of something else, and
by name or the newest first, where that is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import BooleanField, Case, IntegerField, Q, TextChoices, Value, When
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from meeting.models import Meeting

from ..models import Delegation, Modality, Registration, RoleInDelegation, Status
from ..models.registration import OWN_PLACE, ROLE_RANK, SENT_AT, RegistrationQuerySet
from .paging import after


class Group(TextChoices):
    """What the list is divided by. The names stand in addresses and stay."""

    DELEGATION = "delegation", _("Delegation")
    CATEGORY = "category", _("Category")
    ROLE = "role", _("Role")
    STATUS = "status", _("Status")
    MODALITY = "modality", _("Takes part")
    NONE = "none", pgettext_lazy("groups", "None")


class Sort(TextChoices):
    LIST = "list", _("Order of the list")
    NAME = "name", _("By name")
    NEWEST = "newest", _("Newest first")


OF_DELEGATIONS = ("category__order", "sort_key", "pk")
TO_DELEGATION = ("delegation__category__order", "delegation__sort_key", "delegation_id")
WITHIN = ("role_rank", "own_place", "sort_key", "pk")
LEADS: dict[str, tuple[str, ...]] = {
    Group.DELEGATION: TO_DELEGATION,
    Group.CATEGORY: TO_DELEGATION[:1],
    Group.ROLE: ("role_rank",),
    Group.STATUS: ("status_rank",),
    Group.MODALITY: ("modality_rank",),
    Group.NONE: (),
}
TAILS: dict[str, tuple[str, ...]] = {
    Sort.LIST: (*TO_DELEGATION, *WITHIN),
    Sort.NAME: ("sort_key", "pk"),
    Sort.NEWEST: ("-sent_at", "-pk"),
}
CHOICES: dict[str, list[str]] = {
    Group.ROLE: list(RoleInDelegation.values),
    Group.STATUS: [s.value for s in Status if s != Status.DRAFT],
    Group.MODALITY: list(Modality.values),
}

# Step by step in their order (one value of the group, or one delegation, or both), until the page is full: nothing
# behind it is read.
WALK = """
    SELECT found.pk
      FROM unnest(%s::text[], %s::bigint[]) WITH ORDINALITY AS step (value, delegation, n)
     CROSS JOIN LATERAL ({one_step}) AS found ({names})
     ORDER BY step.n, {order}
     LIMIT %s
"""


def _rank(name: str, values: Sequence[str]) -> Case:
    whens = (When(**{name: value}, then=Value(n)) for n, value in enumerate(values))
    return Case(*whens, default=Value(len(values)), output_field=IntegerField())


PLACES = {
    "role_rank": ROLE_RANK,
    "own_place": OWN_PLACE,
    "sent_at": SENT_AT,
    "status_rank": _rank("status", CHOICES[Group.STATUS]),
    "modality_rank": _rank("modality", CHOICES[Group.MODALITY]),
}


@dataclass(frozen=True)
class ListOrder:
    """In what groups, and how within each."""

    group: str = Group.DELEGATION
    sort: str = Sort.LIST

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*LEADS[self.group], *TAILS[self.sort])))

    @property
    def lead(self) -> int:
        """How many keys the database can use before it reads a row (see `paging.after`)."""
        return len(TO_DELEGATION) if self.keys[0] == TO_DELEGATION[0] and self.by_delegation else 1

    @property
    def by_delegation(self) -> bool:
        return self.sort == Sort.LIST or self.group == Group.DELEGATION

    @property
    def within(self) -> tuple[str, ...]:
        """What is left to sort by within one step of the walk."""
        return WITHIN if self.sort == Sort.LIST else TAILS[self.sort]

    def values(self, meeting: Meeting) -> list[str]:
        """Those of the group that are walked one by one; none where delegation follows delegation."""
        if self.group == Group.CATEGORY and not self.by_delegation:
            return [str(pk) for pk in meeting.categories.order_by("order").values_list("pk", flat=True)]
        return CHOICES.get(self.group, [])


USUAL = ListOrder()


def in_list_order(registrations: RegistrationQuerySet, order: ListOrder = USUAL) -> RegistrationQuerySet:
    return with_places(registrations, order.keys).order_by(*order.keys)


def with_places(registrations: RegistrationQuerySet, keys: Sequence[str] = WITHIN) -> RegistrationQuerySet:
    """Each with what `keys` ask for beside its fields: the rank of its role, its place in the delegation's order."""
    names = {key.removeprefix("-") for key in keys}
    return registrations.annotate(**{name: sql for name, sql in PLACES.items() if name in names})


def page_after(
    meeting: Meeting,
    wanted: RegistrationQuerySet,
    reference: str,
    size: int,
    *,
    are_many: bool,
    order: ListOrder = USUAL,
) -> tuple[list[Registration], bool]:
    """`size` of the `wanted` that follow `reference` (from the start without one), and whether more do.

    The place is looked up, not carried in the address: names stay out of it, and it stays right when somebody earlier
    goes. `are_many` says that more are wanted than one would care to sort for a page.
    """
    place = _place(meeting, reference, order)
    has_steps = order.by_delegation or order.group != Group.NONE
    find = _walk if are_many and has_steps else _sort
    keys = find(meeting, wanted, place, size + 1, order)
    found = wanted.with_delegation().in_bulk(keys[:size])
    return [found[key] for key in keys[:size] if key in found], len(keys) > size


Place = dict[str, Any] | None


def _place(meeting: Meeting, reference: str, order: ListOrder) -> Place:
    if not reference:
        return None
    names = dict.fromkeys([*(key.removeprefix("-") for key in (*order.keys, *order.within)), "delegation_id", *CHOICES])
    names |= {"delegation__category_id": None}
    return in_list_order(meeting.registrations.filter(reference=reference), order).values(*names).first()


def _of(place: dict[str, Any], keys: Sequence[str]) -> list[Any]:
    return [place[key.removeprefix("-")] for key in keys]


def _sort(meeting: Meeting, wanted: RegistrationQuerySet, place: Place, most: int, order: ListOrder) -> list[int]:
    ordered = in_list_order(wanted, order)
    if place:
        ordered = ordered.filter(after(order.keys, _of(place, order.keys), lead=order.lead))
    return list(ordered.values_list("pk", flat=True)[:most])


def _walk(meeting: Meeting, wanted: RegistrationQuerySet, place: Place, most: int, order: ListOrder) -> list[int]:
    sql, params = _one_step(wanted, place, most, order)
    names = [key.removeprefix("-") for key in order.within]
    sorts = [f"found.{name}{' DESC' * (name != key)}" for name, key in zip(names, order.within, strict=True)]
    steps = _steps(meeting, place, order)
    walk = WALK.format(one_step=sql, names=", ".join(names), order=", ".join(sorts))
    with connection.cursor() as cursor:
        cursor.execute(walk, [[v for v, _pk in steps], [pk for _v, pk in steps], *params, most])
        return [pk for (pk,) in cursor.fetchall()]


def _steps(meeting: Meeting, place: Place, order: ListOrder) -> list[tuple[str, int]]:
    """Values and delegations in order, from the one in which the place is."""
    delegations = [0]
    if order.by_delegation:
        ordered = Delegation.objects.filter(meeting=meeting).order_by(*OF_DELEGATIONS)
        delegations = list(ordered.values_list("pk", flat=True))
    values = order.values(meeting)
    steps = [(value, pk) for value in values or [""] for pk in delegations]
    if not place:
        return steps
    here = (
        _value(place, order) if values else "",
        place["delegation_id"] if order.by_delegation else 0,
    )
    return steps[steps.index(here) :] if here in steps else steps


def _value(place: dict[str, Any], order: ListOrder) -> str:
    return str(place["delegation__category_id"] if order.group == Group.CATEGORY else place[order.group])


def _one_step(wanted: RegistrationQuerySet, place: Place, most: int, order: ListOrder) -> tuple[str, Sequence[Any]]:
    """The wanted of the step that the walk has come to, in order; of the first only those behind the place."""
    there = with_places(wanted, order.within)
    if order.by_delegation:
        there = there.filter(delegation_id=RawSQL("step.delegation", []))
    if order.group == Group.CATEGORY and not order.by_delegation:
        there = there.filter(delegation__category_id=RawSQL("step.value::bigint", []))
    elif order.group in CHOICES:
        there = there.filter(**{order.group: RawSQL("step.value", [])})
    if place:
        later = RawSQL("step.n > 1", [], output_field=BooleanField())
        there = there.filter(Q(later) | after(order.within, _of(place, order.within), lead=0))
    names = [key.removeprefix("-") for key in order.within]
    return there.order_by(*order.within).values_list(*names)[:most].query.sql_with_params()
