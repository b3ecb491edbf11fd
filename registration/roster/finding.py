"""The delegation that is open: its rows by their reference, its addresses, what all its pages know."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.urls import reverse

from ..focal.access import DelegationRequest
from ..models import Delegation, Registration
from .board import rows_of


def row_of(delegation: Delegation, reference: str) -> Registration:
    """The row with this reference in this delegation; a 404 for every other."""
    found = rows_of(delegation).filter(reference=reference).select_related("meeting__venue").first()
    if found is None:
        raise Http404
    found.delegation = delegation
    return found


def address(name: str, delegation: Delegation, **more: object) -> str:
    """A page of this workspace."""
    around = {"slug": delegation.meeting.slug, "delegation": delegation.reference}
    return reverse(f"roster:{name}", kwargs={**around, **more})


def row_address(delegation: Delegation) -> str:
    """A row's page, with REFERENCE to be filled in: asked for once, however many rows there are."""
    return address("row", delegation, reference="REFERENCE")


def around(request: DelegationRequest, delegation: Delegation) -> dict[str, Any]:
    """What every page of the workspace knows."""
    return {
        "delegation": delegation,
        "meeting": delegation.meeting,
        "is_organiser": request.is_organiser,
        "back": address("workspace", delegation),
    }
