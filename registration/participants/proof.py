"""Everything that looks wrong before the list of participants is printed.

People are read as a stream and of each kind only the first findings are kept, so that it takes no more memory for a
hundred thousand than for a hundred. The number of queries is fixed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db import transaction

from meeting.models import EntityKind, Meeting, User

from ..models import Delegation, FoundRight, Listing, Registration, Status
from ..models.registration import RegistrationQuerySet
from . import between, persons, profiles
from .build import setup_of
from .findings import Finding, Found, Kind
from .profile import Profile

COMING = (Status.SUBMITTED, Status.APPROVED)
CHUNK = 2_000


class Proof:
    """What was found for one reader: `kinds` that have something, in order; `right` those said to be right as they are.

    Without findings about letters unless `with_letters`; with `kind`, of this alone.
    """

    def __init__(self, meeting: Meeting, user: User, *, with_letters: bool, kind: Kind | None = None) -> None:
        self.meeting, self.user, self.with_letters = meeting, user, with_letters
        self.profile = _profile(meeting)
        self.said = _said_right(meeting)
        self.found = {kind: Found(kind) for kind in ([kind] if kind else Kind)}
        self.delegations = {d.pk: d for d in _delegations(meeting, user)}
        self.right: list[Finding] = []
        self.looked_at = 0
        self._look()

    @property
    def kinds(self) -> list[Found]:
        return [found for found in self.found.values() if found.count]

    @property
    def count(self) -> int:
        return sum(found.count for found in self.kinds)

    def _look(self) -> None:
        everybody = coming(self.meeting, self.user)
        letters = self.with_letters
        found = between.findings(self.meeting, self.user, everybody, self.delegations, self.profile, letters=letters)
        for finding in found:
            self._take(finding)
        for finding in self._of_persons(everybody):
            self._take(finding)

    def _of_persons(self, everybody: RegistrationQuerySet) -> Iterator[Finding]:
        named = everybody.filter(is_minor=False, delegation__category__listing=Listing.NAMES)
        with_title = "title" in self.profile.parts
        # Inside a transaction the cursor lives on the server and sends a chunk at a time.
        with transaction.atomic():
            rows = named.order_by("delegation__category__order", "delegation__sort_key", "sort_key", "pk")
            for row in rows.values_list(*persons.Row._fields).iterator(chunk_size=CHUNK):
                self.looked_at += 1
                person = persons.Row._make(row)
                is_organisation = self.delegations[person.delegation].entity.kind not in (
                    EntityKind.STATE,
                    EntityKind.OTHER,
                )
                yield from persons.findings(person, with_title=with_title, is_organisation=is_organisation)

    def _take(self, finding: Finding) -> None:
        if finding.kind not in self.found:
            return
        said = self.said.get(finding.about)
        if said and said.value == finding.value:
            self.right.append(finding)
        else:
            self.found[finding.kind].add(finding)


def coming(meeting: Meeting, user: User) -> RegistrationQuerySet:
    """Whoever may stand in the list on any basis, as far as `user` sees them."""
    return Registration.objects.visible_to(user).filter(meeting=meeting, status__in=COMING, merged_into=None)


def _delegations(meeting: Meeting, user: User) -> Iterable[Delegation]:
    return Delegation.objects.filter(meeting=meeting).within_limits(user).select_related("category", "entity")


def _profile(meeting: Meeting) -> Profile:
    return profiles.load(setup_of(meeting).profile or profiles.for_style(meeting.name_profile))


def _said_right(meeting: Meeting) -> dict[tuple[str, int | None, int | None], FoundRight]:
    said = FoundRight.objects.filter(meeting=meeting).select_related("by")
    return {(one.kind, one.registration_id, one.delegation_id): one for one in said}
