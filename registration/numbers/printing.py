"""Figures as files: a picture, a table, and one page of the most important ones for the head of the secretariat."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import typst
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from meeting.dates import moment

from ..issuing import glyphs
from ..lists.guard import guarded
from .drawing import NARROW, shapes
from .figures import Figure
from .numbers import Numbers, number

HERE = Path(__file__).parent
PPI = 160
IN_BRIEF = (("days",), ("seats", "waiting", "entities", "decisions"))


def table(figure: Figure) -> str:
    """CSV, headings in the reader's language."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    for row in figure.table():
        writer.writerow([guarded(cell) if isinstance(cell, str) else cell for cell in row])
    return file.getvalue()


def picture(figure: Figure, numbers: Numbers) -> bytes:
    """PNG with title and source."""
    data = {
        "title": figure.title,
        "sentence": figure.sentence,
        "drawing": shapes(figure, width=0 if figure.is_columns else NARROW + 200),
        "foot": f"{numbers.meeting}. {as_of(numbers)}",
    }
    return _typeset("picture.typ", data, format="png", ppi=PPI)


def brief(numbers: Numbers) -> bytes:
    """One page, PDF, tagged."""
    wide, halves = ([_part(numbers, name) for name in names] for names in IN_BRIEF)
    meeting = numbers.meeting
    data = {
        "title": _("%(meeting)s in numbers") % {"meeting": meeting.short_title},
        "author": str(meeting),
        "as_of": as_of(numbers),
        "tiles": [{"label": t.label, "number": number(t.number), "note": t.note} for t in numbers.tiles()],
        "wide": [part for part in wide if part],
        "halves": [part for part in halves if part],
        "foot": _("Counted, never named. Children are in no figure but their category’s."),
    }
    return _typeset("brief.typ", data, format="pdf", pdf_standards="ua-1")


def as_of(numbers: Numbers) -> str:
    return _("As of %(moment)s.") % {"moment": moment(numbers.now, numbers.meeting.zone)}


def _part(numbers: Numbers, name: str) -> dict[str, Any] | None:
    figure = numbers.figure(name)
    if figure is None or not figure.rows:
        return None
    return {
        "title": figure.title,
        "sentence": figure.sentence,
        "key": list(figure.series),
        "drawing": shapes(figure),
        "spoken": figure.spoken(),
    }


def _typeset(template: str, data: dict[str, Any], **how: Any) -> bytes:
    """Data, never markup: nothing that anybody types can become a command of the typesetter."""
    language = (get_language() or "en").partition("-")[0]
    inputs = {"data": json.dumps(data | {"lang": language, "rtl": get_language_bidi()}, ensure_ascii=False)}
    drawn = typst.compile(str(HERE / template), root=str(HERE), sys_inputs=inputs, font_paths=glyphs.fonts(), **how)
    return drawn if isinstance(drawn, bytes) else drawn[0]
