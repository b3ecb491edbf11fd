"""Workbooks: values through calamine, which runs nothing; what it does not tell, from the XML of the sheet."""

from __future__ import annotations

import datetime
import io
import posixpath
import re
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

import python_calamine
from django.utils.translation import gettext as _
from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from . import hostile
from .table import MOST_COLUMNS, MOST_ROWS, UnreadableFileError

# Rows with something in them are counted; beyond this even a value is lost in the void, and memory with it.
FARTHEST_ROW = 200_000
MOST_CELLS = 2_000_000
MOST_MERGED = 5_000
SLACK = 50  # titles and notes above the headings
REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


@dataclass
class Shape:
    """What the XML of one sheet says beside values. Rows count from 1, columns from 0."""

    hidden_columns: set[int] = field(default_factory=set)
    hidden_rows: list[int] = field(default_factory=list)
    formulas: set[tuple[int, int]] = field(default_factory=set)
    not_calculated: set[tuple[int, int]] = field(default_factory=set)
    faults: dict[tuple[int, int], str] = field(default_factory=dict)  # cells that say #REF! or the like
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)  # first row, first column, last, last
    cells: int = 0
    last_row: int = 0
    last_column: int = -1


@dataclass
class Sheet:
    """The values of one sheet, row 1 first, and what its XML says."""

    name: str
    names: list[str]
    rows: list[list[str]]
    shape: Shape
    epoch_1904: bool = False


def read(content: bytes, wanted: str | None) -> Sheet:
    """The sheet called `wanted`, else the first one that is visible and has something in it."""
    if content.startswith(hostile.OLE):
        hostile.refuse_office_of_old(content)
        return _read_values(content, wanted, {}, epoch_1904=False)
    archive = hostile.Archive(content)
    if archive.kind() == "ods":
        counter = OdsCells()
        archive.check_all({"content.xml": counter.feed})
        return _read_values(content, wanted, {}, epoch_1904=False)
    paths, epoch_1904 = _sheet_paths(archive)
    scans = {name: ShapeScan() for name in paths}
    archive.check_all({path: scans[name].feed for name, path in paths.items()})
    return _read_values(content, wanted, {n: s.shape for n, s in scans.items()}, epoch_1904=epoch_1904)


def _read_values(content: bytes, wanted: str | None, shapes: dict[str, Shape], *, epoch_1904: bool) -> Sheet:
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            return _choose(book, wanted, shapes, epoch_1904)
    except python_calamine.PasswordError as error:
        raise UnreadableFileError(
            _("This file is locked with a password. Save it without one, and send that.")
        ) from error
    except UnreadableFileError:
        raise
    except (python_calamine.CalamineError, OSError, ValueError, OverflowError) as error:
        raise UnreadableFileError(hostile.damaged()) from error
    except BaseException as error:
        # A panic of the library derives from BaseException, and is still nothing but a file it cannot read.
        if type(error).__name__ != "PanicException":
            raise
        raise UnreadableFileError(hostile.damaged()) from error


def _choose(book: CalamineWorkbook, wanted: str | None, shapes: dict[str, Shape], epoch_1904: bool) -> Sheet:
    plain = [s for s in book.sheets_metadata if s.typ == SheetTypeEnum.WorkSheet]
    visible = [s.name for s in plain if s.visible == SheetVisibleEnum.Visible]
    names = visible or [s.name for s in plain]
    for name in [wanted] if wanted in names else names:
        sheet = book.get_sheet_by_name(str(name))
        rows = _texts(sheet)
        if rows or name == wanted:
            shape = shapes.get(sheet.name) or Shape(merged=_merged_of(sheet))
            return Sheet(sheet.name, names, rows, shape, epoch_1904)
    raise UnreadableFileError(_("There is nothing in this file. Choose the file with the rows in it."))


def _texts(sheet: python_calamine.CalamineSheet) -> list[list[str]]:
    if sheet.total_width * sheet.total_height > MOST_CELLS * 2:
        raise UnreadableFileError(hostile.too_much())
    left = [""] * (sheet.start[1] if sheet.start else 0)  # rows above the first value are told, columns are not
    rows: list[list[str]] = []
    filled = 0
    for row in sheet.iter_rows():
        cells = [as_text(value) if value != "" else "" for value in row]
        has_any = any(cells)
        filled += has_any
        if filled > MOST_ROWS + SLACK:
            raise UnreadableFileError(too_many_rows())
        rows.append(left + cells if has_any else [])
    return rows if filled else []


def too_many_rows() -> str:
    return _("There are more than %(most)d rows in this file. Divide it, and send one part after the other.") % {
        "most": MOST_ROWS
    }


def as_text(value: Any) -> str:
    """A value as somebody would have typed it: whole numbers without a point, days as 2026-11-23."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value == int(value) else repr(value)
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(" ", "minutes")
    if isinstance(value, datetime.date):
        return value.isoformat()
    return str(value)


def _merged_of(sheet: python_calamine.CalamineSheet) -> list[tuple[int, int, int, int]]:
    ranges = sheet.merged_cell_ranges or []
    return [(r1 + 1, c1, r2 + 1, c2) for (r1, c1), (r2, c2) in ranges]


def _sheet_paths(archive: hostile.Archive) -> tuple[dict[str, str], bool]:
    """The member of each sheet by the sheet's name; and whether days count from 1904."""
    targets: dict[str, str] = {}
    sheets: dict[str, str] = {}
    epoch: list[bool] = []

    def relation(name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship" and attributes.get("TargetMode") != "External":
            targets[attributes.get("Id", "")] = attributes.get("Target", "")

    def book(name: str, attributes: dict[str, str]) -> None:
        if name == "sheet":
            ids = [v for k, v in attributes.items() if k.endswith(":id") or k == "id"]
            sheets[attributes.get("name", "")] = ids[0] if ids else ""
        elif name == "workbookPr":
            epoch.append(attributes.get("date1904", "") in ("1", "true"))

    parse(archive.read("xl/_rels/workbook.xml.rels"), relation)
    parse(archive.read("xl/workbook.xml"), book)
    found = {name: _member(targets.get(key, "")) for name, key in sheets.items()}
    return {name: path for name, path in found.items() if path in archive.members}, any(epoch)


def _member(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))


def parser(start: Any, end: Any = None, text: Any = None) -> expat.XMLParserType:
    """An XML parser that takes no definitions of entities: nothing in a workbook has a use for them."""

    def refuse(*args: Any) -> None:
        raise UnreadableFileError(hostile.damaged())

    reader = expat.ParserCreate()
    reader.buffer_text = True
    reader.StartElementHandler = lambda name, attributes: start(name.rpartition(":")[2], attributes)
    if end:
        reader.EndElementHandler = lambda name: end(name.rpartition(":")[2])
    if text:
        reader.CharacterDataHandler = text
    reader.EntityDeclHandler = refuse
    return reader


def parse(content: bytes, start: Any) -> None:
    if content:
        feed(parser(start), content, final=True)


def feed(reader: expat.XMLParserType, piece: bytes, *, final: bool = False) -> None:
    try:
        reader.Parse(piece, final)
    except expat.ExpatError as error:
        raise UnreadableFileError(hostile.damaged()) from error


class ShapeScan:
    """Reads the XML of one sheet in pieces and notes what stands in it beside values."""

    def __init__(self) -> None:
        self.shape = Shape()
        self.parser = parser(self.start, self.end, self.text)
        self.at: tuple[int, int] = (0, -1)
        self.row = 0
        self.type = ""
        self.inside = ""
        self.value = ""
        self.has_formula = False

    def feed(self, piece: bytes) -> None:
        feed(self.parser, piece)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            self.start_cell(attributes)
        elif name == "f":
            self.has_formula = True
        elif name in ("v", "t"):
            self.inside = name
        elif name == "row":
            self.start_row(attributes)
        elif name == "col":
            self.start_column(attributes)
        elif name == "mergeCell":
            self.note_merged(attributes.get("ref", ""))

    def start_row(self, attributes: dict[str, str]) -> None:
        number = attributes.get("r", "")
        self.row = int(number) if number.isdecimal() else self.row + 1
        self.at = (self.row, -1)
        if attributes.get("hidden") in ("1", "true") and self.row <= FARTHEST_ROW:
            self.shape.hidden_rows.append(self.row)

    def start_column(self, attributes: dict[str, str]) -> None:
        if attributes.get("hidden") in ("1", "true") or attributes.get("width") == "0":
            first, last = (int(attributes.get(k, "0") or 0) for k in ("min", "max"))
            self.shape.hidden_columns.update(range(max(first, 1) - 1, min(last, MOST_COLUMNS)))

    def start_cell(self, attributes: dict[str, str]) -> None:
        found = REFERENCE.fullmatch(attributes.get("r", ""))
        self.at = (int(found[2]), column_number(found[1])) if found else (self.row, self.at[1] + 1)
        self.type, self.value, self.has_formula = attributes.get("t", ""), "", False

    def text(self, text: str) -> None:
        if self.inside:
            self.value += text[:100]

    def end(self, name: str) -> None:
        if name in ("v", "t"):
            self.inside = ""
        elif name == "c" and (self.value or self.has_formula):
            self.end_cell()

    def end_cell(self) -> None:
        row, column = self.at
        if row > FARTHEST_ROW or column >= MOST_COLUMNS * 5:
            raise UnreadableFileError(too_far(row))
        self.shape.last_row, self.shape.last_column = max(self.shape.last_row, row), max(self.shape.last_column, column)
        if self.shape.last_row * (self.shape.last_column + 1) > MOST_CELLS:
            raise UnreadableFileError(too_far(row))
        self.shape.cells += 1
        if self.shape.cells > MOST_CELLS:
            raise UnreadableFileError(hostile.too_much())
        if self.type == "e":
            self.shape.faults[self.at] = self.value
        elif self.has_formula:
            (self.shape.formulas if self.value else self.shape.not_calculated).add(self.at)

    def note_merged(self, reference: str) -> None:
        one, _colon, other = reference.partition(":")
        first, last = REFERENCE.fullmatch(one), REFERENCE.fullmatch(other)
        if first and last:
            if len(self.shape.merged) == MOST_MERGED:
                raise UnreadableFileError(hostile.too_much())
            self.shape.merged.append((int(first[2]), column_number(first[1]), int(last[2]), column_number(last[1])))


def column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def too_far(row: int) -> str:
    return _(
        "There is a value far away from the rest, in row %(row)d. Delete it, or copy the rows into a new spreadsheet."
    ) % {"row": row}


class OdsCells:
    """Counts the cells of an OpenDocument sheet as they unfold: one element may stand for a million of them."""

    def __init__(self) -> None:
        self.parser = parser(self.start)
        self.row_times = 1
        self.row = 0
        self.column = 0

    def feed(self, piece: bytes) -> None:
        feed(self.parser, piece)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "table":
            self.row = 0
        elif name == "table-row":
            self.row_times = _times(attributes, "table:number-rows-repeated")
            self.row, self.column = self.row + self.row_times, 0
        elif name in ("table-cell", "covered-table-cell"):
            self.column += _times(attributes, "table:number-columns-repeated")
            if "office:value-type" in attributes and (
                self.row > FARTHEST_ROW or self.column > MOST_COLUMNS * 5 or self.row * self.column > MOST_CELLS
            ):
                raise UnreadableFileError(too_far(self.row))


def _times(attributes: dict[str, str], name: str) -> int:
    number = attributes.get(name, "1")
    return int(number) if number.isdecimal() and len(number) < 9 else 1
