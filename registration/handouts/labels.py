"""Labels for envelopes and folders, on the usual sheets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meeting.models import Meeting, User

from ..models import FocalPoint
from ..names import tidy
from . import typeset, who
from .typeset import CannotPrint

MOST = 2_000


@dataclass(frozen=True)
class Stock:
    """A sheet of labels; millimetres."""

    name: Any
    paper: str
    columns: int
    rows: int
    width: float
    height: float
    left: float
    top: float
    gap: float = 0  # between columns

    @property
    def each(self) -> int:
        return self.columns * self.rows


STOCKS = {
    "3x8": Stock(gettext_lazy("A4, 3 × 8, 70 × 37 mm"), "a4", 3, 8, 70, 37, 0, 0.5),
    "2x7": Stock(gettext_lazy("A4, 2 × 7, 99.1 × 38.1 mm"), "a4", 2, 7, 99.1, 38.1, 4.65, 15.15, 2.5),
    "3x10": Stock(gettext_lazy("Letter, 3 × 10, 2⅝ × 1 in"), "us-letter", 3, 10, 66.675, 25.4, 4.763, 12.7, 3.175),
}


def labels(meeting: Meeting, user: User, language: str, *, category: int | None = None) -> list[list[str]]:
    """For each delegation that somebody comes for, the lines: to whom, and of what.

    The system has no postal addresses: whoever sends by post adds them.
    """
    there = set(who.approved(meeting, user).order_by().values_list("delegation", flat=True).distinct())
    focal: dict[int, FocalPoint] = {}
    for point in FocalPoint.objects.active().filter(delegation__meeting=meeting).select_related("user"):
        focal.setdefault(point.delegation_id, point)
    return [
        _lines(party.name, focal.get(pk))
        for pk, party in who.parties(meeting, user, language).items()
        if pk in there and category in (None, party.category.pk)
    ]


def _lines(name: str, point: FocalPoint | None) -> list[str]:
    person = [tidy(point.shown_name), tidy(point.title)] if point else []
    return [line for line in (*person, tidy(name)) if line]


def pdf(meeting: Meeting, lines: list[list[str]], stock: Stock, *, first: int = 1) -> bytes:
    """`first` is the label to begin with, on a sheet of which some have been used."""
    if not lines:
        raise CannotPrint(_("Nobody is approved yet, so there are no labels."))
    if len(lines) > MOST:
        told = {"number": len(lines), "most": MOST}
        raise CannotPrint(_("These are %(number)d labels; one file has at most %(most)d. Choose a category.") % told)
    used = min(max(first, 1), stock.each) - 1
    placed: list[list[str]] = [*([] for _n in range(used)), *lines]
    data = {
        "title": _("Labels: %(meeting)s") % {"meeting": meeting.short_title},
        "author": str(meeting),
        "stock": {name: getattr(stock, name) for name in Stock.__dataclass_fields__ if name != "name"},
        "pages": [placed[n : n + stock.each] for n in range(0, len(placed), stock.each)],
    }
    return typeset.pdf("labels.typ", data)
