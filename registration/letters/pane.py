"""Everything the letter's side of a screen shows: pages, names with their marks, what can be said of each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from meeting.models import User

from ..models import Delegation, Letter, LetterName, Registration
from . import elsewhere, lacking, pages
from .reconcile import EXACT, MATCHED, NOT_COMPARED, PROPOSED, UNREGISTERED, Line, Reconciliation, state_of
from .versions import sent_by_others

MOST_AT_ONCE = 400  # pairs behind one button


@dataclass
class Addresses:
    """Where the buttons and pictures of one delegation's letters lead, at the desk or in the workspace."""

    delegation: Delegation
    at_desk: bool

    def page(self, letter: Letter, number: int) -> str:
        return self._of("letter_page", pk=letter.pk, page=number)

    def file(self, letter: Letter) -> str:
        return self._of("letter" if self.at_desk else "letter_file", pk=letter.pk)

    def names(self, letter: Letter) -> str:
        return self._of("letter_names", pk=letter.pk)

    def edit(self, letter: Letter) -> str:
        return self._workspace("letter_edit", pk=letter.pk)

    @property
    def new(self) -> str:
        return self._workspace("letter_new")

    @property
    def pairing(self) -> str:
        if self.at_desk:
            return self._of("letter_pairing", delegation=self.delegation.reference)
        return self._workspace("pairing")

    def _workspace(self, name: str, **more: Any) -> str:
        around = {"slug": self.delegation.meeting.slug, "delegation": self.delegation.reference}
        return reverse(f"roster:{name}", kwargs=around | more)

    def _of(self, name: str, **more: Any) -> str:
        if not self.at_desk:
            return self._workspace(name, **more)
        return reverse(f"admin:desk:{name}", kwargs={"slug": self.delegation.meeting.slug} | more)


@dataclass
class Sheet:
    """One letter: its pages, the names on it, the versions before it."""

    letter: Letter
    pages: list[str]
    more_pages: int
    file: str
    names: str = ""
    edit: str = ""
    lines: list[Line] = field(default_factory=list)
    before: list[tuple[Letter, str]] = field(default_factory=list)
    also_sent_by: list[Delegation] = field(default_factory=list)
    to_start_from: int = 0
    moved_from: LetterName | None = None  # of another category: the line that names the person who moved

    @property
    def is_of_delegation(self) -> bool:
        return self.letter.registration_id is None

    @property
    def same(self) -> list[Line]:
        """What one button confirms: the very same words, of one person and of no other."""
        same = [line for line in self.lines if line.kind == PROPOSED and line.how == EXACT]
        return same[:MOST_AT_ONCE]

    @property
    def same_pairs(self) -> str:
        return ",".join(line.pair for line in self.same)


@dataclass
class Pane:
    """The letters of one delegation, as its focal point or a reviewer sees them."""

    state: Reconciliation
    sheets: list[Sheet]
    addresses: Addresses
    needed: str
    wrong_kind: str
    may_write: bool = True
    this: Registration | None = None
    elsewhere: LetterName | None = None  # where the letter of the category they came from names the person
    is_whole: bool = False  # compared with everybody because the reader asked for it

    @property
    def open_lines(self) -> list[Line]:
        return [line for line in self.state.lines if line.kind in (PROPOSED, UNREGISTERED, NOT_COMPARED)]

    @property
    def free_people(self) -> list[Registration]:
        taken = {line.registration.pk for line in self.state.lines if line.kind == MATCHED and line.registration}
        return [r for r in self.state.roster if r.pk not in taken and not r.is_minor]


def of(delegation: Delegation, state: Reconciliation | None = None) -> dict[str, Any]:
    """For the workspace: `pane`, `tally`, `unregistered`, and `state`, whose `mark` knows each row."""
    state, addresses = state or state_of(delegation), Addresses(delegation, at_desk=False)
    sheets = [_sheet(letter, state, addresses) for letter in state.current]
    shown = Pane(state, sheets, addresses, lacking.needed(delegation), _wrong_kind(delegation, state))
    to_add = [line for line in state.lines if line.kind == UNREGISTERED]
    return {"pane": shown, "tally": tally(state), "unregistered": to_add, "state": state}


def at_desk(registration: Registration, reader: User, *, may_write: bool, is_whole: bool = False) -> Pane:
    """For a reviewer: the delegation's letters, the person's own, and whether another delegation sent the same file.

    `is_whole`: compared with everybody, however many they are.
    """
    delegation = registration.delegation
    state = state_of(delegation, with_drafts=False, about=None if is_whole else registration.pk)
    addresses = Addresses(delegation, at_desk=True)
    own = [letter for letter in state.letters if letter.registration_id == registration.pk]
    sheets = [_sheet(letter, state, addresses) for letter in [*own, *state.current]]
    named = [] if registration.is_minor else elsewhere.of(registration.pk)
    sheets = [*_moved_from(named, reader), *sheets]
    others = sent_by_others([sheet.letter for sheet in sheets], reader)
    for sheet in sheets:
        sheet.also_sent_by = others.get(sheet.letter.sha256, [])
    words = lacking.needed(delegation), _wrong_kind(delegation, state)
    return Pane(state, sheets, addresses, *words, may_write, registration, next(iter(named), None), is_whole)


def _moved_from(named: list[LetterName], reader: User) -> list[Sheet]:
    """The letters that came for somebody in the category they were in before, for those who may read them there."""
    if not named:
        return []
    letters = {name.letter_id: name for name in named}
    readable = Letter.objects.visible_to(reader).filter(pk__in=letters).values_list("pk", flat=True)
    return [_alone(letters[pk]) for pk in readable]


def _alone(name: LetterName) -> Sheet:
    """The pages of a letter without the comparison, which belongs to the delegation that sent it."""
    delegation: Delegation = name.letter.delegation  # type: ignore[assignment]
    sheet = _sheet(name.letter, Reconciliation([], [], []), Addresses(delegation, at_desk=True))
    sheet.moved_from = name
    return sheet


def sheet_at_desk(letter: Letter) -> Sheet:
    """One letter alone, to type its names beside it."""
    delegation: Delegation = letter.delegation  # type: ignore[assignment]
    return _sheet(letter, state_of(delegation, with_drafts=False), Addresses(delegation, at_desk=True))


def _sheet(letter: Letter, state: Reconciliation, addresses: Addresses) -> Sheet:
    count = pages.ensure(letter)
    sheet = Sheet(
        letter,
        [addresses.page(letter, number) for number in range(1, count + 1)],
        max(0, (letter.pages or 0) - count),
        addresses.file(letter),
    )
    if sheet.is_of_delegation:
        sheet.names, sheet.edit = addresses.names(letter), addresses.edit(letter)
        sheet.lines = [line for line in state.lines if line.name.letter_id == letter.pk]
        sheet.before = [(old, addresses.file(old)) for old in state.before(letter)]
    return sheet


def tally(state: Reconciliation) -> dict[str, int] | None:
    """The counts above the roster; none while there is nothing to compare."""
    return state.tally if state.names else None


def _wrong_kind(delegation: Delegation, state: Reconciliation) -> str:
    return lacking.wrong_kind(delegation, state.current)
