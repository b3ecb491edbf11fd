"""Who the papers are for: delegations by their name in one language, and the people who come for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import get_language

from meeting.models import Meeting, User

from ..models import Category, Delegation, Registration, Status
from ..models.registration import OWN_PLACE, ROLE_RANK, RegistrationQuerySet
from ..participants import profiles
from ..participants.build import setup_of
from ..participants.entities import Named, Names
from ..participants.profile import Profile

CHUNK = 2_000


class Person(NamedTuple):
    pk: int
    reference: str
    delegation: int
    honorific: str
    display_name: str
    functional_title: str
    role: str
    is_minor: bool


@dataclass(frozen=True)
class Party:
    """One delegation as a paper names it."""

    delegation: Delegation
    category: Category
    named: Named

    @property
    def name(self) -> str:
        return self.named.name

    @property
    def place(self) -> tuple[int, str, str, int]:
        """By category, then as the language orders names."""
        return (self.category.order, self.named.place, self.name, self.delegation.pk)


def language() -> str:
    """The one that is active, of the six."""
    return get_language() or "en"


def profile_of(meeting: Meeting) -> Profile:
    return profiles.load(setup_of(meeting).profile or profiles.for_style(meeting.name_profile))


def parties(meeting: Meeting, user: User, language: str) -> dict[int, Party]:
    """Those that `user` may know of, in the order of the list, by number. Five queries."""
    names = Names(meeting, profile_of(meeting), language, meeting.starts_on)
    delegations = Delegation.objects.filter(meeting=meeting).within_limits(user).select_related("category")
    found = [Party(delegation, delegation.category, names.of(delegation)) for delegation in delegations]
    return {party.delegation.pk: party for party in sorted(found, key=lambda party: party.place)}


def approved(meeting: Meeting, user: User) -> RegistrationQuerySet:
    """Whoever comes for sure; children too, whom no paper names."""
    return Registration.objects.visible_to(user).filter(meeting=meeting, status=Status.APPROVED, merged_into=None)


def people(wanted: RegistrationQuerySet) -> Iterator[Person]:
    """Delegation by delegation as the roster orders them, read as a stream."""
    with transaction.atomic():
        rows = wanted.order_by("delegation", ROLE_RANK, OWN_PLACE, "sort_key", "pk").values_list(*Person._fields)
        for row in rows.iterator(chunk_size=CHUNK):
            yield Person._make(row)


def by_delegation(wanted: Iterable[Person]) -> dict[int, list[Person]]:
    found: dict[int, list[Person]] = defaultdict(list)
    for person in wanted:
        found[person.delegation].append(person)
    return found
