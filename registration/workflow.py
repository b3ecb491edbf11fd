"""The only writer of a registration's status.

Each move is one function: lock, check, change, append history, queue mail; all in one transaction. Views, admin
actions and commands call these and nothing else. A refused move raises MoveNotAllowed with a sentence to show.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from meeting.models import User

from .mail import outbox
from .models import SEATED, Category, Delegation, Registration, RegistrationEvent, Status
from .rules import why_closed

# The moves that have a function today. States that later work adds functions for stand in Status already.
MOVES: dict[Status, set[Status]] = {
    Status.DRAFT: {Status.SUBMITTED, Status.WAITLISTED},
    Status.SUBMITTED: {Status.APPROVED, Status.REJECTED},
    Status.WAITLISTED: {Status.SUBMITTED, Status.APPROVED, Status.REJECTED},
    Status.RETURNED: set(),
    Status.APPROVED: set(),
    Status.REJECTED: set(),
    Status.WITHDRAWN: set(),
}


class MoveNotAllowed(Exception):
    """A move that cannot be made; the message names the thing, the reason and the next step."""


@transaction.atomic
def submit(registration_id: int, *, by: User | None = None) -> Registration:
    """Send a draft to the organisers, or to the waiting list when no seat is free.

    Sending the same draft again changes nothing and returns the registration as it is. Raises MoveNotAllowed when
    registration has closed meanwhile; the draft stays.
    """
    registration = _lock(registration_id)
    if registration.status != Status.DRAFT:
        return registration
    delegation = _lock_seats(registration)
    if reason := why_closed(registration.meeting, delegation.category):
        raise MoveNotAllowed(reason)
    to = Status.SUBMITTED if seat_is_free(delegation) else Status.WAITLISTED
    registration.submitted_at = timezone.now()
    event = _move(registration, to, by=by)
    outbox.queue(str(to), registration, key=f"registration-event-{event.pk}")
    return registration


@transaction.atomic
def approve(registration_id: int, *, by: User, around: Registration | None = None) -> Registration:
    """Approve, and tell the delegate with the meeting as calendar file. From the waiting list only into a free seat.

    `around`: the same registration as it was read for the screen, whose meeting and delegation may serve once more.
    """
    registration = _lock_for(registration_id, Status.APPROVED, around)
    if registration.status == Status.WAITLISTED and not seat_is_free(_lock_seats(registration)):
        raise MoveNotAllowed(
            _("%(who)s is on the waiting list and no seat is free for %(delegation)s. Free one, or raise the quota.")
            % {"who": registration.display_name, "delegation": registration.delegation.name}
        )
    event = _move(registration, Status.APPROVED, by=by)
    outbox.queue("approved", registration, key=f"registration-event-{event.pk}", with_calendar=True)
    return registration


@transaction.atomic
def reject(registration_id: int, *, by: User, reason: str) -> Registration:
    """Reject with a reason that the delegate reads. Frees the seat for the first on the waiting list."""
    if not reason.strip():
        raise MoveNotAllowed(_("Give a reason: the delegate reads it."))
    registration = _lock_for(registration_id, Status.REJECTED)
    held_a_seat = registration.status in SEATED
    # From here on nobody can join the waiting list unseen by _offer_freed_seat.
    _lock_seats(registration)
    event = _move(registration, Status.REJECTED, by=by, reason=reason.strip())
    outbox.queue("rejected", registration, key=f"registration-event-{event.pk}")
    if held_a_seat:
        _offer_freed_seat(registration.delegation)
    return registration


def seat_is_free(delegation: Delegation) -> bool:
    """Whether delegation and category have a seat left. Only true while the caller holds the locks of both."""
    taken = Registration.objects.seated()
    if delegation.seats is not None and taken.filter(delegation=delegation).count() >= delegation.seats:
        return False
    limit = delegation.category.quota
    return limit is None or taken.filter(delegation__category=delegation.category).count() < limit


def seats_used(delegation_ids: list[int]) -> dict[int, int]:
    """Seats taken by each of these delegations, in one query."""
    rows = Registration.objects.seated().filter(delegation__in=delegation_ids).values("delegation")
    return {row["delegation"]: row["n"] for row in rows.annotate(n=Count("pk")).order_by()}


def _lock(registration_id: int, around: Registration | None = None) -> Registration:
    # Lock before reading: two reviewers often open the same queue after lunch.
    locked = Registration.objects.select_for_update(of=("self",))
    if around is not None:
        registration = locked.get(pk=registration_id)
        # Quotas count for those who wait for a seat, so these are read anew.
        if registration.status == Status.SUBMITTED and registration.delegation_id == around.delegation_id:
            registration.delegation, registration.meeting = around.delegation, around.meeting
            return registration
    return locked.with_all_around().get(pk=registration_id).take_meeting()


def _lock_for(registration_id: int, to: Status, around: Registration | None = None) -> Registration:
    registration = _lock(registration_id, around)
    if to not in MOVES[Status(registration.status)]:
        raise MoveNotAllowed(_refusal(registration, to))
    return registration


def _refusal(registration: Registration, to: Status) -> str:
    last = registration.events.select_related("by").last()
    values = {
        "who": registration.display_name,
        "now": registration.get_status_display().lower(),
        "by": last.by if last and last.by else _("the delegate"),
        "to": to.label.lower(),
    }
    if registration.status == to:
        return _("%(who)s is %(now)s already, by %(by)s. There is nothing left to do.") % values
    return _("%(who)s is %(now)s, by %(by)s, and so cannot become %(to)s.") % values


def _lock_seats(registration: Registration) -> Delegation:
    """Seats are counted while nobody else can take one: always category first, then delegation, so nobody deadlocks."""
    delegation = registration.delegation
    if delegation.category.quota is not None:
        Category.objects.select_for_update().get(pk=delegation.category_id)
    if delegation.seats is not None:
        Delegation.objects.select_for_update().get(pk=delegation.pk)
    return delegation


def _move(registration: Registration, to: Status, *, by: User | None, reason: str = "") -> RegistrationEvent:
    was = registration.status
    registration.status, registration.status_since, registration.status_reason = to, timezone.now(), reason
    registration.save(update_fields=["status", "status_since", "status_reason", "submitted_at", "changed_at"])
    return registration.events.create(from_status=was, to_status=to, by=by, reason=reason, at=registration.status_since)


def _offer_freed_seat(delegation: Delegation) -> None:
    """The first on the waiting list that now has a seat goes to the organisers, who decide."""
    waiting = Registration.objects.select_for_update(of=("self",)).filter(
        delegation__category=delegation.category, status=Status.WAITLISTED
    )
    if delegation.category.quota is None:
        waiting = waiting.filter(delegation=delegation)
    for candidate in waiting.select_related("meeting__venue", "delegation__category").order_by("status_since", "pk"):
        if seat_is_free(_lock_seats(candidate)):
            event = _move(candidate, Status.SUBMITTED, by=None)
            outbox.queue("submitted", candidate, key=f"registration-event-{event.pk}")
            return
