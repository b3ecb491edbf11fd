"""Whom our messages do not reach, because their address does not work."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower
from django.db.models.lookups import In

from ..models import UnreachableAddress

RETURNED = "returned"
FEW = 500  # from here on the database is told a condition instead of numbers


def out_of_reach() -> Q:
    """Registrations whose own address does not work, found by the index of addresses: few are not."""
    return Q(In(Lower("email"), UnreachableAddress.objects.values("email")), on_behalf=False)


def fails(email: str = "email") -> Exists:
    """The same for rows that are read anyway: `.annotate(address_fails=fails())`. `email` is the way to the address."""
    return Exists(UnreachableAddress.objects.filter(email=Lower(OuterRef(email))))
