"""Issuing letters and taking them back. Numbers are given under the lock of their kind: no two alike, none left out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q, prefetch_related_objects
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from meeting.models import User

from ..mail import outbox
from ..models import IssuedKind, IssuedLetter, LetterSetup, OutgoingMail, Registration, RegistrationEvent
from ..models.registration import RegistrationQuerySet
from . import codes, glyphs, snapshot
from .standing import CannotIssue, setup_of, why_not

Why = IssuedLetter.Why
Action = RegistrationEvent.Action


@dataclass(frozen=True)
class Wanted:
    """Which letter, in which language (empty: each person's own), by whom (nobody: the person), and who may take it."""

    kind: str
    language: str = ""
    by: User | None = None
    shared: bool = False
    tells: bool = False


@dataclass(frozen=True)
class Outcome:
    letter: IssuedLetter | None = None
    is_new: bool = False
    refusal: str = ""


@transaction.atomic
def issue(registration_id: int, wanted: Wanted) -> IssuedLetter:
    """The valid letter of this kind and language, a new one where there is none. Raises CannotIssue with a sentence."""
    [registration] = lock([registration_id])
    outcome = issue_to([registration], wanted)[registration.pk]
    if outcome.letter is None:
        raise CannotIssue(outcome.refusal)
    return outcome.letter


def lock(registration_ids: Iterable[int]) -> list[Registration]:
    """Registrations before the row that numbers letters, each by number: nobody waits for each other."""
    rows = Registration.objects.select_for_update(of=("self",), no_key=True)
    return _with_names(rows.filter(pk__in=list(registration_ids)))


def lock_free(registration_id: int) -> list[Registration]:
    """The same to look at, without the lock."""
    return _with_names(Registration.objects.filter(pk=registration_id))


def _with_names(rows: RegistrationQuerySet) -> list[Registration]:
    found = list(rows.with_all_around().select_related("delegation__category", "delegation__entity").order_by("pk"))
    prefetch_related_objects([r.delegation.entity for r in found], "names")
    return [registration.take_meeting() for registration in found]


def issue_to(registrations: Sequence[Registration], wanted: Wanted) -> dict[int, Outcome]:
    """The same for several of one meeting, which the caller has locked; in the transaction of the caller."""
    if not registrations:
        return {}
    setup = setup_of(registrations[0].meeting, wanted.kind)
    categories = set(setup.categories.values_list("pk", flat=True))
    there = _valid_ones(registrations, wanted.kind)
    outcomes: dict[int, Outcome] = {}
    waiting: list[tuple[Registration, str]] = []
    for registration in registrations:
        language = wanted.language or registration.language
        if refusal := why_not(registration, setup, categories):
            outcomes[registration.pk] = Outcome(refusal=refusal)
        elif letter := there.get((registration.pk, language)):
            letter.registration = registration
            outcomes[registration.pk] = Outcome(letter)
        else:
            waiting.append((registration, language))
    _hand_over([o.letter for o in outcomes.values() if o.letter], wanted)
    return outcomes | _write(waiting, setup, wanted)


def _valid_ones(registrations: Sequence[Registration], kind: str) -> dict[tuple[int, str], IssuedLetter]:
    found = IssuedLetter.objects.filter(registration__in=[r.pk for r in registrations], kind=kind).valid()
    return {(letter.registration_id, letter.language): letter for letter in found}


def _hand_over(letters: Sequence[IssuedLetter], wanted: Wanted) -> None:
    """Those that are there already: from now on the person may take them, and is told where that is asked."""
    closed = [letter.pk for letter in letters if wanted.shared and not letter.is_shared]
    if closed:
        IssuedLetter.objects.filter(pk__in=closed).update(is_shared=True)
    if wanted.tells:
        for letter in letters:
            tell(letter)


def _write(waiting: Sequence[tuple[Registration, str]], setup: LetterSetup, wanted: Wanted) -> dict[int, Outcome]:
    if not waiting:
        return {}
    numbering = LetterSetup.objects.select_for_update(no_key=True).get(pk=setup.pk)
    setup.last_number = numbering.last_number
    outcomes = {registration.pk: _compose(registration, language, setup, wanted) for registration, language in waiting}
    letters = [outcome.letter for outcome in outcomes.values() if outcome.letter]
    IssuedLetter.objects.bulk_create(letters)
    LetterSetup.objects.filter(pk=setup.pk).update(last_number=setup.last_number)
    _note(letters, Action.LETTER_ISSUED, wanted.by)
    if wanted.tells:
        for letter in letters:
            tell(letter)
    return outcomes


def _compose(registration: Registration, language: str, setup: LetterSetup, wanted: Wanted) -> Outcome:
    """The next letter; a number is used up only by one that can be printed."""
    said = snapshot.taken(registration, setup, language, setup.last_number + 1)
    if strange := glyphs.missing(glyphs.all_words({name: part for name, part in said.items() if name != "of"})):
        return Outcome(refusal=not_printable(registration, strange))
    setup.last_number += 1
    letter = IssuedLetter(
        meeting=registration.meeting, registration=registration, kind=setup.kind, number=setup.last_number,
        language=language, code=codes.new_code(), snapshot=said, is_shared=wanted.shared, issued_by=wanted.by,
    )  # fmt: skip
    return Outcome(letter, is_new=True)


def not_printable(registration: Registration, strange: str) -> str:
    shown = " ".join(f"{c} (U+{ord(c):04X})" for c in strange[:5])
    return _(
        "The letter of %(who)s has characters that our fonts do not have: %(characters)s. "
        "Correct them, or write this letter by hand."
    ) % {"who": registration.display_name, "characters": shown}


def tell(letter: IssuedLetter) -> None:
    """Write to the person that the letter is there; it comes with the message. Once for each letter."""
    registration, key = letter.registration, f"letter-{letter.pk}"
    with translation.override(registration.language):
        kind = str(IssuedKind(letter.kind).label)
    outbox.queue("letter_ready", registration, key=key, values={"letter": kind})
    copies = OutgoingMail.objects.filter(Q(key=key) | Q(key__startswith=f"{key}-"), registration=registration)
    copies.update(letter=letter)


def _note(letters: Iterable[IssuedLetter], action: str, by: User | None) -> None:
    RegistrationEvent.objects.bulk_create(
        RegistrationEvent(
            registration=letter.registration, action=action, by=by, from_status=letter.registration.status,
            to_status=letter.registration.status, changes={"letter": letter.printed_number},
            reason=letter.reason if action == Action.LETTER_REVOKED else "",
        )
        for letter in letters
    )  # fmt: skip


# Taking letters back


@transaction.atomic
def revoke(letter_id: int, *, by: User, reason: str) -> IssuedLetter:
    """By hand, with a reason for colleagues. Raises CannotIssue where it counts no more already."""
    if not reason.strip():
        raise CannotIssue(_("Give a reason: it stands in the history."))
    letter = IssuedLetter.objects.select_for_update(of=("self",)).select_related("registration").get(pk=letter_id)
    if not letter.is_valid:
        raise CannotIssue(_("%(number)s is revoked already. There is nothing left to do.") % {"number": letter})
    _take_back([letter], Why.BY_HAND, by=by, reason=reason.strip()[:500])
    return letter


@transaction.atomic
def issue_anew(letter_id: int, *, by: User) -> IssuedLetter:
    """The same letter as things stand now, with a new number; the old one counts no more."""
    old = IssuedLetter.objects.get(pk=letter_id)
    [registration] = lock([old.registration_id])
    valid = IssuedLetter.objects.select_for_update(of=("self",)).select_related("registration").valid()
    for letter in valid.filter(registration=registration, kind=old.kind, language=old.language):
        _take_back([letter], Why.REPLACED, by=by)
    wanted = Wanted(old.kind, old.language, by=by, shared=old.is_shared)
    outcome = issue_to([registration], wanted)[registration.pk]
    if outcome.letter is None:
        raise CannotIssue(outcome.refusal)
    return outcome.letter


def follow_move(registration: Registration, *, by: User | None) -> None:
    """Whoever is not approved any more has no valid letter. Inside a move, whose lock the caller holds.

    While the move can be undone nobody outside is told, so the letters count until then.
    """
    _take_back(_all_valid(registration), Why.STATUS, by=by, at=registration.quiet_until)


def follow_undo(registration: Registration) -> None:
    """A move that was undone takes back nothing."""
    ahead = registration.issued_letters.filter(revoked_at__gt=timezone.now())
    ahead.update(revoked_at=None, revoked_by=None, revoked_why="", reason="")


def follow_telling(registration: Registration) -> None:
    """The move is told sooner than was meant, and so is what follows from it."""
    registration.issued_letters.filter(revoked_at__gt=timezone.now()).update(revoked_at=timezone.now())


def follow_edit(registration: Registration, *, by: User | None) -> None:
    """Letters that say something else than the registration says by now count no more. Inside an edit."""
    now = snapshot.drawn_from(registration)
    untrue = [letter for letter in _all_valid(registration) if letter.snapshot["of"] != now]
    _take_back(untrue, Why.CHANGED, by=by)


def _all_valid(registration: Registration) -> list[IssuedLetter]:
    letters = list(registration.issued_letters.valid())
    for letter in letters:
        letter.registration = registration
    return letters


def _take_back(
    letters: Sequence[IssuedLetter], why: str, *, by: User | None, reason: str = "", at: object = None
) -> None:
    if not letters:
        return
    fields = {"revoked_at": at or timezone.now(), "revoked_by": by, "revoked_why": why, "reason": reason}
    for letter in letters:
        vars(letter).update(revoked_at=fields["revoked_at"], revoked_why=why, reason=reason)
    IssuedLetter.objects.filter(pk__in=[letter.pk for letter in letters]).update(**fields)
    _note(letters, Action.LETTER_REVOKED, by)
