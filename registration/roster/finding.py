"""The delegation that is open: its rows by their reference, its addresses, what all its pages know."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.urls import reverse

from ..focal.access import DelegationRequest
from ..models import Delegation, Registration
from ..outside import as_told
from ..safeguarding import filing
from .board import rows_of


def row_of(request: DelegationRequest, delegation: Delegation, reference: str) -> Registration:
    """The row with this reference in this delegation; a 404 for every other."""
    found = rows_of(delegation).filter(reference=reference).select_related("meeting__venue").first()
    if found is None or not seen(request, delegation, [found]):
        raise Http404
    found.delegation = delegation
    return as_told([found])[0]


def seen(request: DelegationRequest, delegation: Delegation, roster: list[Registration]) -> list[Registration]:
    """Without the young people whom others of the entity have sent: an organiser sees aliases, a focal point their own.

    One query at most, and none where nobody is under 18.
    """
    if request.is_organiser or not any(row.is_minor for row in roster):
        return roster
    sent = set(filing.sent_by(delegation, request.actor).values_list("registration", flat=True))
    return [row for row in roster if not row.is_minor or row.pk in sent]


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
