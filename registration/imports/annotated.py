"""The file as it came, each cell to be mended in colour with a note, and a last column that says what to do."""

from __future__ import annotations

import tempfile
from typing import IO

import xlsxwriter
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from meeting.models import Meeting

from ..models import ImportRow, RosterImport
from . import headings, service
from .table import column_letter

# Text stays text, whatever it looks like: nothing in a cell is a formula, a link or a number of ours.
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
WIDTH = 20
WIDE = 60


def write(job: RosterImport) -> IO[bytes]:
    """A workbook in a temporary file, at its start. UnreadableFileError as when the file was read."""
    table = service.open_table(job)
    fields = service.fields_of(job, table)
    said = {row.number: row for row in job.rows.only("number", "cells", "errors", "warnings")}
    labels = headings.labels(job.meeting)
    file = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115 (the response closes it)
    with xlsxwriter.Workbook(file, OPTIONS) as book:
        # Rows keep their numbers: some sentences name another row.
        sheet = Sheet(book, table.headings, table.heading_row - 1, fields, labels)
        for row in table.rows:
            sheet.add(row.number - 1, row.cells, said.get(row.number))
        sheet.finish(table.rows[-1].number if table.rows else table.heading_row)
    file.seek(0)
    return file


class Sheet:
    """The sheet that is being written, row by row."""

    def __init__(
        self, book: xlsxwriter.Workbook, names: list[str], top: int, fields: list[str], labels: dict[str, str]
    ) -> None:
        self.fields, self.labels, self.last, self.top = fields, labels, len(names), top
        self.sheet = book.add_worksheet(_("What to do")[:31])
        self.bold = book.add_format({"bold": True, "bottom": 1})
        self.wrap = book.add_format({"text_wrap": True, "valign": "top"})
        self.bad = book.add_format({"bg_color": "#FCE8E8", "font_color": "#96191B"})
        self.doubt = book.add_format({"bg_color": "#FFF3D9"})
        if get_language_bidi():
            self.sheet.right_to_left()
        self._headings(names)

    def _headings(self, names: list[str]) -> None:
        self.sheet.set_column(0, max(self.last - 1, 0), WIDTH)
        self.sheet.set_column(self.last, self.last, WIDE)
        for n, name in enumerate([*names, _("What to do")]):
            self.sheet.write_string(self.top, n, name, self.bold)
        self.sheet.freeze_panes(self.top + 1, 0)

    def add(self, line: int, cells: list[str], said: ImportRow | None) -> None:
        errors, warnings = (said.errors, said.warnings) if said else ({}, {})
        for n, cell in enumerate(cells):
            # As it was read: what was merged stands in each row.
            text = said.cells.get(self.fields[n], cell) if said else cell
            error, warning = errors.get(self.fields[n], ""), warnings.get(self.fields[n], "")
            if self.fields[n] and (error or warning):
                self.sheet.write_string(line, n, text, self.bad if error else self.doubt)
                self.sheet.write_comment(line, n, error or warning, {"x_scale": 2})
            elif text:
                self.sheet.write_string(line, n, text)
        self.sheet.write_string(line, self.last, self._advice(errors or warnings), self.wrap)

    def _advice(self, sentences: dict[str, str]) -> str:
        """Every sentence of the row, each after the name of its column."""
        lines = [f"{self._name(field)}: {text}" if field else text for field, text in sentences.items()]
        return "\n".join(lines)

    def _name(self, field: str) -> str:
        if field in self.fields:
            return f"{column_letter(self.fields.index(field))}, {self.labels.get(field, field)}"
        return self.labels.get(field, field)

    def finish(self, rows: int) -> None:
        self.sheet.autofilter(self.top, 0, max(rows - 1, self.top + 1), self.last)


def empty(meeting: Meeting, *, whole_meeting: bool) -> IO[bytes]:
    """A workbook with nothing but headings, for whoever begins from nothing."""
    file = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115 (the response closes it)
    offered = headings.choices(meeting, whole_meeting=whole_meeting)
    columns = [label for field, label in offered if field and (whole_meeting or field not in ("category", "entity"))]
    with xlsxwriter.Workbook(file, OPTIONS) as book:
        sheet = book.add_worksheet()
        if get_language_bidi():
            sheet.right_to_left()
        bold = book.add_format({"bold": True, "bottom": 1})
        sheet.set_column(0, len(columns) - 1, WIDTH)
        for n, label in enumerate(columns):
            sheet.write_string(0, n, label, bold)
        sheet.freeze_panes(1, 0)
    file.seek(0)
    return file
