"""The attendee list's order: category, delegation, role, name; and its pages."""

from __future__ import annotations

from django.db.models import Case, Value, When

from ..models import ROLE_ORDER, Registration
from ..models.registration import RegistrationQuerySet
from .paging import after

ORDER = ("delegation__category__order", "delegation__sort_key", "delegation_id", "role_rank", "sort_key", "pk")
WITHIN_DELEGATION = 3  # so many keys say which delegation it is


def in_list_order(registrations: RegistrationQuerySet) -> RegistrationQuerySet:
    rank = Case(*(When(role=role, then=Value(n)) for role, n in ROLE_ORDER.items()), default=Value(999))
    return registrations.annotate(role_rank=rank).order_by(*ORDER)


def page_after(
    everybody: RegistrationQuerySet, wanted: RegistrationQuerySet, reference: str, size: int
) -> tuple[list[Registration], bool]:
    """`size` of the `wanted` that follow `reference` (from the start without one), and whether more do.

    The place is looked up among `everybody`, not carried in the address: names stay out of it, and it stays right
    when somebody earlier in the list goes.
    """
    ordered = in_list_order(wanted)
    place = in_list_order(everybody.filter(reference=reference)).values_list(*ORDER).first() if reference else None
    if place:
        ordered = ordered.filter(after(ORDER, place, lead=WITHIN_DELEGATION))
    rows = list(ordered[: size + 1])
    return rows[:size], len(rows) > size
