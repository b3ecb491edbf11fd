"""What persons say of a name on a letter: this is she, this is not he, they do not come; and taking it back.

Each locks the letter first, so that of two who say different things at once the second is told what the first said.
Nobody's status changes here: whoever decides reads the pairs and decides.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from meeting.models import User

from ..models import Delegation, DelegationEvent, Letter, LetterName, Pairing, Registration
from .reconcile import roster_of


class NotPaired(Exception):
    """What was asked cannot be; the text is a sentence for the screen."""


def confirm(name_pk: int, registration_pk: int, *, by: User) -> LetterName:
    """This name is this person. Said twice it holds once; NotPaired where one of the two is taken by now."""
    with transaction.atomic():
        name, registration = _locked(name_pk), _on_roster(name_pk, registration_pk)
        if _holds(name) and name.registration_id != registration.pk:
            raise NotPaired(_taken_name(name))
        others = name.letter.names.filter(registration=registration).exclude(pk=name.pk)
        if other := others.first():
            values = {"who": registration.printed_name, "number": other.number, "name": other.name}
            raise NotPaired(_("%(who)s is paired with line %(number)d, %(name)s. Undo that first.") % values)
        if not _holds(name):
            ruled_out = [pk for pk in name.ruled_out if pk != registration.pk]
            _write(name, Pairing.MATCHED, registration, by, ruled_out=ruled_out)
            _record(name, "confirmed", by, registration)
        return name


def confirm_many(pairs: Iterable[tuple[int, int]], *, by: User) -> tuple[int, list[str]]:
    """Confirm each of the pairs somebody saw; how many hold now, and a sentence for each that does not."""
    done, refused = 0, []
    for name_pk, registration_pk in sorted(pairs):
        try:
            confirm(name_pk, registration_pk, by=by)
            done += 1
        except NotPaired as refusal:
            refused.append(str(refusal))
    return done, refused


def deny(name_pk: int, registration_pk: int, *, by: User) -> LetterName:
    """This name is not this person: it is not proposed again."""
    with transaction.atomic():
        name, registration = _locked(name_pk), _on_roster(name_pk, registration_pk)
        if _holds(name) and name.registration_id == registration.pk:
            raise NotPaired(_taken_name(name))
        if registration.pk not in name.ruled_out:
            name.ruled_out = [*name.ruled_out, registration.pk]
            name.save(update_fields=["ruled_out"])
            _record(name, "denied", by, registration)
        return name


def undo(name_pk: int, *, by: User) -> LetterName:
    """Neither paired nor absent: the name is open as before."""
    with transaction.atomic():
        name = _locked(name_pk)
        if name.pairing != Pairing.OPEN:
            was = name.registration
            _write(name, Pairing.OPEN, None, by)
            _record(name, "undone", by, was)
        return name


def absent(name_pk: int, *, by: User) -> LetterName:
    """Named on the letter, and does not come."""
    with transaction.atomic():
        name = _locked(name_pk)
        if _holds(name):
            raise NotPaired(_taken_name(name))
        if name.pairing != Pairing.ABSENT:
            _write(name, Pairing.ABSENT, None, by)
            _record(name, "absent", by, None)
        return name


def forget(registration_pk: int) -> None:
    """Take a registration out of every pair, without a trace of which: for one that turns out to be a child's."""
    LetterName.objects.filter(registration=registration_pk).update(pairing=Pairing.OPEN, registration=None)


def names_of(delegation: Delegation) -> Any:
    """The names that may be paired now: of the letters that hold."""
    return LetterName.objects.filter(
        letter__delegation=delegation, letter__registration=None, letter__superseded_by=None
    )


def _locked(name_pk: int) -> LetterName:
    letter = Letter.objects.select_for_update().get(names=name_pk)
    if Letter.objects.filter(supersedes=letter).exists():
        raise NotPaired(_("A newer letter has come meanwhile. Nothing was changed by you: look at the new one."))
    return LetterName.objects.select_related("letter__delegation", "registration", "decided_by").get(pk=name_pk)


def _on_roster(name_pk: int, registration_pk: int) -> Registration:
    delegation = Delegation.objects.get(letters__names=name_pk)
    registration = roster_of(delegation).filter(pk=registration_pk, is_minor=False).first()
    if registration is None:
        raise NotPaired(_("This person is not on the roster any more. Nothing was changed by you."))
    return registration


def _holds(name: LetterName) -> bool:
    """Paired with somebody who still comes."""
    if name.pairing != Pairing.MATCHED or name.registration is None:
        return False
    return roster_of(name.letter.delegation).filter(pk=name.registration.pk, is_minor=False).exists()  # type: ignore[arg-type]


def _taken_name(name: LetterName) -> str:
    values = {"name": name.name, "who": name.registration.printed_name, "by": name.decided_by or ""}  # type: ignore[union-attr]
    return _("%(name)s is paired with %(who)s already, by %(by)s. Undo that first.") % values


def _write(
    name: LetterName,
    pairing: Pairing,
    registration: Registration | None,
    by: User,
    *,
    ruled_out: list[int] | None = None,
) -> None:
    name.pairing, name.registration, name.decided_by, name.decided_at = pairing, registration, by, timezone.now()
    name.ruled_out = name.ruled_out if ruled_out is None else ruled_out
    name.save(update_fields=["pairing", "registration", "decided_by", "decided_at", "ruled_out"])


def _record(name: LetterName, what: str, by: User, registration: Registration | None) -> None:
    """Numbers and references only: the history outlives the names."""
    detail = {"letter": name.letter_id, "line": name.number, "what": what}
    if registration:
        detail["registration"] = registration.reference
    paired = DelegationEvent.Action.PAIRED
    DelegationEvent.objects.create(delegation_id=name.letter.delegation_id, by=by, action=paired, detail=detail)
