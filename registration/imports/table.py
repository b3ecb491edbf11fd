"""What comes out of a spreadsheet, whatever it was: headings and rows of text, each with its number in the file."""

from __future__ import annotations

from dataclasses import dataclass, field

MOST_ROWS = 20_000
MOST_COLUMNS = 200


class UnreadableFileError(Exception):
    """The file cannot be taken; the message is for the screen: what it is, and what to do."""


@dataclass(slots=True)
class Row:
    """One row below the headings. `errors` and `warnings` stand beside cells: column to sentence.

    `merged` says of a cell that shows no value of its own where its value stands: row in the file, and column.
    """

    number: int
    cells: list[str]
    errors: dict[int, str] = field(default_factory=dict)
    warnings: dict[int, str] = field(default_factory=dict)
    merged: dict[int, tuple[int, int]] = field(default_factory=dict)


@dataclass
class Table:
    """One sheet. `encoding` and `delimiter` are of CSV files, `sheets` of workbooks; empty otherwise."""

    headings: list[str]
    rows: list[Row]
    heading_row: int = 1
    sheet: str = ""
    sheets: list[str] = field(default_factory=list)
    encoding: str = ""
    delimiter: str = ""
    epoch_1904: bool = False
    warnings: list[str] = field(default_factory=list)


def column_letter(column: int) -> str:
    """0 is A, 26 is AA: how a spreadsheet calls it."""
    letters, column = "", column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
