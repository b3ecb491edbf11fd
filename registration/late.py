"""Registering after closing: for whom the organisers have made an exception."""

from __future__ import annotations

from dataclasses import replace

from meeting.models import Meeting

from .drafts import Represented
from .models import Delegation
from .rules import why_closed


def somebody_may(meeting: Meeting) -> bool:
    """Whether any delegation of the meeting has an exception now."""
    return Delegation.objects.filter(meeting=meeting).may_register_late().exists()


def let_in(represented: Represented) -> tuple[Represented, str]:
    """Whom somebody represents, and why they cannot register now; empty where they can.

    Where registration is closed an exception counts, and the category in which it was given.
    """
    reason = why_closed(represented.meeting, represented.category)
    delegation = _excepted(represented) if reason else None
    if delegation is None:
        return represented, reason
    return replace(represented, category=delegation.category), ""


def _excepted(represented: Represented) -> Delegation | None:
    """The entity's delegation that may register late; of several, the one in the category of everybody else."""
    if represented.entity is None:
        return None
    found = Delegation.objects.filter(meeting=represented.meeting, entity=represented.entity).may_register_late()
    ours = list(found.filter(category__for_children=False).select_related("category"))
    return next((d for d in ours if d.category_id == represented.category.pk), ours[0] if ours else None)
