"""A list as a table to print: A4, tagged for PDF/UA-1, the headings on each page, every script. Set by Typst."""

from __future__ import annotations

import datetime
import json
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import get_language, get_language_bidi, ngettext
from django.utils.translation import gettext as _

from meeting import dates

from ..issuing import glyphs
from ..lists.columns import Columns, screen_columns
from ..lists.reading import Row, live
from ..lists.rows import ListQuery

SECONDS = 100  # less than a worker has
WIDE = 190  # characters of a row; more go on A3
SMALL, USUAL = 6.5, 8  # points
# One cell must not turn the direction of the next; nor can a control character be set.
UNFIT = re.compile("[\x00-\x09\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
UNKNOWN = "\N{REPLACEMENT CHARACTER}"


class DrawingError(Exception):
    """What the typesetter says; not for people, since it may hold a name."""


def columns_for(wanted: ListQuery, columns: Columns) -> Columns:
    """Those that were chosen. Else a page is too narrow for all: whom they represent, and what the screen shows."""
    if wanted.asked.get("columns"):
        return columns
    kept = {"represents", *(c.name for c in screen_columns())}
    return [c for c in columns if c.name in kept or c.name.startswith("q_")]


def write(
    wanted: ListQuery, columns: Columns, rows: Iterable[Row] | None = None, *, view: str = "", told: Iterable[str] = ()
) -> bytes:
    """`told` is what the list is of, in words."""
    cells = [[_cell(value) for value in row] for row in (live(wanted, columns) if rows is None else rows)]
    width = sum(column.width for column in columns)
    data = {
        "title": view or _("People"),
        "author": str(wanted.meeting),
        "told": " · ".join([str(wanted.meeting.short_title), _how_many(len(cells)), *told]),
        "nobody": _("Nobody fits these filters."),
        "foot": f"{wanted.meeting.short_title} · {dates.moment(timezone.now(), wanted.meeting.zone)}",
        "headings": [str(column.heading) for column in columns],
        "widths": [max(column.width, len(str(column.heading)) // 2, 4) for column in columns],
        "rows": cells,
        "paper": "a3" if width > WIDE else "a4",
        "size": SMALL if width > WIDE / 1.5 else USUAL,
        "lang": (get_language() or "en").partition("-")[0],
        "rtl": get_language_bidi(),
    }
    return _drawn(data)


def _drawn(data: dict[str, Any]) -> bytes:
    given = json.dumps({"data": data, "fonts": str(glyphs.FOLDER)}, ensure_ascii=False).encode()
    program = [sys.executable, "-I", str(Path(__file__).with_name("draw.py"))]
    done = subprocess.run(program, input=given, env={}, capture_output=True, timeout=SECONDS)
    if done.returncode:
        raise DrawingError(done.stderr.decode(errors="replace")[-500:])
    return done.stdout


def _how_many(count: int) -> str:
    return ngettext("%(n)s person", "%(n)s people", count) % {"n": number_format(count, force_grouping=True)}


def _cell(value: Any) -> str:
    if isinstance(value, datetime.datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    text = UNFIT.sub("", "" if value is None else str(value))
    unknown = glyphs.missing(text)
    return re.sub(f"[{re.escape(unknown)}]", UNKNOWN, text) if unknown else text
