"""What the meeting's own page shows of the programme."""

from __future__ import annotations

from typing import Any

from django import template

from meeting.models import Meeting
from programme.models import Session, SessionKind, by_day

register = template.Library()


@register.inclusion_tag("programme/_at_a_glance.html")
def programme_at_a_glance(meeting: Meeting) -> dict[str, Any]:
    """Hours and titles, day by day; coffee breaks stand in the full programme only, lunch stays."""
    sessions = [s for s in meeting.sessions.filter(part_of=None) if not is_short_break(s)]
    return {"meeting": meeting, "days": by_day(sessions, meeting)}


def is_short_break(session: Session) -> bool:
    return session.kind == SessionKind.BREAK and (session.ends_at - session.starts_at).total_seconds() < 45 * 60
