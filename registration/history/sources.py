"""The three histories (and sign-ins, which belong to no meeting), each narrowed to what is asked and may be known."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.dateparse import parse_datetime

from meeting.models import AuditEntry, StaffRole

from ..models import Delegation, DelegationEvent, Registration, RegistrationEvent, Status
from .kinds import OF_DELEGATIONS, OF_PERSONS, OF_STAFF, SEALED, Kind
from .reading import HistoryFilter, Reader

NEWEST_FIRST = ("-at", "-pk")
Rows = QuerySet[Any]


@dataclass(frozen=True)
class Place:
    """Behind one line: its time, its history, its number. In an address: 2008-09-01T01:55:00.123456+00:00~0~17."""

    at: datetime.datetime
    source: int
    pk: int

    def __str__(self) -> str:
        return f"{self.at.isoformat()}~{self.source}~{self.pk}"

    @classmethod
    def parse(cls, text: str) -> Place | None:
        parts = text.split("~")
        if len(parts) != 3 or not all(part.isascii() and part.isdigit() and len(part) < 19 for part in parts[1:]):
            return None
        try:
            at = parse_datetime(parts[0])
        except ValueError:
            return None
        return cls(at, int(parts[1]), int(parts[2])) if at and at.tzinfo else None

    def behind(self, source: int) -> Q:
        """What comes after this place in the history `source`; those of one moment stand in the order of SOURCES."""
        if source < self.source:
            return Q(at__lt=self.at)
        if source > self.source:
            return Q(at__lte=self.at)
        # The time once more by itself: the part that the index can use.
        return Q(at__lte=self.at) & (Q(at__lt=self.at) | Q(pk__lt=self.pk))


def of_persons(reader: Reader, asked: HistoryFilter) -> Rows | None:
    """Moves and edits. Drafts are nobody's business, and a child who left leaves no trace."""
    found: Rows = RegistrationEvent.objects.filter(meeting=reader.meeting)
    found = found.exclude(registration__status=Status.DRAFT)
    found = found.exclude(registration__is_minor=True, registration__status=Status.WITHDRAWN)
    if person := asked.value("person"):
        found = found.filter(registration__reference=person.upper())
    if asked.delegations is not None:
        found = found.filter(registration__delegation__in=asked.delegations or [0])
    return _narrowed(found, asked, OF_PERSONS, "registration__delegation")


def of_delegations(reader: Reader, asked: HistoryFilter) -> Rows | None:
    found: Rows = DelegationEvent.objects.filter(meeting=reader.meeting)
    if person := asked.value("person"):
        # Only what names the person, like a pair with a name on the letter.
        theirs = Registration.objects.filter(meeting=reader.meeting, reference=person.upper())
        found = found.filter(delegation__in=theirs.values("delegation"), detail__registration=person.upper())
    if asked.delegations is not None:
        found = found.filter(delegation__in=asked.delegations or [0])
    return _narrowed(found, asked, OF_DELEGATIONS, "delegation")


def of_staff(reader: Reader, asked: HistoryFilter) -> Rows | None:
    """Reads, exports, setup. Of sealed records nobody but the lead finds out by asking for a person."""
    found: Rows = AuditEntry.objects.filter(meeting=reader.meeting)
    if asked.value("person") or asked.delegations is not None:
        found = found.filter(_about(reader, asked))
        found = found if reader.is_lead else found.exclude(action__in=SEALED)
    return _narrowed(found, asked, OF_STAFF)


def _about(reader: Reader, asked: HistoryFilter) -> Q:
    about = Q(subject=asked.value("person").upper()) if asked.value("person") else Q()
    if asked.delegations is not None:
        theirs = Registration.objects.filter(meeting=reader.meeting, delegation__in=asked.delegations or [0])
        named = Delegation.objects.filter(pk__in=asked.delegations or [0])
        about &= Q(subject__in=theirs.values("reference")) | Q(subject__in=named.values("reference"))
    return about


def of_accounts(reader: Reader, asked: HistoryFilter) -> Rows | None:
    """Sign-ins of those who have a role here: for auditors and administrators."""
    if not reader.sees_accounts or asked.value("person") or asked.delegations is not None:
        return None
    here = StaffRole.objects.filter(meeting=reader.meeting).values("user")
    return _narrowed(AuditEntry.objects.filter(meeting=None, by__in=here), asked, OF_STAFF)


# In this order stand those of one and the same moment.
SOURCES: tuple[Callable[[Reader, HistoryFilter], Rows | None], ...] = (
    of_persons,
    of_delegations,
    of_staff,
    of_accounts,
)


def _narrowed(found: Rows, asked: HistoryFilter, kinds: dict[Kind, Any], *around: str) -> Rows | None:
    """By who, kind and day; None where this history has nothing of the kind."""
    if kind := asked.value("kind"):
        actions: Collection[str] = kinds.get(Kind(kind), ())
        if not actions:
            return None
        found = found.filter(action__in=actions)
    if by := asked.value("by"):
        found = found.filter(by=by)
    if asked.first_moment:
        found = found.filter(at__gte=asked.first_moment)
    if asked.end:
        found = found.filter(at__lt=asked.end)
    return found.select_related("by", *around).order_by(*NEWEST_FIRST)
