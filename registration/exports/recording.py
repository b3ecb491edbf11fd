"""Each export is written into the history: who, which list, how many, in what format, and what for."""

from __future__ import annotations

from typing import Any

from meeting.models import AuditEntry, Meeting, User

from ..lists.columns import Columns
from .choosing import Choice
from .options import is_for_machines

Held = dict[str, Any]
TOLD = ("format", "view", "count", "filter", "columns", "restricted", "headings")


def held_by(choice: Choice, count: int) -> Held:
    """What a file holds: for the history, and for asking again whether its reader may have it."""
    held: Held = {
        "format": choice.format,
        "count": count,
        "filter": choice.wanted.asked,
        "columns": names(choice.columns),
    }
    if choice.view:
        held["view"] = choice.view
    if choice.restricted:
        held["restricted"] = choice.restricted
    if is_for_machines(choice.format, choice.options):
        held["headings"] = "machines"
    return held


def names(columns: Columns) -> list[str]:
    return [column.name for column in columns]


def record(meeting: Meeting, held: Held, *, by: User | None, reason: str = "", **more: Any) -> None:
    """Before the first row leaves: an export that broke off has still shown people's data."""
    detail = {name: held[name] for name in TOLD if name in held} | {
        name: value for name, value in more.items() if value
    }
    AuditEntry.objects.create(
        meeting=meeting,
        by=by,
        action=AuditEntry.Action.EXPORT,
        about=str(held["format"]).upper(),
        detail=detail | ({"reason": reason} if reason else {}),
    )
