"""XLSX in constant memory: rows come one after the other and go to a temporary file."""

from __future__ import annotations

import datetime
import tempfile
from collections.abc import Callable, Iterable
from typing import IO, Any

import xlsxwriter
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _
from xlsxwriter.worksheet import Worksheet

from ..models import QuestionKind
from .asked import AskedColumn
from .columns import Column, Columns
from .reading import Row, live
from .rows import ListQuery

MOST_IN_CELL = 32_767  # of a spreadsheet, in units of UTF-16
# Text stays text, whatever it looks like: nothing in a cell is a formula, a link or a number of ours.
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_date_format": "yyyy-mm-dd hh:mm",
    "remove_timezone": True,
}
Put = Callable[[int, int, Any], Any]


def write(wanted: ListQuery, columns: Columns, rows: Iterable[Row] | None = None) -> IO[bytes]:
    """The list as a workbook in a temporary file, at its start. The file goes when it is closed.

    `rows` are those of the list where somebody has read them already.
    """
    file = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115 (the response closes it)
    try:
        with xlsxwriter.Workbook(file, OPTIONS) as book:
            book.set_properties({"title": _("People"), "subject": str(wanted.meeting)})
            sheet = book.add_worksheet(_("People"))
            _lay_out(book, sheet, columns)
            _fill(book, sheet, columns, live(wanted, columns) if rows is None else rows)
    except BaseException:
        file.close()
        raise
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
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)


def _fill(book: xlsxwriter.Workbook, sheet: Worksheet, columns: Columns, rows: Iterable[Row]) -> None:
    writers = [_writer(book, sheet, column) for column in columns]
    number = 0
    for number, row in enumerate(rows, start=1):
        for n, value in enumerate(row):
            if value not in ("", None):
                writers[n](number, n, value)
    sheet.autofilter(0, 0, number, len(columns) - 1)


def _writer(book: xlsxwriter.Workbook, sheet: Worksheet, column: Column | AskedColumn) -> Put:
    """Times, days and numbers as what they are, all else as text."""
    if column.is_time:
        return sheet.write_datetime
    if isinstance(column, Column):
        return _plain_writer(sheet, column)
    kind = column.only_kind
    if kind == QuestionKind.NUMBER:
        return lambda row, n, text: sheet.write_number(row, n, float(text))
    if kind == QuestionKind.DATE:
        days = book.add_format({"num_format": "yyyy-mm-dd"})
        return lambda row, n, text: sheet.write_datetime(row, n, datetime.datetime.fromisoformat(text), days)
    return _text_writer(sheet)


def _plain_writer(sheet: Worksheet, column: Column) -> Put:
    if column.is_number:
        return sheet.write_number
    return _text_writer(sheet) if column.is_free_text else sheet.write_string


def _text_writer(sheet: Worksheet) -> Put:
    def put(row: int, n: int, text: str) -> None:
        sheet.write_string(row, n, text if len(text) * 2 <= MOST_IN_CELL else fitted(text))

    return put


def fitted(text: str) -> str:
    """What a cell can hold, and a word that there is more: the program would cut it off without one."""
    if _units(text) <= MOST_IN_CELL:
        return text
    told = " [… {}]".format(_("The rest does not fit into a cell. CSV and JSON have all of it."))
    cut = text.encode("utf-16-le", "surrogatepass")[: 2 * (MOST_IN_CELL - _units(told))]
    return cut.decode("utf-16-le", "ignore") + told


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
