"""The letters of a delegation beside its roster: who is matched, who is named and not registered, and the reverse.

Everything is read from what persons have confirmed (`LetterName`); what only looks alike is proposed, never stored.
A pair counts while its registration is live. Whoever withdraws or is rejected falls out of it, and the name stands
open again; when they come back before somebody else was paired, the pair holds as before.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Q
from django.utils import timezone

from ..models import LIVE, Channel, Delegation, Letter, LetterName, Pairing, Registration, Status
from ..models.registration import RegistrationQuerySet
from .likeness import EXACT, SIMILAR, Named, Proposal, propose
from .words import words_of

MATCHED, PROPOSED, UNREGISTERED, ABSENT = "matched", "proposed", "unregistered", "absent"
NOT_NAMED, NOT_COMPARED, SENT, NO_LETTER, SEALED = "not_named", "not_compared", "sent", "no_letter", "sealed"
BLANK = "blank"  # a row that has no name yet
UNSENT = "unsent"  # matched with a row that the reader may not see yet
LARGE = 200  # people, or names: of more, open names are compared with one person alone

__all__ = ["EXACT", "SIMILAR", "Line", "Mark", "Reconciliation", "roster_of", "rosters_of", "spellings", "state_of"]


@dataclass(frozen=True)
class Mark:
    """What the letters say of one row of the roster.

    `kind` is matched, proposed, not_named, or: not_compared (a letter, and nobody has typed its names), sent (a letter
    of their own), no_letter, sealed (a child, whom no letter is compared with here).
    """

    kind: str
    name: str = ""
    letter_name_pk: int | None = None
    registration_pk: int | None = None
    number: int = 0
    how: str = ""

    @property
    def pair(self) -> str:
        """What a button sends to say yes or no to it."""
        return f"{self.letter_name_pk}:{self.registration_pk}"


@dataclass(frozen=True)
class Line:
    """What the roster says of one name on a letter: matched, proposed, unregistered, absent or unsent; not_compared
    where it was looked for among some people only, who are not it."""

    kind: str
    name: LetterName
    registration: Registration | None = None
    how: str = ""
    fell_out: Registration | None = None  # whom it was paired with, and who does not come any more

    @property
    def pair(self) -> str:
        """What a button sends to say yes or no to it."""
        return f"{self.name.pk}:{self.registration.pk}" if self.registration else ""


@dataclass
class Reconciliation:
    """The letters and the roster of one delegation, as they stand.

    Where the roster `is_narrowed`, it holds whoever is paired, and one person besides. What nobody else was asked about
    is then told of no name: neither that nobody else bears it, nor that nobody has registered under it.
    """

    letters: list[Letter]
    names: list[LetterName]
    roster: list[Registration]
    hidden: dict[int, Registration] = field(default_factory=dict)
    is_narrowed: bool = False

    @cached_property
    def current(self) -> list[Letter]:
        """The letters of the delegation that no newer version has replaced, newest first."""
        replaced = {letter.supersedes_id for letter in self.letters}
        return [n for n in self.letters if n.registration_id is None and n.pk not in replaced]

    def before(self, letter: Letter) -> list[Letter]:
        """The versions that this one took the place of, the last first."""
        by_pk, found = {n.pk: n for n in self.letters}, []
        while letter.supersedes_id in by_pk:
            letter = by_pk[letter.supersedes_id]
            found.append(letter)
        return found

    @cached_property
    def _by_pk(self) -> dict[int, Registration]:
        return {r.pk: r for r in self.roster}

    @cached_property
    def proposals(self) -> dict[int, Proposal]:
        """For a name's number in the database, who it may be. Each letter is compared with the roster by itself."""
        found: dict[int, Proposal] = {}
        for letter in self.current:
            names = [n for n in self.names if n.letter_id == letter.pk]
            taken = {n.registration_id for n in names if self._holds(n)}
            free = [Named(r.pk, spellings(r)) for r in self.roster if r.pk not in taken and not r.is_minor]
            still = [n for n in names if n.pairing != Pairing.ABSENT and not self._is_paired(n)]
            open_ = [Named(n.pk, (n.name,), frozenset(n.ruled_out)) for n in still]
            found |= {p.name: p for p in propose(open_, free)}  # type: ignore[misc]
        return found

    def _holds(self, name: LetterName) -> bool:
        paired = self._by_pk.get(name.registration_id or 0)
        return name.pairing == Pairing.MATCHED and paired is not None and not paired.is_minor

    def _is_paired(self, name: LetterName) -> bool:
        return self._holds(name) or name.registration_id in self.hidden

    @cached_property
    def lines(self) -> list[Line]:
        """Every name of the current letters, in the order of the letter."""
        return [self._line(name) for name in self.names]

    def _line(self, name: LetterName) -> Line:
        if name.pairing == Pairing.ABSENT:
            return Line(ABSENT, name)
        if self._holds(name):
            return Line(MATCHED, name, self._by_pk[name.registration_id], self._spelt(name))  # type: ignore[index]
        if name.registration_id in self.hidden:
            return Line(UNSENT, name)
        gone = self._fell_out(name)
        if proposal := self.proposals.get(name.pk):
            how = SIMILAR if self.is_narrowed else proposal.how
            return Line(PROPOSED, name, self._by_pk[proposal.person], how, gone)  # type: ignore[index]
        return Line(NOT_COMPARED if self.is_narrowed else UNREGISTERED, name, fell_out=gone)

    def _fell_out(self, name: LetterName) -> Registration | None:
        """Whom the name was paired with; nobody, where that turned out to be a child or moved to another delegation."""
        was = name.registration if name.pairing == Pairing.MATCHED else None
        is_told = was and not was.is_minor and was.delegation_id == name.letter.delegation_id
        return was if is_told else None

    def _spelt(self, name: LetterName) -> str:
        key, person = words_of(name.name).key, self._by_pk[name.registration_id]  # type: ignore[index]
        return EXACT if any(words_of(s).key == key for s in spellings(person)) else ""

    @cached_property
    def _marks(self) -> dict[int, Mark]:
        """Of those whom a letter names. A name somebody confirmed says more than one that is only proposed."""
        marks: dict[int, Mark] = {}
        for line in sorted(self.lines, key=lambda line: line.kind != MATCHED):
            if line.registration:
                name, pk = line.name, line.registration.pk
                marks.setdefault(pk, Mark(line.kind, name.name, name.pk, pk, name.number, line.how))
        return marks

    def mark(self, registration_pk: int) -> Mark:
        """What the letters say of this registration; of one that is not on the roster, as of one not named."""
        registration = self._by_pk.get(registration_pk)
        if registration and registration.is_minor:
            return Mark(SEALED)
        if found := self._marks.get(registration_pk):
            return found
        if registration and not spellings(registration):
            return Mark(BLANK)
        if self.names:
            return Mark(NOT_NAMED)
        if any(letter.registration_id == registration_pk for letter in self.letters):
            return Mark(SENT)
        return Mark(NOT_COMPARED if self.current else NO_LETTER)

    @cached_property
    def tally(self) -> dict[str, int]:
        """How many names are matched, proposed, unregistered or absent, and how many on the roster are not named."""
        kinds = [UNREGISTERED if line.kind == UNSENT else line.kind for line in self.lines]
        counted = {kind: kinds.count(kind) for kind in (MATCHED, PROPOSED, UNREGISTERED, ABSENT)}
        return counted | {NOT_NAMED: sum(self.mark(r.pk).kind == NOT_NAMED for r in self.roster)}

    @cached_property
    def unregistered(self) -> list[LetterName]:
        return [line.name for line in self.lines if line.kind == UNREGISTERED]


def state_of(delegation: Delegation, *, with_drafts: bool = True, about: int | None = None) -> Reconciliation:
    """Letters, names and roster in three queries. Reviewers see no drafts: those are the focal point's business.

    `about`: for whoever looks at this one person, and needs the others only to compare them with names. Of a large
    delegation that would take longer than the whole screen, so there the names are compared with this person alone.
    """
    letters = list(
        Letter.objects.filter(delegation=delegation).exclude(registration__status=Status.DRAFT).order_by("-pk")
    )
    current = [letter.pk for letter in Reconciliation(letters, [], []).current]
    names = list(LetterName.objects.filter(letter__in=current).select_related("registration", "letter"))
    narrowed = about is not None and _is_large(delegation, names)
    everybody = list(_beside(names, delegation, None if names and not narrowed else about))
    hidden = {r.pk: r for r in everybody if r.status == Status.DRAFT and not with_drafts and not r.is_minor}
    in_order = sorted(names, key=lambda n: (current.index(n.letter_id), n.number))
    return Reconciliation(letters, in_order, [r for r in everybody if r.pk not in hidden], hidden, narrowed)


def _is_large(delegation: Delegation, names: list[LetterName]) -> bool:
    """Whether there is more to compare than one screen waits for."""
    if not names:
        return False
    return len(names) > LARGE or roster_of(delegation).order_by()[: LARGE + 1].count() > LARGE


def _beside(names: list[LetterName], delegation: Delegation, about: int | None) -> RegistrationQuerySet:
    """The roster; with `about`, only this person and those who are paired."""
    roster = roster_of(delegation)
    paired = {n.registration_id for n in names if n.registration_id}
    return roster if about is None else roster.filter(pk__in={about, *paired})


def roster_of(delegation: Delegation) -> RegistrationQuerySet:
    """Those who come, or are about to: the live, and the drafts of the focal point. What somebody has only begun to
    fill in alone is theirs until they send it."""
    return rosters_of([delegation.pk])


def rosters_of(delegations: Iterable[int]) -> RegistrationQuerySet:
    """The same of several delegations. Whoever was just turned down stays as long as that can be undone: a name that
    stands open again would tell the focal point."""
    still_known = Q(quiet_until__gt=timezone.now(), quiet_status__in=LIVE)
    return (
        Registration.objects.filter(
            Q(status__in=(*LIVE, Status.DRAFT)) | still_known, delegation__in=list(delegations), merged_into=None
        )
        .exclude(status=Status.DRAFT, channel=Channel.SELF)
        .order_by("precedence", "pk")
    )


def spellings(registration: Registration) -> tuple[str, ...]:
    """Every way in which the registration writes the person's name."""
    both = f"{registration.given_names} {registration.family_name}"
    return tuple(s for s in (registration.display_name, both, registration.passport_name) if s.strip())
