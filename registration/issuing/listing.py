"""The letters of a meeting as a list: narrowed, counted and paged by key."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.db.models import Count, Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from meeting.collation import fold
from meeting.models import Meeting

from ..models import IssuedKind, IssuedLetter, LetterSetup
from ..models.issued import IssuedLetterQuerySet
from . import codes
from .standing import setup_of

PAGE = 50
STATES = [("", _("Any")), ("valid", _("Valid")), ("revoked", _("Revoked"))]


class LetterFilter(forms.Form):
    """The query string of the list. What cannot be understood is left out: a mistyped address still shows a list."""

    q = forms.CharField(label=_("Name, number or code"), max_length=200, required=False)
    kind = forms.ChoiceField(label=_("Letter"), choices=[("", _("Any")), *IssuedKind.choices], required=False)
    state = forms.ChoiceField(label=_("State"), choices=STATES, required=False)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data, auto_id="filter_%s")
        self.is_valid()

    def value(self, name: str) -> str:
        return str(self.cleaned_data.get(name) or "")

    def narrow(self, letters: IssuedLetterQuerySet) -> IssuedLetterQuerySet:
        if kind := self.value("kind"):
            letters = letters.filter(kind=kind)
        if state := self.value("state"):
            letters = letters.valid() if state == "valid" else letters.revoked()
        return letters.filter(_found(words)) if (words := self.value("q").strip()) else letters

    def query(self, **changes: str) -> str:
        asked = {name: self.value(name) for name in self.fields} | changes
        merged = QueryDict(mutable=True)
        merged.update({name: text for name, text in asked.items() if text})
        return merged.urlencode()


def _found(words: str) -> Q:
    if code := codes.normalised(words):
        return Q(code=code)
    found = Q(registration__search_key__contains=fold(words))
    if number := re.fullmatch(r"(?:[A-Za-z]+/\d{4}/[A-Za-z]+/)?(\d{1,9})", words):
        found |= Q(number=int(number[1]))
    return found


@dataclass(frozen=True)
class KindLine:
    """One kind at this meeting: how it is set up, and how many there are."""

    setup: LetterSetup
    valid: int
    revoked: int
    categories: list[str] = field(default_factory=list)


def kinds_of(meeting: Meeting) -> list[KindLine]:
    """All kinds, each set up as we think best where nobody has said anything."""
    setups = {setup.kind: setup for setup in meeting.letter_setups.prefetch_related("categories")}
    for kind in IssuedKind.values:
        if kind not in setups:
            setups[kind] = setup_of(meeting, kind)
    revoked = Q(revoked_at__lte=timezone.now())
    counted = IssuedLetter.objects.filter(meeting=meeting).order_by().values("kind")
    counts: dict[str, Any] = {
        row["kind"]: row for row in counted.annotate(gone=Count("pk", filter=revoked), all=Count("pk"))
    }
    none = {"gone": 0, "all": 0}
    return [_line(setups[kind], counts.get(kind, none)) for kind in IssuedKind.values]


def _line(setup: LetterSetup, count: dict[str, Any]) -> KindLine:
    names = [category.name for category in setup.categories.all()]
    return KindLine(setup, count["all"] - count["gone"], count["gone"], names)


def page(letters: IssuedLetterQuerySet, before: str) -> tuple[list[IssuedLetter], bool]:
    """The newest, or those issued before the letter `before`; and whether there are more."""
    if before.isdigit() and (last := letters.filter(pk=int(before)).first()):
        letters = letters.filter(Q(issued_at__lt=last.issued_at) | Q(issued_at=last.issued_at, pk__lt=last.pk))
    rows = letters.select_related("registration__delegation", "issued_by")
    found = list(rows.order_by("-issued_at", "-pk")[: PAGE + 1])
    return found[:PAGE], len(found) > PAGE
