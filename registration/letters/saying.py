"""One button of the screen that compares letter and roster: what it says, of whom, and the answer in a sentence.

Every button sends its name and the numbers it is about; what belongs to another delegation is not there (Http404).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from meeting.models import User

from ..models import Delegation, Registration
from . import pairing


@dataclass(frozen=True)
class Answer:
    """What to tell; nothing where the screen shows it anyway. `about` is the row that was meant."""

    text: str = ""
    is_refusal: bool = False
    about: Registration | None = None


def say(delegation: Delegation, asked: Mapping[str, str], *, by: User) -> Answer:
    """Carry out the one button that was pressed."""
    try:
        if same := asked.get("same"):
            return _many(delegation, same, by)
        for name, act in (("confirm", pairing.confirm), ("deny", pairing.deny)):
            if value := asked.get(name):
                pair = _pair(delegation, value)
                act(*pair, by=by)
                return Answer(about=Registration.objects.get(pk=pair[1]) if value.endswith(":row") else None)
        for name, alone in (("undo", pairing.undo), ("absent", pairing.absent)):
            if value := asked.get(name):
                alone(_name(delegation, value), by=by)
                return Answer()
        return _by_hand(delegation, asked, by)
    except pairing.NotPaired as refusal:
        return Answer(str(refusal), is_refusal=True)


def _by_hand(delegation: Delegation, asked: Mapping[str, str], by: User) -> Answer:
    """Two lists, one choice from each."""
    name, person = asked.get("name", ""), asked.get("person", "")
    if not (name and person):
        return Answer(_("Choose a name on the letter and a person on the roster."), is_refusal=True)
    pairing.confirm(*_pair(delegation, f"{name}:{person}"), by=by)
    return Answer()


def _many(delegation: Delegation, value: str, by: User) -> Answer:
    pairs = [(_number(name), _number(person)) for name, _colon, person in (v.partition(":") for v in value.split(","))]
    names, people = {name for name, _person in pairs}, {person for _name, person in pairs}
    known = Registration.objects.filter(delegation=delegation, pk__in=people)
    if pairing.names_of(delegation).filter(pk__in=names).count() < len(names) or known.count() < len(people):
        raise Http404
    done, refused = pairing.confirm_many(pairs, by=by)
    if refused:
        return Answer(" ".join(refused[:3]), is_refusal=True)
    return Answer(ngettext("%(n)d name is matched.", "%(n)d names are matched.", done) % {"n": done})


def _pair(delegation: Delegation, value: str) -> tuple[int, int]:
    name, _colon, person = value.removesuffix(":row").partition(":")
    if not Registration.objects.filter(delegation=delegation, pk=_number(person)).exists():
        raise Http404
    return _name(delegation, name), _number(person)


def _name(delegation: Delegation, value: str) -> int:
    """A name on a letter of this delegation: of an old version too, for which there is a sentence."""
    found = pairing.names_of(delegation).filter(pk=_number(value)).first()
    if found is None:
        raise Http404
    return found.pk


def _number(value: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) < 19):  # a bigint has 19 digits
        raise Http404
    return int(value)
