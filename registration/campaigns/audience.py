"""Whom a filter of the attendee list reaches, as people outside know their own state: looked at first, settled later.

Both ask `plan`, so that what is settled at the start is what the page has shown.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from django.http import QueryDict
from django.utils.translation import gettext as _

from meeting.collation import fold
from meeting.models import Meeting, User

from ..lists.asked import columns_of
from ..lists.filters import PeopleFilter, people_of
from ..models import Campaign, CampaignRecipient, FocalPoint, MessageChoice, Registration, Status, UnreachableAddress
from ..models.registration import RegistrationQuerySet
from ..outside import told_status

Why = CampaignRecipient.Why
# Written to only where the filter asks for them.
GONE = (Status.REJECTED, Status.WITHDRAWN)
# What an address of the list may hold beside its filters.
HARMLESS = {"after", "show", "audience", "people"}


class NotUnderstood(Exception):
    """The filter asks for something that is not there (any more); the text is a sentence for the screen."""


@dataclass(frozen=True, slots=True)
class Planned:
    """One reader: the person, or a focal point (`user`). With a `why` they are left out."""

    registration: int | None
    delegation: int
    category: int
    name: str
    language: str
    user: int | None = None
    key: str = ""
    why: str = ""


def filter_of(meeting: Meeting, query: str, by: User) -> PeopleFilter:
    """The filter as `by` may use it. A list shows what it can; whoever writes must not reach more people than meant."""
    data = QueryDict(query)
    asked = PeopleFilter(data, meeting, columns_of(meeting, by), by)
    strange = [name for name in data if any(data.getlist(name)) and name not in {*asked.fields, *HARMLESS}]
    if strange or asked.errors:
        raise NotUnderstood(
            _("The filter asks for something that is not there (any more): %(what)s. Choose the people anew.")
            % {"what": ", ".join(strange or asked.errors)[:80]}
        )
    return asked


def chosen(meeting: Meeting, query: str, by: User) -> RegistrationQuerySet:
    """Those whom the filter leaves, of those whom `by` may read, by the state that they themselves know of."""
    asked = filter_of(meeting, query, by)
    status = asked.value("status")
    of_any_state = PeopleFilter(QueryDict(asked.query(status="")), meeting, list(asked.asked.values()), by)
    found = of_any_state.narrow(people_of(meeting, by))
    if of_any_state.found and of_any_state.found.is_close:
        raise NotUnderstood(_("Nobody is called “%(name)s”. Choose the people anew.") % {"name": asked.value("q")})
    return told(found, *([status] if status else []))


def told(registrations: RegistrationQuerySet, *states: str) -> RegistrationQuerySet:
    """Those who know themselves to be in one of `states`; without any, all that somebody still expects."""
    found = registrations.annotate(told=told_status())
    return found.filter(told__in=states) if states else found.exclude(told__in=[*GONE, Status.DRAFT])


def plan(meeting: Meeting, query: str, audience: str, by: User, *, one_each: bool) -> list[Planned]:
    """Everybody whom it reaches, and everybody who is left out, with the reason.

    `one_each`: a focal point who reads for several people gets a message about each of them; else one for all.
    """
    registrations = chosen(meeting, query, by)
    to_focal_points = audience == Campaign.Audience.FOCAL_POINTS
    planned = _focal_points(registrations) if to_focal_points else _people(registrations, one_each=one_each)
    return list(_once(_reachable(meeting, planned)))


# Whoever reads it, with the address that the last step looks at.
Addressed = tuple[Planned, str]


def _people(registrations: RegistrationQuerySet, *, one_each: bool) -> Iterator[Addressed]:
    rows = list(
        registrations.order_by("pk").values_list(
            "pk", "delegation", "delegation__category", "display_name", "language", "email", "on_behalf"
        )
    )
    readers = _looking_after({row[1] for row in rows if row[6] or not row[5]})
    for pk, delegation, category, name, language, email, on_behalf in rows:
        person = Planned(pk, delegation, category, name, language)
        if email and not on_behalf:
            yield replace(person, key=key_of(email, name)), email
            continue
        theirs = readers.get(delegation, [])
        for focal in theirs:
            yield _read_by(person, focal, about=pk if one_each else None), focal.user.email
        if not theirs:
            yield replace(person, why=Why.NO_ADDRESS), ""


def _focal_points(registrations: RegistrationQuerySet) -> Iterator[Addressed]:
    rows = registrations.order_by("delegation__category__order", "delegation__sort_key", "delegation")
    delegations = list(
        rows.values_list("delegation", "delegation__category", "delegation__name").distinct()  # as they are ordered
    )
    readers = _looking_after({row[0] for row in delegations})
    for delegation, category, name in delegations:
        whole = Planned(None, delegation, category, name, "")
        theirs = readers.get(delegation, [])
        for focal in theirs:
            yield _read_by(whole, focal), focal.user.email
        if not theirs:
            yield replace(whole, why=Why.NO_FOCAL_POINT), ""


def _looking_after(delegations: set[int]) -> dict[int, list[FocalPoint]]:
    found: dict[int, list[FocalPoint]] = {}
    if delegations:
        for focal in FocalPoint.objects.active().filter(delegation__in=delegations).select_related("user"):
            found.setdefault(focal.delegation_id, []).append(focal)
    return found


def _read_by(planned: Planned, focal: FocalPoint, about: int | None = None) -> Planned:
    return replace(
        planned,
        user=focal.user_id,
        name=focal.shown_name,
        language=focal.language,
        key=key_of(focal.user.email, f"{focal.user_id} {about or ''}"),
    )


def key_of(email: str, name: str) -> str:
    """The same for the same person: address and name, however they are written."""
    return hashlib.sha256(f"{email.strip().lower()}\n{fold(name)}".encode()).hexdigest()


def _reachable(meeting: Meeting, planned: Iterable[Addressed]) -> Iterator[Planned]:
    known = Known.of(meeting)
    for one, email in planned:
        yield replace(one, why=one.why or known.why_not(email, is_focal_point=one.user is not None))


@dataclass(frozen=True)
class Known:
    """Addresses, in small letters, to which this meeting sends no such message, and why."""

    bounced: frozenset[str]
    said_wrong: frozenset[str]
    said_no: frozenset[str]

    @classmethod
    def of(cls, meeting: Meeting) -> Known:
        of_why: dict[str, set[str]] = {}
        for email, why in UnreachableAddress.objects.values_list("email", "why"):
            of_why.setdefault(why, set()).add(email)
        no = MessageChoice.objects.filter(meeting=meeting).values_list("email", flat=True)
        reasons = UnreachableAddress.Why
        return cls(
            frozenset(of_why.get(reasons.BOUNCED, ())), frozenset(of_why.get(reasons.SAID_WRONG, ())), frozenset(no)
        )

    def why_not(self, email: str, *, is_focal_point: bool) -> str:
        """The wrong address of a delegate may be the right one of a colleague, who works with links sent there."""
        address = email.lower()
        if address in self.bounced or (address in self.said_wrong and not is_focal_point):
            return Why.UNREACHABLE
        return Why.SAID_NO if address in self.said_no else ""


def _once(planned: Iterable[Planned]) -> Iterator[Planned]:
    """The first of each person; the others say so. A focal point who reads for many is one line."""
    seen: set[str] = set()
    for one in planned:
        if one.why or one.key not in seen:
            seen |= set() if one.why else {one.key}
            yield one
        elif one.user is None:
            yield replace(one, why=Why.SAME)


def rows_of(registrations: Iterable[int]) -> RegistrationQuerySet:
    """Locked, so that nobody leaves while they are written to; in the order of their numbers, as everywhere."""
    locked = Registration.objects.filter(pk__in=list(registrations)).select_for_update(of=("self",), no_key=True)
    return locked.with_all_around().order_by("pk")
