"""Text with delimiters: the encoding told or guessed, the delimiter counted, quotes and line ends inside cells kept."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass

from django.utils.translation import gettext as _

from . import encodings
from .table import MOST_ROWS, UnreadableFileError

DELIMITERS = ",;\t|"
LOOKED_AT = 60  # records
SLACK = 50  # titles and notes above the headings


@dataclass
class Text:
    """The records of a file, the first one first; empty lines are empty records."""

    rows: list[list[str]]
    encoding: str
    delimiter: str
    is_guessed: bool


def read(content: bytes, encoding: str | None = None, delimiter: str | None = None) -> Text:
    text, used, is_guessed = encodings.decode(content, encoding)
    text, said = _said_by_first_line(text.lstrip("\ufeff"))
    chosen = delimiter if delimiter in tuple(DELIMITERS) else said or _most_regular(text)
    rows = _records(text, str(chosen))
    if said:
        rows.insert(0, [])  # so that numbers stay those of the file
    return Text(rows, used, str(chosen), is_guessed)


def _said_by_first_line(text: str) -> tuple[str, str]:
    """A first line such as sep=; is a word to the reader and no row."""
    first, _end, rest = text.partition("\n")
    word = first.strip().strip('"')
    if word.lower().startswith("sep=") and len(word) == 5 and word[4] in DELIMITERS:
        return rest, word[4]
    return text, "\t" if first.lower().startswith("sep=\t") else ""


def _most_regular(text: str) -> str:
    """The delimiter that divides the first records into the same number of cells, and into most of them."""
    return max(DELIMITERS, key=lambda d: _regularity(text, d))


def _regularity(text: str, delimiter: str) -> tuple[float, int]:
    widths: list[int] = []
    try:
        for record in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            widths += [len(record)] if record else []
            if len(widths) == LOOKED_AT:
                break
    except csv.Error:
        return (0, 0)
    wide = [w for w in widths if w > 1]
    if not wide:
        return (0, 0)
    width, times = Counter(wide).most_common(1)[0]
    return (times / len(widths), width)


def _records(text: str, delimiter: str) -> list[list[str]]:
    rows: list[list[str]] = []
    filled = 0
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=_is_strict(text, delimiter))
    try:
        for record in reader:
            filled += any(record)
            if filled > MOST_ROWS + SLACK:
                raise UnreadableFileError(
                    _("There are more than %(most)d rows in this file. Divide it, and send one part after the other.")
                    % {"most": MOST_ROWS}
                )
            rows.append(record)
    except csv.Error as error:
        raise UnreadableFileError(_unclosed(len(rows) + 1)) from error
    return rows


def _is_strict(text: str, delimiter: str) -> bool:
    """Strictly read, a quotation mark that is never closed is told. A mark inside a cell is no fault, though."""
    try:
        for _record in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            pass
    except csv.Error as error:
        return "unexpected end" in str(error) or "field larger" in str(error)
    return True


def _unclosed(row: int) -> str:
    return _(
        "In row %(row)d a quotation mark is opened and never closed, so all that follows would be one cell. Put it "
        "right, or send the spreadsheet as XLSX."
    ) % {"row": row}
