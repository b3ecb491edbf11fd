"""One file, one table: what the file is, where its headings stand, and what a careful clerk would mention.

Nothing is read that the file only claims to be: the content decides, and everything is bounded (see hostile.py).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import IO

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from meeting.collation import fold

from ..names import tidy
from . import csv_reader, hostile, xlsx_reader
from .encodings import ENCODINGS
from .table import MOST_COLUMNS, MOST_ROWS, Row, Table, UnreadableFileError, column_letter
from .words import known

HEADINGS_WITHIN = 25  # rows: above the headings stand titles and notes
MOST_BYTES = 10 * 1024 * 1024


def read_table(
    file: IO[bytes], name: str, sheet: str | None = None, encoding: str | None = None, delimiter: str | None = None
) -> Table:
    """The rows of a spreadsheet as text. UnreadableFileError says why not, and what to do.

    `name` is what the sender called it; only its content decides what it is. `sheet`, `encoding` and `delimiter` are
    what the reader chose; without them the first sheet with rows, and what the text itself shows.
    """
    content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise UnreadableFileError(_("This file is larger than 10 MB. Copy only the rows into a new spreadsheet."))
    hostile.refuse_others(content)
    if content.startswith((b"PK", hostile.OLE)):
        return _from_workbook(xlsx_reader.read(content, sheet))
    return _from_text(csv_reader.read(content, encoding, delimiter))


def _from_text(text: csv_reader.Text) -> Table:
    table = _below_headings(text.rows)
    table.encoding, table.delimiter = text.encoding, text.delimiter
    if text.is_guessed:
        table.warnings.append(
            _("The file does not say in which encoding it is; it was read as %(encoding)s. Look whether the names are "
              "right, or choose another one.")
            % {"encoding": ENCODINGS[text.encoding]}
        )  # fmt: skip
    return table


def _from_workbook(sheet: xlsx_reader.Sheet) -> Table:
    table = _below_headings(sheet.rows)
    table.sheet, table.sheets, table.epoch_1904 = sheet.name, sheet.names, sheet.epoch_1904
    shape = sheet.shape
    if len(sheet.names) > 1:
        table.warnings.append(
            _("The file has %(count)d sheets; “%(sheet)s” was read.") % {"count": len(sheet.names), "sheet": sheet.name}
        )
    _mention_hidden(table, shape)
    rows = {row.number: row for row in _with_lost_rows(table, shape)}
    _mark_formulas(table, rows, shape)
    _mark_merged(table, rows, shape)
    return table


def _below_headings(rows: list[list[str]]) -> Table:
    at = _heading_index(rows)
    headings = [tidy(cell) for cell in _trimmed(rows[at])]
    if len(headings) > MOST_COLUMNS:
        raise UnreadableFileError(
            _("There are more than %(most)d columns in this file. Leave only those that matter.")
            % {"most": MOST_COLUMNS}
        )
    width, found = len(headings), []
    for number, cells in enumerate(rows[at + 1 :], start=at + 2):
        if any(not _is_blank(cell) for cell in cells):
            found.append(Row(number, _to_width(cells, width)))
    if len(found) > MOST_ROWS:
        raise UnreadableFileError(xlsx_reader.too_many_rows())
    table = Table(headings, found, heading_row=at + 1)
    _take_in_unnamed(table, rows[at + 1 :])
    return table


def _heading_index(rows: list[list[str]]) -> int:
    """The first of the rows with most headings we know; where we know none, the first one that is as full as any."""
    words, best, index = known(), (0, 0), -1
    for n, cells in enumerate(rows[:HEADINGS_WITHIN]):
        filled = [c for c in cells if not _is_blank(c)]
        score = (sum(fold(c) in words for c in filled if len(c) < 80), len(filled))
        if score > best and (score[0] > best[0] or best[0] == 0):
            best, index = score, n
    if index < 0:
        raise UnreadableFileError(_("There is nothing in this file. Choose the file with the rows in it."))
    return index


def _take_in_unnamed(table: Table, below: list[list[str]]) -> None:
    """Columns with values and no heading are kept, and mentioned: they may be a heading somebody deleted."""
    width = len(table.headings)
    beyond = max((len(_trimmed(cells)) for cells in below), default=0)
    if beyond > width:
        table.headings += [""] * (min(beyond, MOST_COLUMNS) - width)
        for row in table.rows:
            row.cells = _to_width(below[row.number - table.heading_row - 1], len(table.headings))
    unnamed = [
        column_letter(n)
        for n, heading in enumerate(table.headings)
        if not heading and any(not _is_blank(row.cells[n]) for row in table.rows)
    ]
    if unnamed:
        table.warnings.append(
            ngettext(
                "Column %(columns)s has values and no heading. Write one, or leave the column out.",
                "Columns %(columns)s have values and no heading. Write one, or leave them out.",
                len(unnamed),
            )
            % {"columns": _some(unnamed)}
        )


def _trimmed(cells: list[str]) -> list[str]:
    end = len(cells)
    while end and _is_blank(cells[end - 1]):
        end -= 1
    return cells[:end]


def _to_width(cells: list[str], width: int) -> list[str]:
    return (cells + [""] * (width - len(cells)))[:width]


def _is_blank(cell: str) -> bool:
    """Nothing that anybody could see: spaces of any kind, and marks of direction."""
    return not cell or cell.isspace() or (not cell.isascii() and not tidy(cell))


def _some(names: list[str]) -> str:
    return ", ".join(names[:10]) + (" …" if len(names) > 10 else "")


def _mention_hidden(table: Table, shape: xlsx_reader.Shape) -> None:
    columns = [
        f"{column_letter(n)} ({heading})" if heading else column_letter(n)
        for n, heading in enumerate(table.headings)
        if n in shape.hidden_columns and (heading or any(row.cells[n] for row in table.rows))
    ]
    if columns:
        table.warnings.append(
            ngettext(
                "Column %(columns)s is hidden in the sheet, and is read as well.",
                "Columns %(columns)s are hidden in the sheet, and are read as well.",
                len(columns),
            )
            % {"columns": _some(columns)}
        )
    numbers = {row.number for row in table.rows}
    rows = [str(n) for n in shape.hidden_rows if n in numbers]
    if rows:
        table.warnings.append(
            ngettext(
                "Row %(rows)s is hidden in the sheet, and is read as well.",
                "Rows %(rows)s are hidden in the sheet, and are read as well.",
                len(rows),
            )
            % {"rows": _some(rows)}
        )


def _with_lost_rows(table: Table, shape: xlsx_reader.Shape) -> list[Row]:
    """The rows, with those of which nothing came but a formula that was never calculated or a fault."""
    known_rows = {row.number for row in table.rows}
    lost = {row for row, _column in (*shape.not_calculated, *shape.faults)} - known_rows
    extra = [Row(number, [""] * len(table.headings)) for number in lost if number > table.heading_row]
    if extra:
        table.rows = sorted([*table.rows, *extra], key=lambda row: row.number)
    return table.rows


def _mark_formulas(table: Table, rows: dict[int, Row], shape: xlsx_reader.Shape) -> None:
    """A formula counts as what it last came to. One that came to nothing yet, or to a fault, is an error."""
    calculated = 0
    for number, column in shape.formulas:
        calculated += number in rows and column < len(table.headings)
    if calculated:
        table.warnings.append(
            ngettext(
                "%(count)d cell is a formula; what it last came to is taken.",
                "%(count)d cells are formulas; what they last came to is taken.",
                calculated,
            )
            % {"count": calculated}
        )
    for number, column in shape.not_calculated:
        if number in rows and column < len(table.headings):
            rows[number].errors[column] = _(
                "This is a formula that was never calculated. Open the file in a spreadsheet program and save it, or "
                "write the value itself."
            )
    for (number, column), fault in shape.faults.items():
        if number in rows and column < len(table.headings):
            rows[number].errors[column] = _("The formula here comes to %(fault)s. Write the value itself.") % {
                "fault": fault
            }


def _mark_merged(table: Table, rows: dict[int, Row], shape: xlsx_reader.Shape) -> None:
    """Which cells lie under another one; what that means depends on the field, so it is decided later."""
    below = [span for span in shape.merged if span[2] > table.heading_row]
    touched, width = len(below), len(table.headings)
    numbers = [row.number for row in table.rows]
    left = xlsx_reader.MOST_CELLS
    for first_row, first_column, last_row, last_column in below:
        covered = numbers[bisect_left(numbers, first_row) : bisect_right(numbers, last_row)]
        left -= len(covered) * max(min(last_column, width - 1) - first_column + 1, 0)
        if left < 0:  # the same cells merged over and over
            raise UnreadableFileError(hostile.too_much())
        for number in covered:
            for column in range(first_column, min(last_column, width - 1) + 1):
                if (number, column) != (first_row, first_column):
                    rows[number].merged[column] = (first_row, first_column)
    if touched:
        table.warnings.append(
            ngettext(
                "%(count)d group of cells is merged. The value stands in its first cell only.",
                "%(count)d groups of cells are merged. The value stands in the first cell only.",
                touched,
            )
            % {"count": touched}
        )
