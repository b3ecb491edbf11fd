"""What persons say of a name on a letter: this is she, this is not he, they do not come; and taking it back.

Each locks the letters first, so that of two who say different things at once the second is told what the first said.
Nobody's status changes here: whoever decides reads the pairs and decides.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from meeting.models import User

from ..models import Delegation, DelegationEvent, Letter, LetterName, Pairing, Registration
from .reconcile import roster_of

SAID = ("pairing", "registration", "ruled_out", "decided_by", "decided_at")


class NotPaired(Exception):
    """What was asked cannot be; the text is a sentence for the screen."""


class _Table:
    """The names that somebody speaks of, their letters locked, and the roster beside them. Needs a transaction."""

    def __init__(self, name_pks: Iterable[int]) -> None:
        letters = Letter.objects.filter(names__in=name_pks).values("pk")
        # In one order, so that no two wait for each other.
        list(Letter.objects.select_for_update().filter(pk__in=letters).order_by("pk"))
        everything = LetterName.objects.filter(letter__in=letters).select_related("registration", "decided_by")
        around = everything.select_related("letter__delegation", "letter__superseded_by")
        self.names = {name.pk: name for name in around}
        delegation = next(iter(self.names.values())).letter.delegation
        self.roster = {r.pk: r for r in roster_of(delegation) if not r.is_minor}  # type: ignore[arg-type]
        self.paired = {(n.letter_id, n.registration_id): n for n in self.names.values() if n.registration_id}

    def name(self, pk: int) -> LetterName:
        found = self.names[pk]
        if hasattr(found.letter, "superseded_by"):
            raise NotPaired(_("A newer letter has come meanwhile. Nothing was changed by you: look at the new one."))
        return found

    def person(self, pk: int) -> Registration:
        if pk not in self.roster:
            raise NotPaired(_("This person is not on the roster any more. Nothing was changed by you."))
        return self.roster[pk]

    def holds(self, name: LetterName) -> bool:
        """Paired with somebody who still comes."""
        return name.pairing == Pairing.MATCHED and name.registration_id in self.roster

    def must_be_free(self, name: LetterName) -> None:
        if self.holds(name):
            values = {"name": name.name, "who": name.registration.printed_name, "by": name.decided_by or "–"}  # type: ignore[union-attr]
            raise NotPaired(_("%(name)s is paired with %(who)s already, by %(by)s. Undo that first.") % values)

    def pair(self, name: LetterName, person: Registration, by: User) -> bool:
        """Whether anything had to be said; NotPaired where one of the two is somebody else's."""
        if self.holds(name) and name.registration_id == person.pk:
            return False
        self.must_be_free(name)
        if other := self.paired.get((name.letter_id, person.pk)):
            values = {"who": person.printed_name, "number": other.number, "name": other.name}
            if other.pk != name.pk:
                raise NotPaired(_("%(who)s is paired with line %(number)d, %(name)s. Undo that first.") % values)
        name.ruled_out = [pk for pk in name.ruled_out if pk != person.pk]
        self.paired[name.letter_id, person.pk] = name
        _say(name, Pairing.MATCHED, person, by)
        return True


def confirm_many(pairs: Iterable[tuple[int, int]], *, by: User) -> tuple[int, list[str]]:
    """Confirm each of the pairs somebody saw, all of one delegation; how many hold now, and why the others do not."""
    pairs, refused, written = sorted(pairs), [], []
    with transaction.atomic():
        table = _Table([name for name, _person in pairs])
        for name_pk, person_pk in pairs:
            try:
                if table.pair(name := table.name(name_pk), table.person(person_pk), by):
                    written.append(name)
            except NotPaired as refusal:
                refused.append(str(refusal))
        LetterName.objects.bulk_update(written, SAID)
        _record("confirmed", by, *((name, name.registration) for name in written))
    return len(pairs) - len(refused), refused


def confirm(name_pk: int, registration_pk: int, *, by: User) -> None:
    """This name is this person. Said twice it holds once; NotPaired where one of the two is taken by now."""
    _done, refused = confirm_many([(name_pk, registration_pk)], by=by)
    if refused:
        raise NotPaired(refused[0])


@transaction.atomic
def deny(name_pk: int, registration_pk: int, *, by: User) -> None:
    """This name is not this person: it is not proposed again."""
    table = _Table([name_pk])
    name, person = table.name(name_pk), table.person(registration_pk)
    if name.registration_id == person.pk:
        table.must_be_free(name)
    if person.pk not in name.ruled_out:
        name.ruled_out = [*name.ruled_out, person.pk]
        name.save(update_fields=["ruled_out"])
        _record("denied", by, (name, person))


@transaction.atomic
def undo(name_pk: int, *, by: User) -> None:
    """Neither paired nor absent: the name is open as before."""
    name = _Table([name_pk]).name(name_pk)
    if name.pairing != Pairing.OPEN:
        was = name.registration
        _say(name, Pairing.OPEN, None, by)
        name.save(update_fields=SAID)
        _record("undone", by, (name, was))


@transaction.atomic
def absent(name_pk: int, *, by: User) -> None:
    """Named on the letter, and does not come."""
    table = _Table([name_pk])
    name = table.name(name_pk)
    table.must_be_free(name)
    if name.pairing != Pairing.ABSENT:
        _say(name, Pairing.ABSENT, None, by)
        name.save(update_fields=SAID)
        _record("absent", by, (name, None))


def forget(registration_pk: int) -> None:
    """Take a registration out of every pair, without a trace of which: for one that turns out to be a child's."""
    LetterName.objects.filter(registration=registration_pk).update(pairing=Pairing.OPEN, registration=None)


def names_of(delegation: Delegation) -> QuerySet[LetterName]:
    """Every name on a letter of this delegation, old versions too."""
    return LetterName.objects.filter(letter__delegation=delegation, letter__registration=None)


def _say(name: LetterName, pairing: Pairing, person: Registration | None, by: User) -> None:
    name.pairing, name.registration, name.decided_by, name.decided_at = pairing, person, by, timezone.now()


def _record(what: str, by: User, *said: tuple[LetterName, Registration | None]) -> None:
    """Numbers and references only: the history outlives the names."""
    events = [_event(what, by, name, person) for name, person in said]
    DelegationEvent.objects.bulk_create(events)


def _event(what: str, by: User, name: LetterName, person: Registration | None) -> DelegationEvent:
    detail = {"letter": name.letter_id, "line": name.number, "what": what}
    if person:
        detail["registration"] = person.reference
    delegation, paired = name.letter.delegation, DelegationEvent.Action.PAIRED
    return DelegationEvent(delegation=delegation, by=by, action=paired, detail=detail)  # type: ignore[misc]
