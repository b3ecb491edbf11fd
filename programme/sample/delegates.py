"""Fictitious delegates for trying out and for measuring: the same ones every time, and as many as one likes.

They are written in bulk, past the workflow and without mail, because nobody decided anything about them; their
history says what a delegate's history would say. Nobody real is meant: names are drawn from pools, addresses are at
example.org, telephone numbers begin with a country code that no country has.
"""

from __future__ import annotations

import datetime
import random
import re
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from django.db import connection, transaction
from django.utils import timezone

from meeting.collation import latin
from meeting.models import Entity, Meeting
from registration import rules
from registration.drafts import Represented, delegation_for
from registration.models import (
    SEATED,
    Category,
    Delegation,
    Gender,
    Modality,
    Registration,
    RegistrationEvent,
    Represents,
    RoleInDelegation,
    Status,
)
from registration.models.registration import REFERENCE_ALPHABET

from . import functions, people
from .invited import WITH_LIMIT, WITHOUT_LIMIT, Invited

MOST = 1_000_000
BATCH = 5_000
REFERENCES = len(REFERENCE_ALPHABET) ** 5
# Odd, so that multiplying by it walks through every reference once before it repeats.
STRIDE, START = 20_080_919, 7_654_321
NAMESPACE = uuid.UUID("6f1c1f0e-9d7a-5b5e-8a64-0e2008091819")
WEEKS_OF_REGISTRATION = 6
# Of seven delegates one comes from a delegation with a limit of seats, until the seats are taken.
EVERY_LIMITED = 7
MOST_SEATS = 5
WAITING_FOR_A_SEAT = 2
STATUSES = {
    Status.SUBMITTED: 36,
    Status.APPROVED: 48,
    Status.RETURNED: 6,
    Status.REJECTED: 5,
    Status.WITHDRAWN: 5,
}


@dataclass(frozen=True)
class Place:
    """A delegation as the draw needs it."""

    delegation: Delegation
    invited: Invited

    @property
    def is_government(self) -> bool:
        return self.delegation.category.represents == Represents.GOVERNMENT

    @property
    def jobs(self) -> functions.Jobs:
        if self.invited.mission:
            return functions.jobs_at_mission(self.invited.mission)
        return functions.GOVERNMENT if self.is_government else functions.ORGANISATION


def make(meeting: Meeting, wanted: int, now: datetime.datetime | None = None) -> int:
    """Bring the fictitious delegates of `meeting` to `wanted`; how many were added. Never takes any away."""
    drawn = _draw_all(meeting, wanted, now or timezone.now())
    added = 0
    while batch := list(islice(drawn, BATCH)):
        added += _write(batch)
    if added >= BATCH:
        _tell_planner()
    return added


def _tell_planner() -> None:
    """So many rows at once make the statistics wrong, and the first pages slow, until the server notices itself."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


@transaction.atomic
def _write(batch: list[Registration]) -> int:
    known = set(Registration.objects.filter(attempt__in=[r.attempt for r in batch]).values_list("attempt", flat=True))
    missing = [r for r in batch if r.attempt not in known]
    # A real delegate may hold one of these references; the fictitious one then does without a place.
    taken = set(
        Registration.objects.filter(reference__in=[r.reference for r in missing]).values_list("reference", flat=True)
    )
    missing = [r for r in missing if r.reference not in taken]
    for registration in missing:
        registration.derive_keys()
    Registration.objects.bulk_create(missing)
    RegistrationEvent.objects.bulk_create([event for r in missing for event in _history(r)])
    return len(missing)


def _history(registration: Registration) -> Iterator[RegistrationEvent]:
    """Sent by the delegate, and moved on once where the status says so."""
    first = Status.WAITLISTED if registration.status == Status.WAITLISTED else Status.SUBMITTED
    sent = registration.submitted_at or registration.status_since
    yield RegistrationEvent(registration=registration, at=sent, from_status=Status.DRAFT, to_status=first)
    if registration.status != first:
        yield RegistrationEvent(
            registration=registration,
            at=registration.status_since,
            from_status=first,
            to_status=registration.status,
            reason=registration.status_reason,
        )


# --- The draw --------------------------------------------------------------------------------------------------------


def _draw_all(meeting: Meeting, wanted: int, now: datetime.datetime) -> Iterator[Registration]:
    without, limited = _places(meeting, WITHOUT_LIMIT), _places(meeting, WITH_LIMIT)
    seats = [
        place
        for seat in range(MOST_SEATS + WAITING_FOR_A_SEAT)
        for place in limited
        if seat < (place.delegation.seats or 0) + WAITING_FOR_A_SEAT
    ]
    ranks: Counter[int] = Counter()
    for number in range(wanted):
        rng = random.Random(number)
        place = _place(number, rng, without, seats)
        ranks[place.delegation.pk] += 1
        yield _delegate(number, rng, place, ranks[place.delegation.pk], now)


def _places(meeting: Meeting, invited: list[Invited]) -> list[Place]:
    entities = {e.code: e for e in Entity.objects.with_names().prefetch_related("memberships")}
    categories = list(Category.objects.filter(meeting=meeting))
    places = []
    for one in invited:
        entity = entities[one.code]
        if category := rules.category_for(entity, meeting, categories):
            delegation = delegation_for(Represented(meeting, category, entity))
            # What is in hand need not be fetched again for each.
            delegation.meeting, delegation.category = meeting, category
            places.append(Place(delegation, one))
    return places


def _place(number: int, rng: random.Random, without: list[Place], seats: list[Place]) -> Place:
    """Every delegation has its first delegate before any has many; those invited first send more."""
    turn, limited = divmod(number, EVERY_LIMITED)
    if limited == 0 and turn < len(seats):
        return seats[turn]
    plain = number - min(turn + 1, len(seats))
    return without[plain] if plain < len(without) else without[int(len(without) * rng.random() ** 1.6)]


def _delegate(number: int, rng: random.Random, place: Place, rank: int, now: datetime.datetime) -> Registration:
    name, is_woman = people.draw(rng.choice(place.invited.cultures), rng)
    return Registration(
        meeting=place.delegation.meeting,
        delegation=place.delegation,
        reference=_reference(place.delegation.meeting.reference_prefix, number),
        attempt=uuid.uuid5(NAMESPACE, f"{place.delegation.meeting_id}/{number}"),
        given_names=name.given,
        family_name=name.family,
        display_name=name.display,
        email=_email(name, place, number),
        phone=f"+999 {rng.randrange(20, 99)} 555 {rng.randrange(10_000):04}" if rng.random() < 0.7 else "",
        language=place.invited.language,
        modality=Modality.ONLINE if rng.random() < 0.12 else Modality.IN_PERSON,
        **_function(rng, place, rank, is_woman),
        **_state(rng, place, rank, now),
        **_allowed(number, is_woman),
    )


def _allowed(number: int, is_woman: bool) -> dict[str, object]:
    """What delegates let us show and count; most answer, and some do not. A draw of its own."""
    rng = random.Random(-number - 1)
    gender = Gender.OTHER if rng.random() < 0.01 else Gender.WOMAN if is_woman else Gender.MAN
    return {
        "gender": gender if rng.random() < 0.85 else "",
        "name_public": rng.random() < 0.7,
        "contact_shared": rng.random() < 0.15,
    }


def _reference(prefix: str, number: int) -> str:
    rest, letters = (number * STRIDE + START) % REFERENCES, ""
    for _ in range(5):
        rest, letter = divmod(rest, len(REFERENCE_ALPHABET))
        letters += REFERENCE_ALPHABET[letter]
    return f"{prefix}-{letters}"


def _email(name: people.Name, place: Place, number: int) -> str:
    words = re.findall(r"[a-z]+", latin(name.display))
    local = ".".join(words)[:40].strip(".") or "delegate"
    return f"{local}.{number}@{place.invited.code.lower()}.example.org"


def _function(rng: random.Random, place: Place, rank: int, is_woman: bool) -> dict[str, str]:
    """Form of address, functional title, department, organisation and role; the first of a delegation heads it."""
    title, department = place.jobs.draw(rng, is_head=rank == 1)
    return {
        "honorific": _honorific(rng, title, "Ms." if is_woman else "Mr."),
        "functional_title": title,
        "department": department,
        "organisation": "" if place.is_government else place.delegation.name,
        "role": _role(rng, place, rank),
    }


def _honorific(rng: random.Random, title: str, plain: str) -> str:
    if title in functions.EXCELLENCIES:
        return f"H.E. {plain}"
    return rng.choices([plain, "Dr.", ""], [85, 10, 5])[0]


def _role(rng: random.Random, place: Place, rank: int) -> RoleInDelegation:
    if rank == 1:
        return RoleInDelegation.HEAD
    if not place.is_government:
        return RoleInDelegation.OBSERVER
    if rank <= 3:
        return RoleInDelegation.DEPUTY if rank == 2 else RoleInDelegation.ALTERNATE
    some = [RoleInDelegation.ADVISER, RoleInDelegation.SUPPORT, RoleInDelegation.INTERPRETER]
    return rng.choices(some, [88, 8, 4])[0]


def _state(rng: random.Random, place: Place, rank: int, now: datetime.datetime) -> dict[str, object]:
    """Status, since when, why, and the day it was sent: more of them the nearer to `now`."""
    status = _status(rng, place, rank)
    waited = datetime.timedelta(weeks=WEEKS_OF_REGISTRATION) * rng.random() ** 1.5
    submitted = now - waited
    undecided = status in (Status.SUBMITTED, Status.WAITLISTED)
    reasons = {Status.REJECTED: functions.REASONS_TO_REJECT, Status.RETURNED: functions.REASONS_TO_RETURN}
    return {
        "status": status,
        "submitted_at": submitted,
        "status_since": submitted if undecided else submitted + waited * rng.uniform(0.02, 0.6),
        "status_reason": rng.choice(reasons[status]) if status in reasons else "",
    }


def _status(rng: random.Random, place: Place, rank: int) -> Status:
    """Where seats are limited all of them are taken, and those beyond wait: as the workflow would have left it."""
    status = rng.choices(list(STATUSES), list(STATUSES.values()))[0]
    seats = place.delegation.seats
    if seats is None:
        return status
    if rank > seats:
        return Status.WAITLISTED
    return status if status in SEATED else Status.SUBMITTED
