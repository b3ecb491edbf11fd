"""Moves of one registration from state to state."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from meeting.models import User

from ..mail import outbox
from ..models import (
    SEATED,
    ChangeProposal,
    Channel,
    Delegation,
    FocalPoint,
    Registration,
    SeatOffer,
    Status,
    Typist,
    new_reference,
)
from ..rules import is_minor, why_closed
from .base import (
    MOVES,
    Action,
    MoveNotAllowed,
    lock,
    lock_seats,
    move,
    must_be_complete,
    must_not_be_quiet,
    note,
    put_endorsement,
    refusal,
)
from .seats import close_offer, offer_free_seats, seat_is_free
from .telling import ask_for_endorsement


@transaction.atomic
def submit(registration_id: int, *, by: User | None = None, even_if_closed: bool = False) -> Registration:
    """Send a draft to the organisers, or to the waiting list when no seat is free.

    Sending the same draft again changes nothing and returns the registration as it is. Raises MoveNotAllowed when
    registration has closed meanwhile (organisers may go on), or this is for the focal point to do; the draft stays.
    """
    registration = lock(registration_id)
    if registration.status != Status.DRAFT:
        return registration
    _must_be_open(registration, even_if_closed)
    if registration.channel == Channel.SELF:
        _must_not_be_for_the_focal_point(registration)
    must_be_complete(registration)
    return _send(registration, by=by)


def _must_be_open(registration: Registration, even_if_closed: bool = False) -> None:
    if not even_if_closed and (
        reason := why_closed(registration.meeting, registration.delegation.category, delegation=registration.delegation)
    ):
        raise MoveNotAllowed(reason)


def _must_not_be_for_the_focal_point(registration: Registration) -> None:
    if registration.delegation.category.typist == Typist.FOCAL_POINT:
        raise MoveNotAllowed(
            _("For “%(category)s” the focal point registers everybody. Ask yours to put you on the roster.")
            % {"category": registration.delegation.category.name}
        )


def _send(registration: Registration, *, by: User | None) -> Registration:
    """To the organisers, or to the waiting list; whoever waits already comes first."""
    delegation = lock_seats(registration.delegation)
    if seat_is_free(delegation) and _has_a_limit(delegation):
        offer_free_seats(delegation)
    to = Status.SUBMITTED if seat_is_free(delegation) else Status.WAITLISTED
    registration.submitted_at = timezone.now()
    event = move(registration, to, by=by)
    _endorsed_by_whoever_sends(registration, by)
    outbox.queue(str(to), registration, key=f"registration-event-{event.pk}")
    ask_for_endorsement(registration, event)
    return registration


def _has_a_limit(delegation: Delegation) -> bool:
    return delegation.seats is not None or delegation.category.quota is not None


def _endorsed_by_whoever_sends(registration: Registration, by: User | None) -> None:
    """What the focal point sends needs no second word from the focal point."""
    if by is None or not registration.needs_endorsement:
        return
    if FocalPoint.objects.active().filter(delegation=registration.delegation, user=by).exists():
        put_endorsement(registration, by=by)


@transaction.atomic
def resubmit(registration_id: int, *, by: User | None = None) -> Registration:
    """What was returned is put right and goes back to the organisers; it has kept its seat."""
    registration = lock(registration_id)
    must_not_be_quiet(registration)
    if registration.status == Status.SUBMITTED:
        return registration
    if registration.status != Status.RETURNED:
        raise MoveNotAllowed(refusal(registration, Status.SUBMITTED))
    must_be_complete(registration)
    event = move(registration, Status.SUBMITTED, by=by)
    outbox.queue("submitted", registration, key=f"registration-event-{event.pk}", values={"came_from": "returned"})
    return registration


@transaction.atomic
def come_back(registration_id: int, *, by: User | None = None, even_if_closed: bool = False) -> Registration:
    """Somebody who was rejected or has withdrawn comes again; a seat is not kept for them meanwhile.

    The focal point's word is asked for anew: it may be the focal point who had withdrawn them.
    """
    registration = lock(registration_id)
    if not even_if_closed:
        must_not_be_quiet(registration)
    if registration.status not in (Status.REJECTED, Status.WITHDRAWN):
        return registration
    if registration.merged_into_id or Registration.objects.filter(replaces=registration).exists():
        raise MoveNotAllowed(
            _("Another registration stands in the place of this one. Register %(who)s anew.")
            % {"who": registration.display_name}
        )
    _must_be_open(registration, even_if_closed)
    if by is None:
        _must_not_be_for_the_focal_point(registration)
    must_be_complete(registration)
    registration.endorsed_at = registration.endorsed_by = None
    registration.save(update_fields=["endorsed_at", "endorsed_by"])
    return _send(registration, by=by)


@transaction.atomic
def withdraw(registration_id: int, *, by: User | None = None, reason: str = "", quietly: bool = False) -> Registration:
    """The person does not come. Frees the seat; nobody has to give a reason. Twice is once.

    `quietly`: the organisers do it for them, and may undo it while the message waits.
    """
    registration = lock(registration_id)
    # Whoever withdraws outside does so from the state they know, whatever was decided meanwhile.
    known = Status(registration.status if quietly else registration.told_status)
    if known == registration.status == Status.WITHDRAWN:
        return registration
    if Status.WITHDRAWN not in MOVES[known]:
        raise MoveNotAllowed(refusal(registration, Status.WITHDRAWN))
    return leave(registration, Status.WITHDRAWN, "withdrawn", by=by, reason=reason.strip(), quietly=quietly)


def leave(
    registration: Registration, to: Status, kind: str, *, by: User | None, reason: str, quietly: bool = False
) -> Registration:
    """Rejected or withdrawn. The seat is offered to the next in line as soon as this cannot be undone."""
    held_a_seat = registration.status in SEATED or registration.told_status in SEATED
    # From here on nobody can join the waiting list unseen by those who give the seat away.
    lock_seats(registration.delegation)
    closed = what_is_open(registration)
    held_a_seat |= close_offer(registration, SeatOffer.State.WITHDRAWN)
    _close_proposal(registration, by)
    event = move(registration, to, by=by, reason=reason, quietly=quietly, closed=closed)
    outbox.queue(kind, registration, key=f"registration-event-{event.pk}", hold_until=registration.quiet_until)
    if held_a_seat and registration.quiet_until is None:
        offer_free_seats(registration.delegation)
    return registration


def what_is_open(registration: Registration) -> dict[str, int]:
    """The seat on offer and the change that was asked for, so that undoing opens them again."""
    offers = registration.seat_offers.filter(state=SeatOffer.State.OPEN)
    proposals = registration.proposals.filter(state=ChangeProposal.State.OPEN)
    found = {"offer": offers.values_list("pk", flat=True), "proposal": proposals.values_list("pk", flat=True)}
    return {name: pk for name, pks in found.items() for pk in pks[:1]}


def _close_proposal(registration: Registration, by: User | None) -> None:
    asked = registration.proposals.filter(state=ChangeProposal.State.OPEN)
    asked.update(state=ChangeProposal.State.WITHDRAWN, decided_by=by, decided_at=timezone.now())


@transaction.atomic
def substitute(registration_id: int, replacement: Registration, *, by: User | None) -> Registration:
    """`replacement`, not yet saved, comes in the place of somebody who does not: with the seat, or the place in line.

    The organisers decide on whoever comes. Both histories point at each other. Returns the replacement.
    """
    old = lock(registration_id)
    must_not_be_quiet(old)
    if Status.WITHDRAWN not in MOVES[Status(old.status)]:
        raise MoveNotAllowed(refusal(old, Status.WITHDRAWN))
    _can_be_replaced_by(old, replacement)
    lock_seats(old.delegation)
    was, since = Status(old.status), old.status_since
    _close_proposal(old, by)
    left = move(old, Status.WITHDRAWN, by=by)
    new = _in_place_of(old, replacement)
    must_be_complete(new)
    to = Status.WAITLISTED if was == Status.WAITLISTED else Status.SUBMITTED
    event = move(new, to, by=by)
    note(old, Action.SUBSTITUTED, by=by, changes={"registration": new.reference})
    note(new, Action.SUBSTITUTES, by=by, changes={"registration": old.reference})
    _endorsed_by_whoever_sends(new, by)
    offer = _take_place_in_line(old, new, since) if to == Status.WAITLISTED else None
    outbox.queue("replaced", old, key=f"registration-event-{left.pk}")
    kind, values = ("seat_offered", {"offer": offer}) if offer else (str(to), None)
    outbox.queue(kind, new, key=f"registration-event-{event.pk}", values=values)
    return new


def _can_be_replaced_by(old: Registration, replacement: Registration) -> None:
    """Children come and go by the safeguarding lead's word alone; whoever came back was replaced once already."""
    child = old.is_minor or (replacement.birth_date and is_minor(replacement.birth_date, old.meeting))
    if child:
        raise MoveNotAllowed(
            _("Nobody under 18 is put in the place of somebody else, or replaced. Withdraw one and add the other.")
        )
    if Registration.objects.filter(replaces=old).exists():
        raise MoveNotAllowed(
            _("%(who)s was replaced once before. Withdraw %(who)s and add the other person as a new row.")
            % {"who": old.display_name}
        )


def _in_place_of(old: Registration, replacement: Registration) -> Registration:
    replacement.meeting, replacement.delegation, replacement.replaces = old.meeting, old.delegation, old
    replacement.status, replacement.submitted_at = Status.DRAFT, timezone.now()
    if replacement.precedence is None:
        replacement.precedence = old.precedence
    replacement.reference = replacement.reference or _free_reference(old.meeting.reference_prefix)
    replacement.save()
    return replacement


def _free_reference(prefix: str) -> str:
    """Taken once in 33 million; whoever loses the race for it within a millisecond tries again by hand."""
    while Registration.objects.filter(reference=(reference := new_reference(prefix))).exists():
        pass
    return reference


def _take_place_in_line(old: Registration, new: Registration, since: datetime.datetime) -> SeatOffer | None:
    """The place in line passes on, and the seat that is on offer, which is returned."""
    new.status_since = since
    new.save(update_fields=["status_since"])
    offer = SeatOffer.objects.filter(registration=old, state=SeatOffer.State.OPEN).first()
    if offer:
        offer.registration = new
        offer.save(update_fields=["registration"])
        note(new, Action.OFFERED, by=None)
    return offer
