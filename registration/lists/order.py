"""The attendee list's order, and its pages, as fast at the end as at the start.

By category, delegation, role, the delegation's own order, name.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import Q
from django.db.models.expressions import RawSQL

from meeting.models import Meeting

from ..models import Delegation, Registration
from ..models.registration import OWN_PLACE, ROLE_RANK, RegistrationQuerySet
from .paging import after, not_before

OF_DELEGATIONS = ("category__order", "sort_key", "pk")
WITHIN = ("role_rank", "own_place", "sort_key", "pk")
ORDER = ("delegation__category__order", "delegation__sort_key", "delegation_id", *WITHIN)

# Delegation by delegation in their order, until the page is full: nothing behind it is read.
WALK = """
    SELECT found.pk
      FROM unnest(%s::bigint[]) WITH ORDINALITY AS place (delegation, n)
     CROSS JOIN LATERAL ({one_delegation}) AS found (role_rank, own_place, sort_key, pk)
     ORDER BY place.n, found.role_rank, found.own_place, found.sort_key, found.pk
     LIMIT %s
"""


def in_list_order(registrations: RegistrationQuerySet) -> RegistrationQuerySet:
    return with_places(registrations).order_by(*ORDER)


def with_places(registrations: RegistrationQuerySet) -> RegistrationQuerySet:
    """Each with the rank of its role and its place in the delegation's own order, as WITHIN asks for them."""
    return registrations.annotate(role_rank=ROLE_RANK, own_place=OWN_PLACE)


def page_after(
    meeting: Meeting, wanted: RegistrationQuerySet, reference: str, size: int, *, are_many: bool
) -> tuple[list[Registration], bool]:
    """`size` of the `wanted` that follow `reference` (from the start without one), and whether more do.

    The place is looked up, not carried in the address: names stay out of it, and it stays right when somebody earlier
    goes. `are_many` says that more are wanted than one would care to sort for a page.
    """
    place = _place(meeting, reference)
    find = _walk if are_many else _sort
    keys = find(meeting, wanted, place, size + 1)
    found = wanted.with_delegation().in_bulk(keys[:size])
    return [found[key] for key in keys[:size] if key in found], len(keys) > size


def _place(meeting: Meeting, reference: str) -> tuple[Any, ...] | None:
    if not reference:
        return None
    return in_list_order(meeting.registrations.filter(reference=reference)).values_list(*ORDER).first()


def _sort(meeting: Meeting, wanted: RegistrationQuerySet, place: tuple[Any, ...] | None, most: int) -> list[int]:
    ordered = in_list_order(wanted)
    if place:
        ordered = ordered.filter(after(ORDER, place, lead=len(OF_DELEGATIONS)))
    return list(ordered.values_list("pk", flat=True)[:most])


def _walk(meeting: Meeting, wanted: RegistrationQuerySet, place: tuple[Any, ...] | None, most: int) -> list[int]:
    sql, params = _one_delegation(wanted, place, most)
    with connection.cursor() as cursor:
        cursor.execute(WALK.format(one_delegation=sql), [_delegations(meeting, place), *params, most])
        return [pk for (pk,) in cursor.fetchall()]


def _delegations(meeting: Meeting, place: tuple[Any, ...] | None) -> list[int]:
    ordered = Delegation.objects.filter(meeting=meeting).order_by(*OF_DELEGATIONS)
    if place:
        ordered = ordered.filter(not_before(OF_DELEGATIONS, place[: len(OF_DELEGATIONS)]))
    return list(ordered.values_list("pk", flat=True))


def _one_delegation(
    wanted: RegistrationQuerySet, place: tuple[Any, ...] | None, most: int
) -> tuple[str, Sequence[Any]]:
    """The wanted of the delegation that the walk has come to, in order; of the first only those behind the place."""
    there = in_list_order(wanted).filter(delegation_id=RawSQL("place.delegation", []))
    if place:
        delegation, *keys = place[len(OF_DELEGATIONS) - 1 :]
        there = there.filter(~Q(delegation=delegation) | after(WITHIN, keys, lead=0))
    return there.order_by(*WITHIN).values_list(*WITHIN)[:most].query.sql_with_params()
