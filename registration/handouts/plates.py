"""Nameplates: one for each delegation in the languages chosen, or one for each person or officer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from meeting.models import Meeting, User

from ..models import Delegation, Officer
from ..names import tidy
from . import typeset, who
from .typeset import CannotPrint
from .who import Party, Person

DELEGATIONS, PEOPLE, OFFICERS = "delegations", "people", "officers"
KINDS = (DELEGATIONS, PEOPLE, OFFICERS)
MOST = 500  # plates in one file
LARGEST = 130  # points
Plate = dict[str, Any]
_LONG = re.compile(r"[^\W\d_]{40,}")


def for_delegations(
    meeting: Meeting, user: User, languages: Sequence[str], *, category: int | None = None, everybody: bool = False
) -> list[Plate]:
    """In each of `languages`, the first the largest; a name that is the same in two stands once.

    Of those that somebody comes for; with `everybody` of all that are invited or set up.
    """
    known = [who.parties(meeting, user, language) for language in languages]
    there = set(who.approved(meeting, user).order_by().values_list("delegation", flat=True).distinct())
    wanted = [
        pk for pk, party in known[0].items()
        if (everybody or pk in there) and category in (None, party.category.pk)
    ]  # fmt: skip
    _not_too_many(len(wanted))
    return [_plate(_lines([parties[pk].name for parties in known])) for pk in wanted]


def _lines(names: Iterable[str]) -> list[dict[str, Any]]:
    different = list(dict.fromkeys(tidy(name) for name in names if name))
    if len(different) == 1:
        return [_line(different[0])]
    return [_line(name, size=1 if n == 0 else 0.62, strong=n == 0) for n, name in enumerate(different)]


def for_people(
    meeting: Meeting, user: User, language: str, *, category: int | None = None, delegation: Delegation | None = None
) -> list[Plate]:
    """Of adults only; a child has no plate with a name."""
    parties = who.parties(meeting, user, language)
    wanted = who.approved(meeting, user).filter(is_minor=False)
    if category:
        wanted = wanted.filter(delegation__category=category)
    if delegation:
        wanted = wanted.filter(delegation=delegation)
    _not_too_many(wanted.count())
    people = who.by_delegation(who.people(wanted))
    return [_of(person, parties[pk], person.functional_title) for pk in parties for person in people.get(pk, ())]


def for_officers(meeting: Meeting, user: User, language: str) -> list[Plate]:
    """Those who were elected, in their order, with their office."""
    parties = who.parties(meeting, user, language)
    there = who.approved(meeting, user).filter(is_minor=False, offices__isnull=False)
    known = {person.pk: person for person in who.people(there)}
    elected = Officer.objects.filter(meeting=meeting)
    return [
        _plate([_line(officer.office, size=1), *_named(known[pk], parties[known[pk].delegation], 0.5)])
        for officer in elected
        if (pk := officer.registration_id) in known
    ]


def _of(person: Person, party: Party, title: str) -> Plate:
    with_title = [_line(tidy(title), size=0.3, strong=False)] if tidy(title) else []
    name = _line(tidy(f"{person.honorific} {person.display_name}"))
    return _plate([name, *with_title, _line(party.name, size=0.42, strong=False)])


def _named(person: Person, party: Party, size: float) -> list[dict[str, Any]]:
    name = tidy(f"{person.honorific} {person.display_name}")
    return [_line(name, size=size, strong=False), _line(party.name, size=size * 0.8, strong=False)]


def _line(text: str, *, size: float = 1, strong: bool = True) -> dict[str, Any]:
    return {"text": _LONG.sub(_breakable, text), "size": size, "strong": strong}


def _breakable(word: re.Match[str]) -> str:
    """Something typed without a space may break anywhere, so that it stays on the plate."""
    return "\u200b".join(word.group())


def _plate(lines: list[dict[str, Any]]) -> Plate:
    return {"lines": lines}


def _not_too_many(number: int) -> None:
    if number > MOST:
        told = {"most": MOST, "number": number}
        raise CannotPrint(
            _("These are %(number)d plates; one file has at most %(most)d. Choose a category or a delegation.") % told
        )


def pdf(meeting: Meeting, plates: list[Plate], language: str) -> bytes:
    if not plates:
        raise CannotPrint(_("There is nobody to print a nameplate for."))
    with override(language):
        title = _("Nameplates: %(meeting)s") % {"meeting": meeting.short_title}
        return typeset.pdf("plates.typ", {"title": title, "author": str(meeting), "plates": plates, "most": LARGEST})


__all__ = ["KINDS", "CannotPrint", "for_delegations", "for_officers", "for_people", "pdf"]
