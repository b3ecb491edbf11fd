"""XLSX in constant memory: rows come through a server-side cursor and go to a temporary file."""

from __future__ import annotations

import datetime
import tempfile
from collections.abc import Callable
from typing import IO, Any

import xlsxwriter
from django.db import transaction
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _
from xlsxwriter.worksheet import Worksheet

from ..models import QuestionKind
from .asked import AskedColumn
from .columns import Column, Columns, asked_of, expressions
from .rows import ListQuery

MOST_ROWS = 100_000
CHUNK = 2_000
# Text stays text, whatever it looks like: nothing in a cell is a formula, a link or a number of ours.
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_date_format": "yyyy-mm-dd hh:mm",
    "remove_timezone": True,
}


def write(wanted: ListQuery, columns: Columns) -> IO[bytes]:
    """The list as a workbook in a temporary file, at its start. The file goes when it is closed."""
    file = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115 (the response closes it)
    with xlsxwriter.Workbook(file, OPTIONS) as book:
        sheet = book.add_worksheet(_("People"))
        _lay_out(book, sheet, columns)
        _fill(book, sheet, wanted, columns)
    file.seek(0)
    return file


def _lay_out(book: xlsxwriter.Workbook, sheet: Worksheet, columns: Columns) -> None:
    bold = book.add_format({"bold": True, "bottom": 1})
    if get_language_bidi():
        sheet.right_to_left()
    for n, column in enumerate(columns):
        sheet.set_column(n, n, column.width)
        sheet.write_string(0, n, str(column.heading), bold)
    sheet.freeze_panes(1, 0)


def _fill(book: xlsxwriter.Workbook, sheet: Worksheet, wanted: ListQuery, columns: Columns) -> None:
    writers = [_writer(book, sheet, column) for column in columns]
    asked = bool(asked_of(columns))
    number = 0
    # Inside a transaction the cursor lives on the server and sends a chunk at a time.
    with transaction.atomic():
        rows = wanted.values_list(expressions(columns, wanted.meeting)).iterator(chunk_size=CHUNK)
        for number, row in enumerate(rows, start=1):
            for n, value in enumerate((*row[:-1], *row[-1]) if asked else row):
                if value not in ("", None):
                    writers[n](number, n, value)
    sheet.autofilter(0, 0, number, len(columns) - 1)


def _writer(
    book: xlsxwriter.Workbook, sheet: Worksheet, column: Column | AskedColumn
) -> Callable[[int, int, Any], Any]:
    """Times, days and numbers as what they are, all else as text."""
    if column.is_time:
        return sheet.write_datetime
    kind = column.only_kind if isinstance(column, AskedColumn) else ""
    if kind == QuestionKind.NUMBER:
        return lambda row, n, text: sheet.write_number(row, n, float(text))
    if kind == QuestionKind.DATE:
        days = book.add_format({"num_format": "yyyy-mm-dd"})
        return lambda row, n, text: sheet.write_datetime(row, n, datetime.datetime.fromisoformat(text), days)
    return sheet.write_string
