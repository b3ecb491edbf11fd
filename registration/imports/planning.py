"""What will become of each row: new, changed, as it is, or not taken; worked out, nothing written."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from meeting.models import Meeting, Role

from .. import rows
from ..lists.guard import guarded
from ..models import Category, Delegation, ImportRow, Question, Registration, Status
from ..names import tidy
from ..questions import answers
from ..questions.fields import for_category, name_of
from ..safeguarding.intake import is_child
from ..workflow import MATERIAL
from ..workflow.changes import plain
from .people import Found, People, Seen
from .places import AnyPlace, OnePlace
from .seats import Seats
from .table import Row, Table

Outcome = ImportRow.Outcome
PLACE = ("reference", "category", "entity")
# What one value can stand for in several rows; a person's own cells cannot be shared.
SHAREABLE = {"category", "entity", "department", "organisation", "functional_title", "role", "modality", "language"}
EVERY = 100  # rows between two words about progress
GONE = (Status.REJECTED, Status.WITHDRAWN)
EPOCHS = {False: datetime.date(1899, 12, 30), True: datetime.date(1904, 1, 1)}
DAYS = range(3_000, 60_000)  # 1908 to 2064, counted as spreadsheets do


class StoppedError(Exception):
    """Somebody has stopped the reading."""


@dataclass(slots=True)
class Planned:
    """One row: its cells by field, what it says, whom it is about, and what will become of it."""

    number: int
    cells: dict[str, str]
    read: rows.ReadRow = field(default_factory=rows.ReadRow)
    delegation: Delegation | None = None
    pk: int | None = None
    registration: Registration | None = None
    values: dict[str, Any] = field(default_factory=dict)
    answers: dict[Question, Any] = field(default_factory=dict)
    is_child: bool = False
    would_wait: bool = False
    outcome: str = Outcome.ERROR
    errors: dict[str, str] = field(default_factory=dict)
    warnings: dict[str, str] = field(default_factory=dict)
    changes: dict[str, list[Any]] = field(default_factory=dict)


class Planner:
    """Plans the rows of one file for one delegation, or for a whole meeting where there is none.

    `needs_word`: what is material waits for a decision once somebody is approved, as with any change by a focal point.
    """

    def __init__(self, meeting: Meeting, delegation: Delegation | None, *, needs_word: bool) -> None:
        self.meeting, self.delegation, self.needs_word = meeting, delegation, needs_word
        self.places = OnePlace(delegation) if delegation else AnyPlace(meeting)
        self.people = People(meeting, delegation)
        self.seen = Seen()
        self.seats = Seats(meeting)
        self.asked: dict[int, dict[str, Question]] = {}

    def plan(
        self, table: Table, fields: list[str], tick: Callable[[int], None], *, lock: bool = False
    ) -> list[Planned]:
        """Every row, in the order of the file. `lock`: those that exist stay as they are until the transaction ends."""
        planned: list[Planned] = []
        for n, row in enumerate(_with_merged(table, fields)):
            planned.append(self._first_look(row, fields, epoch_1904=table.epoch_1904))
            if n % EVERY == 0:
                tick(n)
        self._bring(planned, lock=lock)
        for each in planned:
            self._decide(each)
        return planned

    def _first_look(self, row: Row, fields: list[str], *, epoch_1904: bool) -> Planned:
        """What the row says by itself, and whom it is about."""
        planned = Planned(row.number, {f: row.cells[n] for n, f in enumerate(fields) if f})
        cells = {name: text for name, cell in planned.cells.items() if (text := _unguarded(cell))}
        for column, sentence in row.errors.items():
            if fields[column]:
                planned.errors[fields[column]] = sentence
                cells.pop(fields[column], None)
        planned.warnings |= {fields[n]: sentence for n, sentence in row.warnings.items() if fields[n]}
        place = self.places.of(cells)
        planned.errors |= place.errors
        planned.warnings |= place.warnings
        planned.delegation = place.delegation
        self._read_cells(planned, cells, epoch_1904=epoch_1904)
        if place.delegation is not None:
            self._read_answers(planned, cells, place.delegation.category)
            self._find(planned, cells.get("reference", ""))
        return planned

    def _read_cells(self, planned: Planned, cells: dict[str, str], *, epoch_1904: bool) -> None:
        """Empty cells say nothing: what stands on the roster stays."""
        own = {name: cells[name] for name in rows.FIELDS if name in cells}
        serial = _counted_day(own.get("birth_date", ""), epoch_1904=epoch_1904)
        if serial:
            own["birth_date"] = serial.isoformat()
        category = planned.delegation.category if planned.delegation else Category()
        planned.read = rows.read(own, meeting=self.meeting, category=category)
        planned.errors |= {name: s for name, s in planned.read.errors.items() if name not in planned.errors}
        planned.warnings |= planned.read.warnings
        if serial:
            day = _("Read as %(day)s.") % {"day": date_format(serial, "j F Y")}
            planned.warnings["birth_date"] = f"{day} {planned.warnings.get('birth_date', '')}".strip()

    def _read_answers(self, planned: Planned, cells: dict[str, str], category: Category) -> None:
        for name, question in self._questions(category).items():
            if name in cells:
                try:
                    planned.answers[question] = answers.read_text(question, cells[name])
                except ValidationError as refused:
                    planned.errors[name] = refused.messages[0]

    def _questions(self, category: Category) -> dict[str, Question]:
        if category.pk not in self.asked:
            self.asked[category.pk] = {name_of(q): q for q in for_category(self.meeting, category)}
        return self.asked[category.pk]

    def _find(self, planned: Planned, reference: str) -> None:
        values, entity_id = planned.read.values, planned.delegation.entity_id if planned.delegation else 0
        found = self.people.find(reference, values, entity_id)
        planned.pk = found.pk
        self._take(planned, found)
        first = self.seen.before(planned.number, values, entity_id, found.pk)
        if first is not None:
            planned.errors[_name_field(planned)] = _(
                "The same person stands in row %(row)d already. Keep one of the two, or write what tells them apart: "
                "a date of birth, or an address of their own."
            ) % {"row": first}

    def _take(self, planned: Planned, found: Found) -> None:
        """Sentences about the name stand beside the name as the file has it."""
        for mine, theirs in ((planned.errors, found.errors), (planned.warnings, found.warnings)):
            for name, sentence in theirs.items():
                mine.setdefault(_name_field(planned) if name == "display_name" else name, sentence)

    def _bring(self, planned: list[Planned], *, lock: bool) -> None:
        """The registrations that rows are about, with their answers, in a few queries."""
        pks = [row.pk for row in planned if row.pk]
        found: dict[int, Registration] = {}
        for at in range(0, len(pks), 1_000):
            query = Registration.objects.filter(pk__in=pks[at : at + 1_000]).select_related("delegation__category")
            if lock:
                query = query.select_for_update(of=("self",), no_key=True).order_by("pk")
            found |= {r.pk: r for r in query}
        self.answered = answers.initial_of(list(found.values())) if any(r.answers for r in planned) else {}
        for row in planned:
            row.registration = found.get(row.pk) if row.pk else None
            if row.registration is not None:
                row.registration.meeting = self.meeting

    def _decide(self, planned: Planned) -> None:
        """Outcome and changes; a row with any error is not taken."""
        if planned.registration is not None:
            self._as_change(planned, planned.registration)
        elif not planned.errors:
            self._as_new(planned)
        if planned.errors:
            planned.outcome, planned.changes = Outcome.ERROR, {}

    def _as_new(self, planned: Planned) -> None:
        fresh = Registration(meeting=self.meeting, delegation=planned.delegation)
        rows.fill(fresh, planned.read)
        missing = rows.problems(fresh)
        if "given_names" in missing:
            planned.errors[_name_field(planned)] = missing["given_names"]
            return
        planned.registration, planned.outcome = fresh, Outcome.CREATED
        planned.is_child = is_child(planned.read.values, self.meeting)
        if sentence := self._children_in_the_right_place(planned):
            planned.errors["birth_date"] = sentence
        elif not planned.is_child:
            self._mention_what_is_missing(planned, missing)
            if sentence := self.people.shared_email(planned.read.values, None):
                planned.warnings.setdefault("email", sentence)
            if planned.delegation and (sentence := self.seats.take(planned.delegation)):
                planned.warnings[""], planned.would_wait = sentence, True

    def _children_in_the_right_place(self, planned: Planned) -> str:
        """Why this row cannot be taken as what it is; no child’s name must end in an open row."""
        category = planned.delegation.category if planned.delegation else None
        if planned.is_child and not self.takes_children:
            return _("This person is under 18, and the meeting has no category for children and young people yet.")
        if category and category.for_children and not planned.read.values.get("birth_date"):
            return _("Write the date of birth: among children and young people it is needed.")
        if category and category.for_children and not planned.is_child:
            return _("18 or older: this person comes in another category.")
        return ""

    @cached_property
    def takes_children(self) -> bool:
        return Category.objects.filter(meeting=self.meeting, for_children=True).exists()

    def _mention_what_is_missing(self, planned: Planned, missing: dict[str, str]) -> None:
        for name, sentence in missing.items():
            planned.warnings.setdefault(name, _("Before it can be submitted: %(what)s") % {"what": sentence})

    def _as_change(self, planned: Planned, registration: Registration) -> None:
        planned.outcome = Outcome.UNCHANGED
        if registration.is_minor:
            planned.warnings[_name_field(planned)] = _(
                "With the safeguarding lead. What is on file is changed on the child’s own page, not by a file."
            )
            # Kept beside each other, the name in the file and the row with its alias would undo the seal.
            planned.pk, planned.cells, planned.is_child = None, {}, True
            return
        planned.values = self._new_values(planned, registration)
        planned.changes = {n: [plain(_now(registration, n)), plain(v)] for n, v in planned.values.items()}
        planned.answers = self._new_answers(planned, registration)
        planned.changes |= {name_of(q): [self._told(registration, q), v] for q, v in planned.answers.items()}
        if planned.changes:
            planned.outcome = Outcome.UPDATED
            self._may_change(planned, registration)
        elif registration.told_status in GONE:
            planned.warnings[_name_field(planned)] = self._is_gone(registration)

    def _new_values(self, planned: Planned, registration: Registration) -> dict[str, Any]:
        settled = rows.settled(registration, planned.read)
        values = {n: v for n, v in settled.items() if plain(getattr(registration, n)) != plain(v)}
        target = planned.delegation
        if target is None or target.pk == registration.delegation_id:
            return values
        if target.entity_id != registration.delegation.entity_id:
            planned.errors["entity"] = _(
                "%(who)s is registered for %(other)s. Withdraw there first, or leave the reference and the address out."
            ) % {"who": registration.display_name, "other": registration.delegation.name}
        elif not planned.cells.get("category", "").strip():
            return values  # nobody has asked for another category
        else:
            values["category"] = target.category
        return values

    def _new_answers(self, planned: Planned, registration: Registration) -> dict[Question, Any]:
        return {q: v for q, v in planned.answers.items() if v is not None and self._answer(registration, q) != v}

    def _answer(self, registration: Registration, question: Question) -> Any:
        return self.answered.get(registration.pk, {}).get(name_of(question))

    def _told(self, registration: Registration, question: Question) -> Any:
        """What the preview says of an answer that is there: what it is, only where every organiser reads it."""
        there = self._answer(registration, question)
        is_open = question.data_class < answers.RESTRICTED and Role.ORGANISER in question.readers
        return there if is_open or there in (None, "", []) else "••••••"

    def _may_change(self, planned: Planned, registration: Registration) -> None:
        planned.is_child = is_child(planned.values, self.meeting)
        if planned.is_child and (sentence := self._children_in_the_right_place(planned)):
            planned.errors["birth_date"] = sentence
        elif registration.told_status in GONE:
            planned.errors[_name_field(planned)] = self._is_gone(registration)
        elif registration.told_status == Status.APPROVED and self.needs_word and MATERIAL & set(planned.values):
            planned.warnings.setdefault(
                "", _("Approved already: a new name, role or category waits for the organisers’ word.")
            )
        elif registration.status != Status.DRAFT and not self._can_be_reached(planned, registration):
            planned.errors["on_behalf"] = _("Write the email address, or tick “no mail to this person”")
        if sentence := self.people.shared_email(planned.values, registration.pk):
            planned.warnings.setdefault("email", sentence)

    def _can_be_reached(self, planned: Planned, registration: Registration) -> bool:
        return any(planned.values.get(name, getattr(registration, name)) for name in ("email", "on_behalf"))

    def _is_gone(self, registration: Registration) -> str:
        return _("%(who)s (%(reference)s) is %(now)s. Bring %(who)s back on the roster first, then import again.") % {
            "who": registration.display_name,
            "reference": registration.reference,
            "now": registration.get_status_display().lower(),
        }


def _now(registration: Registration, name: str) -> Any:
    return registration.delegation.category if name == "category" else getattr(registration, name)


def _name_field(planned: Planned) -> str:
    """The column beside which something about the name is said."""
    names = ("display_name", "family_name", "given_names")
    return next(
        (n for n in names if planned.cells.get(n, "").strip()), next((n for n in names if n in planned.cells), "")
    )


def _unguarded(cell: str) -> str:
    """The cell freed of what nobody sees, and of the apostrophe that our own lists put before =, + and the like."""
    text = tidy(cell)
    return text[1:] if text[:1] == "'" and guarded(text[1:]) == text else text


def _counted_day(text: str, *, epoch_1904: bool) -> datetime.date | None:
    """A day that lost its format, and is a number of days by now."""
    if not (text.isascii() and text.isdigit() and len(text) in (4, 5) and int(text) in DAYS):
        return None
    if len(text) == 4 and not epoch_1904:
        return None  # rather a year
    return EPOCHS[epoch_1904] + datetime.timedelta(days=int(text))


def _with_merged(table: Table, fields: list[str]) -> Iterator[Row]:
    """Rows in which what can be shared by several rows is filled in, and what cannot is an error beside the cell."""
    by_number = {row.number: row for row in table.rows}
    for row in table.rows:
        for column, (first_row, first_column) in row.merged.items():
            if not fields[column]:
                continue
            source = by_number.get(first_row)
            if first_column == column and fields[column] in SHAREABLE and source:
                row.cells[column] = source.cells[column]
                row.warnings[column] = _("Merged with row %(row)d: the same is taken for this row.") % {
                    "row": first_row
                }
            elif first_column == column or fields[first_column]:
                row.errors[column] = _(
                    "This cell is merged with another one, so it says nothing by itself. Unmerge them in the "
                    "spreadsheet, and write each value in its own cell."
                )
        yield row
