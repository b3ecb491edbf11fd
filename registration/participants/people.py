"""Who stands in the list on which basis: plain rows, in as many queries for a hundred as for a hundred thousand."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q

from meeting.models import Meeting

from ..letters import elsewhere
from ..models import Basis, Category, Letter, Registration, RegistrationEvent, Status
from ..models.registration import RegistrationQuerySet
from ..outside import told_status

# Decisions in their grace time are not known outside, and the list goes there: people count as they were told.
ON_BASIS = {
    Basis.ACCREDITED: (Status.SUBMITTED, Status.APPROVED),
    Basis.APPROVED: (Status.APPROVED,),
    Basis.ARRIVED: (Status.APPROVED,),
}


class Row(NamedTuple):
    pk: int
    reference: str
    delegation: int
    honorific: str
    display_name: str
    functional_title: str
    department: str
    organisation: str
    email: str
    phone: str
    role: str
    precedence: int | None
    sort_key: str
    is_minor: bool
    name_public: bool
    contact_shared: bool
    birth_date: datetime.date | None
    told: str

    @property
    def has_withdrawn(self) -> bool:
        return self.told == Status.WITHDRAWN


def rows_of(meeting: Meeting, basis: str, *, with_withdrawn: bool, user: Any = None) -> list[Row]:
    """Everybody who stands in the list, in no order; those who have withdrawn only where the body marks them."""
    everybody = Registration.objects.visible_to(user) if user else Registration.objects.all()
    found = everybody.filter(meeting=meeting, merged_into=None).annotate(told=told_status())
    wanted = Q(told__in=ON_BASIS[Basis(basis)])
    if with_withdrawn:
        wanted |= Q(told=Status.WITHDRAWN, is_minor=False, replaced_by=None) & _stood_in_it(basis)
    if basis == Basis.ARRIVED:
        wanted &= Q(arrived_at__isnull=False)
    people = read_rows(found.filter(wanted))
    return _accredited(meeting, people) if basis == Basis.ACCREDITED else people


def read_rows(registrations: RegistrationQuerySet) -> list[Row]:
    """One query; `registrations` have been given `told`."""
    return [Row._make(row) for row in registrations.values_list(*Row._fields)]


def _stood_in_it(basis: str) -> Q:
    """Whoever withdrew before anybody had said yes has never stood in the list."""
    if basis == Basis.ACCREDITED:
        return Q(submitted_at__isnull=False)
    approved = RegistrationEvent.objects.filter(registration=OuterRef("pk"), to_status=Status.APPROVED)
    return Q(Exists(approved))


def _accredited(meeting: Meeting, rows: Iterable[Row]) -> list[Row]:
    """Those of whom a letter has come that counts: the newest version of one of a kind that their category asks for."""
    needed = _kinds_needed(meeting)
    own, shared = _letters(meeting)
    return [row for row in rows if _has_letter(needed[row.delegation], own[row.pk] | shared[row.delegation])]


def _has_letter(needed: set[str], sent: set[str]) -> bool:
    return not needed or bool(needed & sent)


def _kinds_needed(meeting: Meeting) -> dict[int, set[str]]:
    """By delegation, the kinds of letter of which any one will do; none where no letter is asked for."""
    asked = Category.objects.filter(meeting=meeting).values_list("delegations", "required_documents")
    return {delegation: set(kinds) for delegation, kinds in asked if delegation}


def _letters(meeting: Meeting) -> tuple[dict[int | None, set[str]], dict[int | None, set[str]]]:
    """Kinds of letter by registration and by delegation; a letter elsewhere counts for whom it names for sure."""
    own: dict[int | None, set[str]] = defaultdict(set)
    shared: dict[int | None, set[str]] = defaultdict(set)
    letters = Letter.objects.received().current().filter(meeting=meeting)
    for registration, delegation, kind in letters.values_list("registration", "delegation", "kind"):
        (own[registration] if registration else shared[delegation]).add(kind)
    named = elsewhere.confirmed().filter(registration__meeting=meeting)
    for registration, kind in named.values_list("registration", "letter__kind"):
        own[registration].add(kind)
    return own, shared
