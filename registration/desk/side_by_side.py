"""Two registrations side by side: every field, what differs, and why somebody should look."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.formats import number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from meeting.dates import long_date
from meeting.models import User
from meeting.templatetags.placard import language_name

from ..models import Likeness, Registration, Status
from ..questions import answers
from ..workflow import CHOOSABLE
from . import person

AROUND = ("meeting", "delegation__category", "delegation__entity")
# Which of two to keep, unless somebody chooses otherwise: the one that has come further.
FURTHER = {Status.APPROVED: 0, Status.RETURNED: 1, Status.SUBMITTED: 2, Status.WAITLISTED: 3}
LAST_EVENTS = 6


@dataclass(frozen=True)
class Line:
    """One field of both. `chosen` is the side it is taken from when they are merged; empty where there is no choice."""

    name: str
    label: str
    texts: tuple[str, str]
    chosen: str = ""

    @property
    def differs(self) -> bool:
        return self.texts[0] != self.texts[1]

    @property
    def cells(self) -> list[tuple[str, str]]:
        return [("first", self.texts[0]), ("second", self.texts[1])]


@dataclass(frozen=True)
class Side:
    """What stands at the head and at the foot of one column."""

    name: str
    registration: Registration
    is_kept: bool
    letters: list[Any]
    answers: list[Any]
    events: list[Any]


def with_people(found: QuerySet[Likeness]) -> QuerySet[Likeness]:
    around = [f"{side}__{path}" for side in ("first", "second") for path in AROUND]
    return found.select_related("decided_by", "first__merged_into", "second__merged_into", *around)


def better_kept(pair: Likeness) -> Registration:
    return min((pair.first, pair.second), key=lambda r: (FURTHER.get(Status(r.status), 9), r.pk))


def lines(pair: Likeness, keep: Registration) -> list[Line]:
    """The fields one may choose, then those that stay as they are; empty on both sides is left out."""
    kept = "first" if keep.pk == pair.first_id else "second"
    found = [_line(pair, name, kept) for name in CHOOSABLE] + _fixed(pair)
    return [line for line in found if any(line.texts)]


def _line(pair: Likeness, name: str, kept: str) -> Line:
    label = capfirst(str(Registration._meta.get_field(name).verbose_name))  # type: ignore[union-attr]
    texts = (_text(pair.first, name), _text(pair.second, name))
    other = "second" if kept == "first" else "first"
    has_it = texts[0 if kept == "first" else 1]
    return Line(name, label, texts, kept if has_it else other)


def _text(registration: Registration, name: str) -> str:
    value = getattr(registration, name)
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, datetime.date):
        return long_date(value)
    if name == "language":
        return language_name(value)
    shown = getattr(registration, f"get_{name}_display", None)
    return str(shown() if shown else value)


def _fixed(pair: Likeness) -> list[Line]:
    both = (pair.first, pair.second)

    def line(name: str, label: str, texts: list[str]) -> Line:
        return Line(name, label, (texts[0], texts[1]))

    return [
        line("delegation", _("Represents"), [r.delegation.name for r in both]),
        line("category", _("Category"), [r.delegation.category.name for r in both]),
        line("channel", _("Typed by"), [str(r.get_channel_display()) for r in both]),
        line("submitted_at", _("Submitted"), [_day(r) for r in both]),
    ]


def _day(registration: Registration) -> str:
    at = registration.submitted_at
    return long_date(at.astimezone(registration.meeting.zone).date()) if at else ""


def sides(pair: Likeness, keep: Registration, user: User) -> list[Side]:
    return [
        Side(
            name=name,
            registration=r,
            is_kept=r.pk == keep.pk,
            letters=list(r.letters.all()),
            answers=answers.of(r, answers.readable_by(user, r.meeting)),
            events=person.history(r)[:LAST_EVENTS],
        )
        for name, r in (("first", pair.first), ("second", pair.second))
    ]


def why(pair: Likeness) -> list[tuple[bool, str]]:
    """What speaks for one person (True) and what against, in words."""
    signals = pair.signals
    share = number_format(round(signals.get("name", 0) * 100))
    found = [(True, _("Names %(share)s %% alike") % {"share": share})]
    words = {
        ("email", "same"): (True, _("The same email")),
        ("email", "other"): (False, _("Two emails")),
        ("birth_date", "same"): (True, _("The same date of birth")),
        ("birth_date", "slip"): (False, _("Dates of birth that differ by a slip")),
        ("birth_date", "other"): (False, _("Two dates of birth")),
        ("telephone", "same"): (True, _("The same telephone")),
        ("entity", "same"): (True, _("The same State or organization")),
    }
    return found + [words[pair_] for pair_ in signals.items() if pair_ in words]
