"""A list of entities to invite, from a spreadsheet: every row with all its errors, nothing written."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from meeting.collation import fold
from meeting.models import Meeting

from .. import words
from ..imports.places import Directory
from ..imports.table import Row, Table, UnreadableFileError
from ..imports.words import known
from ..models import Delegation, Invitation
from ..names import tidy

COLUMNS = ("entity", "email", "language", "category", "seats")
MOST_ROWS = 300
MOST_SEATS = 10_000
SEATS_WORDS = {
    fold(word)
    for word in (
        "seats", "seat", "quota", "places", "number of seats", "sièges", "nombre de sièges", "contingent", "plazas",
        "asientos", "cupo", "места", "квота", "число мест", "المقاعد", "عدد المقاعد", "席位", "名额",
    )
}  # fmt: skip


@dataclass
class Guest:
    """One row: what was written, what it means, and what is wrong with it, by column."""

    number: int
    cells: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)
    warnings: dict[str, str] = field(default_factory=dict)
    delegation: Delegation | None = None
    language: str = ""
    seats: int | None = None

    @property
    def email(self) -> str:
        return self.cells["email"]


def read(table: Table, meeting: Meeting, language: str) -> list[Guest]:
    """`language` is for rows that name none. UnreadableFileError where the table is no list of entities."""
    columns = columns_of(table.headings)
    if len(table.rows) > MOST_ROWS:
        raise UnreadableFileError(_("Invite at most %(most)d at once.") % {"most": MOST_ROWS})
    guests = [_guest(row, columns) for row in table.rows]
    directory = Directory(meeting)
    for guest in guests:
        _read(guest, directory, language)
    _check_seats_and_invitations(guests)
    _check_twice(guests)
    return guests


def columns_of(headings: Iterable[str]) -> dict[str, int]:
    """Where each of our columns stands; entity and email must be there."""
    found: dict[str, int] = {}
    for n, heading in enumerate(headings):
        folded = fold(heading)
        name = "seats" if folded in SEATS_WORDS else known().get(folded, "")
        if name in COLUMNS:
            found.setdefault(name, n)
    if not {"entity", "email"} <= set(found):
        raise UnreadableFileError(
            _("Write headings above the columns: at least entity and email; language, category and seats if you like.")
        )
    return found


def as_text(guests: Iterable[Guest]) -> str:
    """The list as it can be pasted again, and as the page carries it from the look to the sending."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter="\t", lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([guest.cells[name] for name in COLUMNS] for guest in guests)
    return out.getvalue()


def _guest(row: Row, columns: dict[str, int]) -> Guest:
    cells = {name: tidy(row.cells[columns[name]]) if name in columns else "" for name in COLUMNS}
    faults = {name: row.errors[at] for name, at in columns.items() if at in row.errors}
    return Guest(row.number, cells, faults)


def _read(guest: Guest, directory: Directory, language: str) -> None:
    place = directory.place(guest.cells["category"], guest.cells["entity"])
    guest.delegation = place.delegation
    guest.errors = place.errors | guest.errors
    guest.warnings = place.warnings
    if not guest.cells["entity"]:
        guest.errors["entity"] = _("Write the State or organization to invite.")
    _read_email(guest)
    _read_language(guest, language)
    _read_seats(guest)


def _read_email(guest: Guest) -> None:
    try:
        validate_email(guest.email)
        too_long = len(guest.email) > 254
    except ValidationError:
        too_long = True
    if too_long:
        guest.errors["email"] = _("Write the whole address, such as name@mission.example.")


def _read_language(guest: Guest, default: str) -> None:
    written = guest.cells["language"]
    guest.language = words.languages().get(words.fold(written), "") if written else default
    if not guest.language:
        guest.errors["language"] = _("Write one of the six languages, such as French or fr.")


def _read_seats(guest: Guest) -> None:
    written = guest.cells["seats"].removesuffix(".0")
    if not written:
        return
    if not written.isdecimal() or int(written[:9]) > MOST_SEATS:
        guest.errors["seats"] = _("Write a whole number, or nothing to follow the category.")
        return
    guest.seats = int(written)


def _check_seats_and_invitations(guests: list[Guest]) -> None:
    there = [g for g in guests if g.delegation and g.delegation.pk]
    opened = Invitation.objects.filter(
        delegation__in={g.delegation.pk for g in there if g.delegation},
        state__in=[Invitation.State.SENT, Invitation.State.ANSWERED],
    )
    invited = {invitation.delegation_id for invitation in opened}
    for guest in there:
        delegation = guest.delegation
        if delegation is None:
            continue
        if delegation.pk in invited:
            guest.errors["entity"] = _("%(name)s is invited already. Send that invitation again instead.") % {
                "name": delegation.name
            }
        if guest.seats is not None and guest.seats != delegation.quota:
            guest.errors["seats"] = _(
                "The delegation is there already: change its seats on its own page, with a reason."
            )


def _check_twice(guests: list[Guest]) -> None:
    """An entity may come in two categories, but not twice in one."""
    seen: dict[tuple[int, int], int] = {}
    for guest in guests:
        if guest.delegation is None:
            continue
        key = guest.delegation.entity_id, guest.delegation.category_id
        if key in seen:
            guest.errors["entity"] = _("The same as row %(row)d.") % {"row": seen[key]}
        seen.setdefault(key, guest.number)
