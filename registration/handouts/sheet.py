"""A list on paper: columns, rows in groups. Drawn as PDF, or written as a workbook."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter
from django.utils import timezone
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from meeting.dates import moment
from meeting.models import Meeting

from ..lists.xlsx_export import OPTIONS
from ..names import tidy
from . import typeset
from .typeset import CannotPrint

MOST_ON_PAPER = 5_000  # rows in one PDF; a workbook has no such limit
TEXT, STRONG, NUMBER, BOX, BLANK = "text", "strong", "number", "box", "blank"
LONGEST_NAME = 31


@dataclass(frozen=True)
class Column:
    """`share` of the width; `kind` box is to be ticked and blank to be written into by hand."""

    heading: str
    share: float
    kind: str = TEXT
    wide: int = 20  # characters, in a workbook


@dataclass(frozen=True)
class Group:
    """Rows under a heading; a row has a cell for each column that holds something, in their order."""

    heading: str
    rows: list[list[str]]
    note: str = ""


@dataclass(frozen=True)
class Sheet:
    title: str
    columns: Sequence[Column]
    groups: Sequence[Group]
    facts: Sequence[str] = ()  # under the title
    roomy: bool = False  # rows high enough to sign in
    blanks: int = 0  # empty rows at the end
    empty: str = ""
    of: str = ""  # what a group is, as the heading of its column in a workbook

    @property
    def count(self) -> int:
        return sum(len(group.rows) for group in self.groups)


def pdf(meeting: Meeting, title: str, sheets: Sequence[Sheet]) -> bytes:
    """Each sheet begins a page. CannotPrint where there are too many rows for paper."""
    if (number := sum(sheet.count for sheet in sheets)) > MOST_ON_PAPER:
        told = {"number": number, "most": MOST_ON_PAPER}
        raise CannotPrint(
            _("These are %(number)d rows; on paper there are at most %(most)d. Choose a category, or take XLSX.") % told
        )
    data = {
        "title": f"{title}: {meeting.short_title}",
        "author": str(meeting),
        "meeting": meeting.short_title,
        "at": moment(timezone.now(), meeting.zone),
        "sheets": [_drawn(sheet) for sheet in sheets],
    }
    return typeset.pdf("sheets.typ", data)


def _drawn(sheet: Sheet) -> dict[str, Any]:
    return {
        "title": tidy(sheet.title),
        "facts": [tidy(fact) for fact in sheet.facts if fact],
        "columns": [{"heading": c.heading, "share": c.share, "kind": c.kind} for c in sheet.columns],
        "groups": [
            {"heading": tidy(g.heading), "note": tidy(g.note), "rows": [[tidy(c) for c in row] for row in g.rows]}
            for g in sheet.groups
        ],
        "roomy": sheet.roomy,
        "blanks": sheet.blanks,
        "empty": sheet.empty or _("There is nobody to list."),
    }


def xlsx(sheets: Iterable[Sheet]) -> bytes:
    """One worksheet for each; the heading of a group is its first column, so that everything can be sorted."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, OPTIONS) as book:
        bold = book.add_format({"bold": True, "bottom": 1})
        for number, sheet in enumerate(sheets, start=1):
            _write(book, bold, sheet, number)
    return file.getvalue()


def _write(book: Any, bold: Any, sheet: Sheet, number: int) -> None:
    page = book.add_worksheet(_sheet_name(sheet.title, number))
    if get_language_bidi():
        page.right_to_left()
    has_groups = any(group.heading for group in sheet.groups)
    columns = [*([Column(sheet.of or _("Delegation"), 1, wide=34)] if has_groups else []), *sheet.columns]
    for n, column in enumerate(columns):
        page.set_column(n, n, column.wide)
        page.write_string(0, n, column.heading, bold)
    page.freeze_panes(1, 0)
    last = 0
    for last, row in enumerate(_rows(sheet, has_groups), start=1):
        for n, (column, cell) in enumerate(zip(columns, row, strict=True)):
            if column.kind == NUMBER and cell.isdecimal():
                page.write_number(last, n, int(cell))
            elif cell:
                page.write_string(last, n, cell)
    page.autofilter(0, 0, last, len(columns) - 1)


def _rows(sheet: Sheet, has_groups: bool) -> Iterable[list[str]]:
    for group in sheet.groups:
        for row in group.rows:
            cells = iter(row)
            filled = ["" if column.kind in (BOX, BLANK) else next(cells) for column in sheet.columns]
            yield [*([group.heading] if has_groups else []), *filled]


def _sheet_name(title: str, number: int) -> str:
    """What a workbook takes for a name: short, without its own signs, and no two alike."""
    plain = "".join(" " if c in "[]:*?/\\'" else c for c in title)
    return f"{number} {' '.join(plain.split())}"[:LONGEST_NAME].strip()
