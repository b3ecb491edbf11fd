"""What looks wrong in the line of one person, by itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..names import tidy
from . import spelling
from .findings import Finding, Kind, digest


class Row(NamedTuple):
    pk: int
    reference: str
    delegation: int
    display_name: str
    given_names: str
    family_name: str
    passport_name: str
    functional_title: str
    department: str
    organisation: str


def findings(row: Row, *, with_title: bool, is_organisation: bool) -> Iterator[Finding]:
    """`with_title`: the list prints titles. People of an organisation say with it where they are from."""
    for kind, text, value in _told(row, with_title=with_title, is_organisation=is_organisation):
        yield Finding(kind, row.delegation, row.pk, row.reference, tidy(row.display_name), text, digest(value))


Told = Iterator[tuple[Kind, str, str]]


def _told(row: Row, *, with_title: bool, is_organisation: bool) -> Told:
    """Of what kind, said in which words, and what it is about: the value which, once changed, is looked at anew."""
    yield from _name(row)
    if with_title:
        yield from _title(row)
    if not is_organisation and spelling.says_nothing(row.department) and spelling.says_nothing(row.organisation):
        yield Kind.NO_ORGANISATION, _("Neither ministry nor organization."), f"{row.department}|{row.organisation}"
    yield from _unseen(row)


def _name(row: Row) -> Told:
    name = row.display_name
    value = f"{name}|{row.family_name}|{row.given_names}"
    if loud := spelling.shouted(name, row.family_name, row.given_names):
        yield Kind.CAPITALS, _("In capitals, and not as the family name: %(words)s.") % {"words": " ".join(loud)}, value
    if quiet := spelling.whispered(name):
        yield Kind.LOWER_CASE, _("In small letters: %(words)s.") % {"words": " ".join(quiet)}, name
    if spelling.differs(name, row.passport_name):
        yield (
            Kind.PASSPORT,
            _("In the passport: %(name)s.") % {"name": row.passport_name},
            f"{name}|{row.passport_name}",
        )


def _title(row: Row) -> Told:
    title = row.functional_title
    if spelling.says_nothing(title):
        text = _("Under “functional title” stands “%(title)s”.") % {"title": title} if title.strip() else _("Empty.")
        yield Kind.NO_TITLE, text, title
    elif (lines := spelling.lines_of(title)) > spelling.MOST_LINES:
        text = ngettext("About %(n)d line: %(title)s", "About %(n)d lines: %(title)s", lines) % {
            "n": lines,
            "title": title,
        }
        yield Kind.LONG_TITLE, text, title


def _unseen(row: Row) -> Told:
    typed = (row.display_name, row.functional_title, row.department, row.organisation)
    if not all(text.isprintable() for text in typed) and (found := spelling.unseen("".join(typed))):
        yield Kind.UNSEEN, _("Left out in print: %(characters)s.") % {"characters": ", ".join(found)}, "|".join(typed)
