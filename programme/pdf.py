"""The programme as a PDF: A4, tagged, made by Typst from the sessions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import typst
from django.utils.translation import gettext as _
from django.utils.translation import override

from meeting import dates
from meeting.models import Meeting
from registration.issuing import glyphs

from .models import Access, Session, by_day

TEMPLATE = Path(__file__).with_name("programme.typ")


def programme(meeting: Meeting, language: str = "en") -> bytes:
    """The programme of `meeting` in `language`, as the bytes of a PDF."""
    with override(language):
        data = _data(meeting, language)
    # Data, never markup: nothing an organiser types can become a command of the typesetter.
    inputs = {"data": json.dumps(data)}
    return typst.compile(str(TEMPLATE), format="pdf", sys_inputs=inputs, font_paths=[str(glyphs.FOLDER)])


def _data(meeting: Meeting, language: str) -> dict[str, Any]:
    sessions = Session.objects.filter(meeting=meeting).for_programme()
    return {
        "language": language,
        "heading": _("Programme"),
        "title": meeting.title,
        "subtitle": meeting.subtitle,
        "dates": dates.date_range(meeting.starts_on, meeting.ends_on),
        "place": f"{meeting.venue.name}, {meeting.venue.city}" if meeting.venue else "",
        "notes": [n for n in (meeting.programme_note, meeting.date_note) if n],
        "zone": _("Times are those of %(city)s.") % {"city": meeting.venue.city} if meeting.venue else "",
        "organisers": [o.name for o in meeting.organisers.all()],
        "page": _("Page"),
        "days": [
            {"name": dates.day_heading(day), "sessions": [_session(s, meeting) for s in of_day]}
            for day, of_day in by_day(sessions, meeting)
        ],
    }


def _session(session: Session, meeting: Meeting) -> dict[str, Any]:
    return {
        "start": f"{session.starts_at.astimezone(meeting.zone):%H:%M}",
        "end": f"{session.ends_at.astimezone(meeting.zone):%H:%M}",
        "title": session.title,
        "description": session.description,
        "pause": session.is_pause,
        "facts": _facts(session),
        "parts": [
            {"title": p.title, "theme": ", ".join(str(t.number) for t in p.themes.all()), "facts": _facts(p)}
            for p in session.parts.all()
        ],
    }


def _facts(session: Session) -> list[str]:
    """Room, agenda item and access: what stands under a title, where there is something to say."""
    item = _("Agenda item %(number)s") % {"number": session.agenda_item} if session.agenda_item else ""
    access = "" if session.access == Access.OPEN else session.get_access_display()
    facts = [session.room.name if session.room else "", item if not session.part_of_id else "", access]
    return [str(f) for f in facts if f]
