"""What the letters say of many registrations at once, asked of the database: for the queue and its counts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from django.db.models import Exists, F, OuterRef, Q

from ..models import Letter, LetterName, Pairing, Registration
from . import elsewhere
from .likeness import Named, propose
from .reconcile import (
    MATCHED,
    NO_LETTER,
    NOT_NAMED,
    PROPOSED,
    SEALED,
    SENT,
    Reconciliation,
    rosters_of,
    spellings,
)

CURRENT = {"letter__registration": None, "letter__superseded_by": None}


def is_matched() -> Exists:
    """A person has said that a name on a letter of the same entity is this registration."""
    return Exists(elsewhere.confirmed().filter(registration=OuterRef("pk")))


def has_names() -> Exists:
    """The names on a letter of the delegation have been typed."""
    return Exists(LetterName.objects.filter(letter__delegation=OuterRef("delegation"), **CURRENT))


def has_own_letter() -> Exists:
    return Exists(Letter.objects.filter(registration=OuterRef("pk")))


def has_delegations_letter() -> Exists:
    return Exists(Letter.objects.filter(delegation=OuterRef("delegation"), registration=None))


def narrowed(choice: str) -> Q:
    """The condition behind each choice of the filter."""
    sent = Q(has_own_letter()) | Q(has_delegations_letter()) | Q(is_matched())
    return {
        "matched": Q(is_matched()),
        "unnamed": Q(has_names()) & ~Q(is_matched()),
        "yes": sent,
        "no": ~sent,
    }[choice]


def kinds_of_names(delegations: Iterable[int]) -> dict[int, Counter[str]]:
    """How many names on the letters of each delegation are matched, proposed, unregistered or absent; two queries."""
    letters = Letter.objects.of_delegations().current().filter(delegation__in=delegations)
    names: dict[int, list[LetterName]] = defaultdict(list)
    for name in LetterName.objects.filter(letter__in=letters).select_related("letter", "registration"):
        names[name.letter.delegation_id].append(name)  # type: ignore[index]
    people: dict[int, list[Registration]] = defaultdict(list)
    for person in rosters_of(names):
        people[person.delegation_id].append(person)
    return {pk: _kinds(own, people[pk]) for pk, own in names.items()}


def _kinds(names: list[LetterName], people: list[Registration]) -> Counter[str]:
    letters = list({name.letter_id: name.letter for name in names}.values())
    return Counter(line.kind for line in Reconciliation(letters, names, people).lines)


def mark_each(rows: list[Registration]) -> None:
    """Each row learns in `letter_mark` how it stands: read for these rows alone, whatever else is stored."""
    letters = _letters_of(rows)
    of_delegations = {n.pk: n.delegation_id for n in letters if n.registration_id is None}
    replaced = {n.supersedes_id for n in letters}
    names = list(LetterName.objects.filter(letter__in=of_delegations.keys() - replaced)) if of_delegations else []
    by_delegation: dict[int | None, list[LetterName]] = defaultdict(list)
    for name in names:
        by_delegation[of_delegations[name.letter_id]].append(name)
    sent = {n.registration_id for n in letters}, set(of_delegations.values())
    of_entities = {n.pk: n.entity for n in letters}  # type: ignore[attr-defined]
    matched = {(n.registration_id, of_entities[n.letter_id]) for n in names if n.pairing == Pairing.MATCHED}
    for row in rows:
        is_matched = (row.pk, row.delegation.entity_id) in matched
        row.letter_mark = _mark(row, is_matched, by_delegation[row.delegation_id], sent)  # type: ignore[attr-defined]
    open_rows = {row.pk: row for row in rows if row.letter_mark == NOT_NAMED}  # type: ignore[attr-defined]
    for pk in _proposed(list(open_rows.values()), by_delegation):
        open_rows[pk].letter_mark = PROPOSED  # type: ignore[attr-defined]


def _letters_of(rows: list[Registration]) -> list[Letter]:
    """Those sent with the rows, those of their delegations, and those of the delegations they came from."""
    own = Q(registration__in=[row.pk for row in rows])
    shared = Q(registration=None, delegation__in={row.delegation_id for row in rows})
    named = Q(pk__in=elsewhere.confirmed().filter(registration__in=[row.pk for row in rows]).values("letter"))
    found = Letter.objects.filter(own | shared | named).annotate(entity=F("delegation__entity"))
    return list(found.only("registration", "delegation", "supersedes"))


def _mark(
    row: Registration, is_matched: bool, names: list[LetterName], sent: tuple[set[int | None], set[int | None]]
) -> str:
    if row.is_minor:
        return SEALED
    if is_matched:
        return MATCHED
    if names:
        return NOT_NAMED
    return SENT if row.pk in sent[0] or row.delegation_id in sent[1] else NO_LETTER


def _proposed(rows: list[Registration], names: dict[int | None, list[LetterName]]) -> Iterable[int]:
    """Which of these may be named after all: told for the page, so that the reviewer looks at the letter first."""
    for delegation in {row.delegation_id for row in rows}:
        people = [Named(r.pk, spellings(r)) for r in rows if r.delegation_id == delegation]
        still = [n for n in names[delegation] if n.pairing == Pairing.OPEN]
        said = [Named(-n.pk, (n.name,), frozenset(n.ruled_out)) for n in still]
        yield from (proposal.person for proposal in propose(said, people))
