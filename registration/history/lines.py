"""The lines of all histories in one order, newest first, a page at a time at the same cost however many there are.

Each history gives at most a page, by an index, and the pages are merged here: one SQL UNION would give the same rows
without their models, and would be no quicker.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from meeting.models import AuditEntry, Meeting, User

from ..field_words import Difference
from ..lists.filters import people_of
from ..models import Delegation, DelegationEvent, Registration, RegistrationEvent
from . import words
from .kinds import SEALED
from .reading import HistoryFilter, Reader
from .sources import SOURCES, Place

SOURCE_NAMES = ("person", "delegation", "staff", "account")


@dataclass(frozen=True)
class Subject:
    """Whom or what a line is about, and where that is looked at."""

    reference: str
    name: str
    address: str


@dataclass(frozen=True)
class Line:
    at: datetime.datetime
    by: User | None
    who: str
    said: words.Said
    subject: Subject | None
    source: str


@dataclass(frozen=True)
class Page:
    lines: list[Line]
    following: Place | None


def page(reader: Reader, asked: HistoryFilter, place: Place | None, size: int) -> Page:
    rows = _newest(reader, asked, place, size + 1)
    shown = rows[:size]
    following = Place(shown[-1][1].at, shown[-1][0], shown[-1][1].pk) if len(rows) > size else None
    return Page(_in_words(reader, shown), following)


def every(reader: Reader, asked: HistoryFilter, size: int) -> Iterator[Line]:
    """All lines, read in pages of `size`: nobody holds more than one of them."""
    place: Place | None = None
    while True:
        found = page(reader, asked, place, size)
        yield from found.lines
        if found.following is None:
            return
        place = found.following


def _newest(reader: Reader, asked: HistoryFilter, place: Place | None, most: int) -> list[tuple[int, Any]]:
    """The `most` newest rows behind `place`, each with the number of its history."""
    found: list[tuple[int, Any]] = []
    for number, source in enumerate(SOURCES):
        rows = source(reader, asked)
        if rows is not None:
            found += [(number, row) for row in (rows.filter(place.behind(number)) if place else rows)[:most]]
    found.sort(key=lambda pair: (pair[1].at, -pair[0], pair[1].pk), reverse=True)
    return found[:most]


def _in_words(reader: Reader, rows: list[tuple[int, Any]]) -> list[Line]:
    vocabulary = words.Vocabulary(reader.meeting, reader.user)
    subjects = _subjects(reader, (row for _n, row in rows if isinstance(row, AuditEntry)))
    return [_line(reader, number, row, vocabulary, subjects) for number, row in rows]


def _line(reader: Reader, number: int, row: Any, vocabulary: words.Vocabulary, subjects: dict[str, Subject]) -> Line:
    said, subject = _told(reader, row, vocabulary, subjects)
    who = reader.called(row.by) if row.by else words.nobody(row)
    return Line(row.at, row.by, who, said, subject, SOURCE_NAMES[number])


def _told(
    reader: Reader, row: Any, vocabulary: words.Vocabulary, subjects: dict[str, Subject]
) -> tuple[words.Said, Subject | None]:
    if isinstance(row, RegistrationEvent):
        whose = row.registration
        # Why a child was not cleared stands in the sealed file alone.
        said = words.of_person(row, vocabulary, reader.concealed(whose), tells_why=not whose.is_minor)
        return said, _person(reader.meeting, whose)
    if isinstance(row, DelegationEvent):
        return words.of_delegation(row, tells_contact=reader.may_see_contact), _delegation(
            reader.meeting, row.delegation
        )
    tells_all = reader.is_lead or row.action not in SEALED
    return words.of_staff(row, tells_all=tells_all), subjects.get(row.subject) if tells_all else None


def _subjects(reader: Reader, entries: Iterable[AuditEntry]) -> dict[str, Subject]:
    """Whom the entries are about, as far as the reader may open them; of others the reference alone."""
    wanted = {entry.subject for entry in entries if entry.subject and (reader.is_lead or entry.action not in SEALED)}
    if not wanted:
        return {}
    persons = people_of(reader.meeting, reader.user).filter(reference__in=wanted)
    delegations = Delegation.objects.filter(meeting=reader.meeting, reference__in=wanted)
    known = [_person(reader.meeting, person) for person in persons]
    known += [_delegation(reader.meeting, delegation) for delegation in delegations]
    return {reference: Subject(reference, "", "") for reference in wanted} | {each.reference: each for each in known}


def _person(meeting: Meeting, registration: Registration) -> Subject:
    address = reverse("admin:desk:registration", args=[meeting.slug, registration.reference])
    return Subject(registration.reference, registration.printed_name, address)


def _delegation(meeting: Meeting, delegation: Delegation) -> Subject:
    address = reverse("admin:desk:delegation", args=[meeting.slug, delegation.reference])
    return Subject(delegation.reference, delegation.name, address)


def in_one_cell(changes: Iterable[Difference], part: str) -> str:
    """All that was (or became), field by field: “Role: Adviser; Title: Director”."""
    return "; ".join(f"{each.label}: {getattr(each, part)}" for each in changes)
