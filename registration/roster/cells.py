"""Saving what somebody typed into a row, while others may be typing into the same roster.

Nobody locks a roster. Each cell comes with what its editor saw in it: cells that others have changed meanwhile are
shown side by side and written only when somebody has chosen; cells that nobody else touched are simply written.
"""

from __future__ import annotations

import copy
import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from meeting.models import User

from .. import rows, workflow
from ..models import ChildRecord, Delegation, Registration, RegistrationEvent, Status
from ..names import tidy
from ..safeguarding import intake
from . import sealing

TYPED_IN_PLACE = (Status.DRAFT, Status.RETURNED)


@dataclass(frozen=True)
class Cell:
    """One cell as it came back from a screen: what stands in it now, and what stood there when it was opened."""

    text: str
    was: str

    @property
    def is_changed(self) -> bool:
        return tidy(self.text) != tidy(self.was)


@dataclass(frozen=True)
class Stale:
    """A cell that somebody else has changed meanwhile: both texts, who and when."""

    mine: str
    theirs: str
    by: str
    at: datetime.datetime | None


@dataclass
class Saved:
    """What became of the cells. Where one is stale, or cannot be taken, nothing was written."""

    registration: Registration
    stale: dict[str, Stale] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    warnings: dict[str, str] = field(default_factory=dict)
    applied: dict[str, list[Any]] = field(default_factory=dict)
    proposed: dict[str, list[Any]] = field(default_factory=dict)
    answered: bool = False  # questions of the meeting were answered along with it
    sealed: ChildRecord | None = None  # the date of birth showed a child, and the row has left this roster

    @property
    def is_written(self) -> bool:
        return not self.stale and not (self.errors and self.registration.status != Status.DRAFT)


@transaction.atomic
def save(
    registration_id: int,
    cells: dict[str, Cell],
    delegation: Delegation,
    *,
    by: User,
    needs_word: bool = True,
    answered: Mapping[str, Any] | None = None,
) -> Saved:
    """Write the cells that differ from what their editor saw. MoveNotAllowed where the row cannot be changed at all.

    A draft takes everything: what cannot be read stays as text, with a mistake beside it. A row that the organisers
    have takes only what is right.
    """
    registration = Registration.objects.select_for_update(no_key=True).get(pk=registration_id)
    registration.delegation = delegation
    if registration.is_minor:
        raise workflow.MoveNotAllowed(_("This row is with the safeguarding lead. Change it on its own page."))
    changed = {name: cell for name, cell in cells.items() if cell.is_changed}
    if stale := _stale(registration, changed):
        return Saved(registration, stale=stale)
    row = rows.read(_with_names(registration, changed), meeting=delegation.meeting, category=delegation.category)
    saved = Saved(registration, errors=row.errors, warnings=row.warnings)
    if intake.is_child(row.values, delegation.meeting):
        rows.fill(registration, row)
        saved.sealed = sealing.seal(registration, by=by)
        return saved
    if registration.status == Status.DRAFT:
        _into_draft(saved, row, changed, by=by)
    else:
        _into_sent(saved, row, by=by, needs_word=needs_word, answered=answered)
    return saved


def _stale(registration: Registration, cells: dict[str, Cell]) -> dict[str, Stale]:
    found = {}
    for name, cell in cells.items():
        now = rows.text_of(registration, name)
        if now not in (tidy(cell.was), tidy(cell.text)):
            found[name] = _told(registration, name, cell, now)
    return found


def _told(registration: Registration, name: str, cell: Cell, now: str) -> Stale:
    edits = registration.events.filter(action=RegistrationEvent.Action.EDITED, changes__has_key=name)
    last = edits.select_related("by").order_by("at", "pk").last()
    return Stale(cell.text, now, str(last.by) if last and last.by else "", last.at if last else None)


def _with_names(registration: Registration, cells: dict[str, Cell]) -> dict[str, str]:
    """The texts to read. A name to print that is changed alone leaves the two names it is made of as they are."""
    texts = {name: cell.text for name, cell in cells.items()}
    if "display_name" in texts and (registration.given_names or registration.family_name):
        for name in ("given_names", "family_name"):
            texts.setdefault(name, rows.text_of(registration, name))
    return texts


def _into_draft(saved: Saved, row: rows.ReadRow, cells: dict[str, Cell], *, by: User) -> None:
    registration = saved.registration
    kept = {name: text for name, text in registration.unparsed.items() if name not in row.values}
    values = rows.settled(registration, row) | {"unparsed": kept | row.unparsed}
    before = {name: rows.text_of(registration, name) for name in cells}
    edited = workflow.edit(registration.pk, values, by=by)
    saved.registration, saved.applied = edited.registration, edited.applied
    changes = {name: [was, rows.text_of(edited.registration, name)] for name, was in before.items()}
    if changes:
        note_typing(edited.registration, changes, by=by)


def note_typing(registration: Registration, changes: dict[str, list[str]], *, by: User) -> None:
    """So that whoever types in the same cell is told by whom it was changed, and when."""
    registration.events.create(
        action=RegistrationEvent.Action.EDITED,
        from_status=registration.status,
        to_status=registration.status,
        by=by,
        changes=changes,
    )


def _into_sent(
    saved: Saved, row: rows.ReadRow, *, by: User, needs_word: bool, answered: Mapping[str, Any] | None
) -> None:
    values = rows.settled(saved.registration, row)
    would_be = copy.copy(saved.registration)
    for name, value in values.items():
        setattr(would_be, name, value)
    missing = {name: sentence for name, sentence in rows.problems(would_be).items() if name in values}
    saved.errors = missing | saved.errors
    if saved.errors:
        return
    edited = workflow.edit(saved.registration.pk, values, by=by, needs_word=needs_word, answered=answered)
    saved.registration, saved.applied, saved.proposed = edited.registration, edited.applied, edited.proposed
