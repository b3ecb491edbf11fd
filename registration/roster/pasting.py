"""Rows pasted from a spreadsheet: what each column is, and which rows are new."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from meeting.collation import fold

from .. import rows, words
from ..imports.people import are_alike, name_keys
from ..models import Delegation, Registration, Status
from ..names import tidy
from . import adding

MOST_ROWS = 500
MOST_COLUMNS = 40
MOST_CHARACTERS = 400_000
# Without headings: what is left after the columns that tell by themselves what they are.
IN_THIS_ORDER = ("display_name", "functional_title", "organisation", "department")


class CannotPaste(Exception):
    """Nothing was taken; the message says why and what to do instead."""


@dataclass
class Pasted:
    """The rows of a paste, read, and what is told about them."""

    new: list[Registration] = field(default_factory=list)
    known: list[str] = field(default_factory=list)  # names of those who are on the roster already
    left_out: list[str] = field(default_factory=list)  # columns nobody could make sense of, headings in quotation marks


def table_of(text: str) -> list[list[str]]:
    """The cells of what was pasted, without empty rows. CannotPaste where that is nothing, or too much."""
    if len(text) > MOST_CHARACTERS:
        raise CannotPaste(_too_much())
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    try:
        read = [[tidy(cell) for cell in row[:MOST_COLUMNS]] for row in _reader(lines)]
    except csv.Error:
        raise CannotPaste(_("One of the cells is too long. Paste the rows without it.")) from None
    table = [row for row in read if any(row)]
    if not table:
        raise CannotPaste(_("There is nothing in the field. Copy the rows in your spreadsheet, and paste them here."))
    if len(table) > MOST_ROWS:
        raise CannotPaste(_too_much(len(table)))
    return table


def _too_much(found: int = 0) -> str:
    values = {"most": MOST_ROWS, "found": f"{found:,}"}
    if found:
        return _("These are %(found)s rows. Paste at most %(most)d at once, or upload the file.") % values
    return _("This is too much at once. Paste at most %(most)d rows, or upload the file.") % values


def _reader(text: str) -> Iterable[list[str]]:
    # A mark that is opened and never closed is part of a name: taken for a quotation it would swallow all that follows.
    if text.count('"') % 2:
        return csv.reader(io.StringIO(text), delimiter=_delimiter(text), quoting=csv.QUOTE_NONE)
    return csv.reader(io.StringIO(text), delimiter=_delimiter(text))


def _delimiter(text: str) -> str:
    lines = [line for line in text.split("\n") if line.strip()]
    for delimiter in ("\t", ";", ","):
        if sum(delimiter in line for line in lines) * 2 > len(lines):
            return delimiter
    return "\t"


def columns_of(table: list[list[str]], match: Callable[[list[str]], list[str]]) -> tuple[list[str], list[list[str]]]:
    """The field of each column, and the rows. `match` finds the fields of headings; a first line of data has none."""
    found = match(table[0])
    known = [name for name in found if name]
    if len(known) > 1 or (known and len(table[0]) == 1):
        return found, table[1:]
    return _by_content(table), table


def _by_content(table: list[list[str]]) -> list[str]:
    width = max(len(row) for row in table)
    cells = [[row[n] for row in table if n < len(row) and row[n]] for n in range(width)]
    columns = [_kind_of(column) for column in cells]
    free = iter([name for name in IN_THIS_ORDER if name not in columns])
    return [name or next(free, "") for name in columns]


def _kind_of(cells: list[str]) -> str:
    tests: dict[str, Callable[[str], bool]] = {
        "email": lambda cell: "@" in cell,
        "role": lambda cell: words.fold(cell) in words.roles(),
        "honorific": lambda cell: words.fold(cell) in words.honorifics(),
        "precedence": lambda cell: cell.rstrip(".").isdecimal() and len(cell) < 4,
    }
    return next((name for name, test in tests.items() if cells and _mostly(test, cells)), "")


def _mostly(test: Callable[[str], bool], cells: list[str]) -> bool:
    return sum(map(test, cells)) * 2 > len(cells)


def read(text: str, delegation: Delegation, match: Callable[[list[str]], list[str]]) -> Pasted:
    """Rows for the roster, not saved. Whoever is there already, by name or by an email and a name that is alike,
    is not taken twice."""
    table = table_of(text)
    columns, body = columns_of(table, match)
    pasted, here = Pasted(left_out=_unread(columns, table, body)), _Known(delegation)
    for line in body:
        cells = {name: cell for name, cell in zip(columns, line, strict=False) if name in rows.FIELDS}
        if not any(cells.values()):
            continue
        registration = adding.blank(delegation)
        rows.fill(registration, rows.read(cells, meeting=delegation.meeting, category=delegation.category))
        if here.has(registration):
            pasted.known.append(registration.display_name or registration.email)
        else:
            pasted.new.append(registration)
    return pasted


def _unread(columns: list[str], table: list[list[str]], body: list[list[str]]) -> list[str]:
    with_headings = len(body) < len(table)
    return [
        f"“{table[0][n]}”" if with_headings and n < len(table[0]) else _("column %(n)d") % {"n": n + 1}
        for n, name in enumerate(columns)
        if name not in rows.FIELDS and any(n < len(row) and row[n] for row in body)
    ]


class _Known:
    """Who stands on the roster and comes, or stood further up in the same paste.

    An address alone is nobody: it may serve a whole office.
    """

    def __init__(self, delegation: Delegation) -> None:
        here = Registration.objects.filter(delegation=delegation, merged_into=None)
        people = here.exclude(status=Status.WITHDRAWN).values_list(
            "email", "display_name", "given_names", "family_name"
        )
        self.names: set[str] = set()
        self.by_email: dict[str, list[set[str]]] = defaultdict(list)
        for email, *names in people:
            self._add(email, *names)

    def _add(self, email: str, display_name: str, given_names: str, family_name: str) -> None:
        self.names |= _spellings(display_name, given_names, family_name)
        if email:
            self.by_email[email.casefold()].append(name_keys(given_names, family_name, display_name))

    def has(self, registration: Registration) -> bool:
        """Whether this person is here; from now on they are."""
        names = registration.display_name, registration.given_names, registration.family_name
        found = bool(_spellings(*names) & self.names) or self._is_at(registration.email, *names)
        self._add(registration.email, *names)
        return found

    def _is_at(self, email: str, display_name: str, given_names: str, family_name: str) -> bool:
        there = self.by_email.get(email.casefold(), []) if email else []
        return any(are_alike(name_keys(given_names, family_name, display_name), names) for names in there)


def _spellings(display_name: str, given_names: str, family_name: str) -> set[str]:
    both: Iterable[str] = (display_name, f"{given_names} {family_name}", f"{family_name} {given_names}")
    return {fold(name) for name in both} - {""}
