"""What the letters say of many registrations at once, asked of the database: for the queue and its counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q

from ..models import Letter, LetterName, Pairing, Registration
from .likeness import Named, propose
from .reconcile import MATCHED, NO_LETTER, NOT_NAMED, PROPOSED, SEALED, SENT, spellings

CURRENT = {"letter__registration": None, "letter__superseded_by": None}


def is_matched() -> Exists:
    """A person has said that a name on a letter is this registration."""
    paired = LetterName.objects.filter(registration=OuterRef("pk"), pairing=Pairing.MATCHED, **CURRENT)
    return Exists(paired.filter(letter__delegation=OuterRef("delegation")))


def has_names() -> Exists:
    """The names on a letter of the delegation have been typed."""
    return Exists(LetterName.objects.filter(letter__delegation=OuterRef("delegation"), **CURRENT))


def has_own_letter() -> Exists:
    return Exists(Letter.objects.filter(registration=OuterRef("pk")))


def has_delegations_letter() -> Exists:
    return Exists(Letter.objects.filter(delegation=OuterRef("delegation"), registration=None))


def facts() -> dict[str, Exists]:
    """For `annotate`: what `mark_each` needs."""
    return {
        "on_letter": is_matched(),
        "names_typed": has_names(),
        "own_letter": has_own_letter(),
        "delegations_letter": has_delegations_letter(),
    }


def narrowed(choice: str) -> Q:
    """The condition behind each choice of the filter."""
    sent = Q(has_own_letter()) | Q(has_delegations_letter())
    return {
        "matched": Q(is_matched()),
        "unnamed": Q(has_names()) & ~Q(is_matched()),
        "yes": sent,
        "no": ~sent,
    }[choice]


def mark_each(rows: list[Registration]) -> None:
    """Each row, read with `facts`, learns in `letter_mark` how it stands: one more query where names are typed."""
    for row in rows:
        row.letter_mark = _mark(row)  # type: ignore[attr-defined]
    open_rows = [row for row in rows if row.letter_mark == NOT_NAMED]  # type: ignore[attr-defined]
    for pk in _proposed(open_rows) if open_rows else ():
        next(row for row in open_rows if row.pk == pk).letter_mark = PROPOSED  # type: ignore[attr-defined]


def _mark(row: Registration) -> str:
    if row.is_minor:
        return SEALED
    if row.on_letter:  # type: ignore[attr-defined]
        return MATCHED
    if row.names_typed:  # type: ignore[attr-defined]
        return NOT_NAMED
    return SENT if row.own_letter or row.delegations_letter else NO_LETTER  # type: ignore[attr-defined]


def _proposed(rows: list[Registration]) -> Iterable[int]:
    """Which of these may be named after all: told for the page, so that the reviewer looks at the letter first."""
    names = LetterName.objects.filter(letter__delegation__in={r.delegation_id for r in rows}, **CURRENT)
    by_delegation: dict[int, list[LetterName]] = defaultdict(list)
    for name in names.filter(pairing=Pairing.OPEN).select_related("letter"):
        by_delegation[name.letter.delegation_id].append(name)  # type: ignore[index]
    for delegation, open_names in by_delegation.items():
        people = [Named(r.pk, spellings(r)) for r in rows if r.delegation_id == delegation]
        said = [Named(-n.pk, (n.name,), frozenset(n.ruled_out)) for n in open_names]
        yield from (proposal.person for proposal in propose(said, people))
