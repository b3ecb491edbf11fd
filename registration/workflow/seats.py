"""Seats: counted under lock, offered in order, for a time."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import structlog
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from meeting.models import AuditEntry, User

from ..mail import outbox
from ..models import SEATED, Category, Delegation, DelegationEvent, Registration, RegistrationEvent, SeatOffer, Status
from .base import Action, MoveNotAllowed, lock, lock_seats, move, must_not_be_quiet, note, reason_given

State = SeatOffer.State
MOST_AT_ONCE = 500
log = structlog.get_logger("placard.seats")


def seat_is_free(delegation: Delegation) -> bool:
    """Whether delegation and category have a seat left. Only true while the caller holds the locks of both.

    A seat on offer is taken: it is kept for whom it was offered to.
    """
    if delegation.seats is not None and _held(delegation=delegation) >= delegation.seats:
        return False
    limit = delegation.category.quota
    return limit is None or _held(delegation__category=delegation.category) < limit


def _held(**where: Delegation | Category) -> int:
    """Seats taken, those on offer, and those of people whose going can still be undone."""
    kept = Q(quiet_until__gt=timezone.now(), quiet_status__in=SEATED)
    held = Registration.objects.filter(Q(status__in=SEATED) | kept, **where).count()
    on_offer = SeatOffer.objects.filter(state=State.OPEN, **{f"registration__{k}": v for k, v in where.items()})
    return held + on_offer.count()


def seats_used(delegation_ids: list[int]) -> dict[int, int]:
    """Seats taken by each of these delegations, in one query."""
    rows = Registration.objects.seated().filter(delegation__in=delegation_ids).values("delegation")
    return {row["delegation"]: row["n"] for row in rows.annotate(n=Count("pk")).order_by()}


def offer_free_seats(delegation: Delegation) -> int:
    """Offer what is free to those who have waited longest; how many offers were made. Inside a transaction.

    Where the category has a limit of its own, a seat freed by one delegation may go to another. Who has just let an
    offer go by is not asked again at once: the same seat would come back to them with every sweep.
    """
    lock_seats(delegation)
    made, full = 0, set()
    for candidate in _in_line(delegation):
        if candidate.delegation_id in full:
            continue
        if _category_is_full(delegation.category):
            break
        lock_seats(candidate.delegation)
        if seat_is_free(candidate.delegation):
            _offer(candidate)
            made += 1
        else:
            full.add(candidate.delegation_id)
    return made


def _in_line(delegation: Delegation) -> QuerySet[Registration]:
    """Who waits for a seat that this delegation may free, first come first."""
    waiting = Registration.objects.filter(status=Status.WAITLISTED, kept_waiting=False)
    waiting = waiting.exclude(seat_offers__state=State.OPEN)
    if delegation.category.quota is None:
        waiting = waiting.filter(delegation=delegation)
    else:
        waiting = waiting.filter(delegation__category=delegation.category)
    pause = timezone.now() - datetime.timedelta(hours=delegation.meeting.seat_offer_hours)
    passed = SeatOffer.objects.filter(state__in=[State.DECLINED, State.EXPIRED], answered_at__gt=pause)
    waiting = waiting.exclude(pk__in=passed.values("registration"))
    return waiting.select_related("meeting__venue", "delegation__category").order_by("status_since", "pk")


def _category_is_full(category: Category) -> bool:
    return category.quota is not None and _held(delegation__category=category) >= category.quota


def _offer(candidate: Registration) -> None:
    hours = candidate.meeting.seat_offer_hours
    offer = SeatOffer.objects.create(
        registration=candidate, expires_at=timezone.now() + datetime.timedelta(hours=hours)
    )
    note(candidate, Action.OFFERED, by=None)
    outbox.queue("seat_offered", candidate, key=f"seat-offer-{offer.pk}", values={"offer": offer})


def close_offer(registration: Registration, state: str) -> bool:
    """End the open offer of this registration, if it has one. The caller holds the locks."""
    closed = SeatOffer.objects.filter(registration=registration, state=State.OPEN)
    return bool(closed.update(state=state, answered_at=timezone.now()))


@transaction.atomic
def accept_offer(registration_id: int, *, by: User | None = None) -> Registration:
    """Take the seat that is on offer: the registration goes to the organisers, who decide."""
    registration = lock(registration_id)
    must_not_be_quiet(registration)
    if registration.status != Status.WAITLISTED:
        return registration  # taken already, or moved on by the organisers
    lock_seats(registration.delegation)
    open_now = SeatOffer.objects.filter(registration=registration, state=State.OPEN, expires_at__gt=timezone.now())
    if not open_now.exists():
        raise MoveNotAllowed(
            _("This seat is no longer kept for %(who)s: the time was over, and it goes to the next in line.")
            % {"who": registration.display_name}
        )
    close_offer(registration, State.ACCEPTED)
    event = move(registration, Status.SUBMITTED, by=by)
    outbox.queue("submitted", registration, key=f"registration-event-{event.pk}", values={"came_from": "offer"})
    return registration


@transaction.atomic
def decline_offer(registration_id: int, *, by: User | None = None) -> Registration:
    """Leave the seat to the next in line, and wait on at the end."""
    registration = lock(registration_id)
    must_not_be_quiet(registration)
    lock_seats(registration.delegation)
    if registration.status == Status.WAITLISTED and close_offer(registration, State.DECLINED):
        _to_the_end_of_the_line(registration, by=by, declined=True)
        offer_free_seats(registration.delegation)
    return registration


def expire_offers() -> int:
    """End the offers whose time is over and offer their seats to the next; how many ended. May run any time."""
    late = SeatOffer.objects.filter(state=State.OPEN, expires_at__lte=timezone.now()).order_by("expires_at")
    return sum(_without_stopping(_expire, offer.registration_id) for offer in late[:MOST_AT_ONCE])


def offer_what_is_free() -> int:
    """Offer every seat that is free while somebody waits for it; how many offers were made. May run any time.

    Moves offer what they free themselves. This finds what they cannot see: a limit changed in the admin, or an offer
    that somebody let go by while nobody else was in line.
    """
    waiting = Delegation.objects.filter(registrations__status=Status.WAITLISTED).distinct().order_by("pk")
    return sum(_without_stopping(_offer_in, pk) for pk in list(waiting.values_list("pk", flat=True)))


def _without_stopping(act: Callable[[int], int], pk: int) -> int:
    """A fault in one must not keep the others waiting; it is logged, and comes again with the next sweep."""
    try:
        return act(pk)
    except Exception as error:
        log.error("seat not offered", act=act.__name__, pk=pk, exc_info=error)
        return 0


@transaction.atomic
def _offer_in(delegation_id: int) -> int:
    return offer_free_seats(Delegation.objects.select_related("meeting", "category").get(pk=delegation_id))


@transaction.atomic
def _expire(registration_id: int) -> int:
    registration = lock(registration_id)
    lock_seats(registration.delegation)
    late = SeatOffer.objects.filter(registration=registration, state=State.OPEN, expires_at__lte=timezone.now())
    if not late.exists():
        return 0
    close_offer(registration, State.EXPIRED)
    event = _to_the_end_of_the_line(registration, by=None)
    outbox.queue("seat_offer_ended", registration, key=f"registration-event-{event.pk}")
    offer_free_seats(registration.delegation)
    return 1


def _to_the_end_of_the_line(
    registration: Registration, *, by: User | None, declined: bool = False
) -> RegistrationEvent:
    registration.status_since = timezone.now()
    registration.save(update_fields=["status_since", "changed_at"])
    return note(registration, Action.OFFER_ENDED, by=by, changes={"declined": True} if declined else {})


@transaction.atomic
def change_quota(delegation_id: int, *, seats: int | None, waived: bool = False, reason: str, by: User) -> Delegation:
    """Raise, lower or waive the seats of one delegation. Nobody who has a seat loses it; what becomes free is offered.

    `seats` None follows the category; `waived` lifts the delegation's limit, not the category's.
    """
    reason = reason_given(reason, _("Give a reason: it stands in the history of the delegation."))
    around = Delegation.objects.select_related("meeting", "category")
    category = around.get(pk=delegation_id).category
    if category.quota is not None:
        Category.objects.select_for_update(no_key=True).get(pk=category.pk)
    delegation = around.select_for_update(of=("self",), no_key=True).get(pk=delegation_id)
    was = delegation.seats
    delegation.quota, delegation.quota_waived = seats, waived
    delegation.save(update_fields=["quota", "quota_waived"])
    detail = {"was": was, "now": delegation.seats, "reason": reason}
    DelegationEvent.objects.create(delegation=delegation, by=by, action=DelegationEvent.Action.QUOTA, detail=detail)
    offer_free_seats(delegation)
    return delegation


class Kept:
    """Stands for a limit that is left as it is; None is "no limit"."""


@transaction.atomic
def change_category_quota(
    category_id: int,
    *,
    seats: int | type[Kept] | None = Kept,
    each: int | type[Kept] | None = Kept,
    reason: str,
    by: User,
) -> Category:
    """The seats of a whole category, and those of `each` delegation in it; None for no limit.

    Nobody loses a seat; what becomes free is offered.
    """
    reason = reason_given(reason, _("Give a reason: it stands in the history of the meeting."))
    category = Category.objects.select_for_update(no_key=True).get(pk=category_id)
    detail: dict[str, Any] = {"reason": reason}
    if not isinstance(seats, type):
        detail |= {"was": category.quota, "now": seats}
        category.quota = seats
    if not isinstance(each, type):
        detail |= {"each_was": category.delegation_quota, "each_now": each}
        category.delegation_quota = each
    category.save(update_fields=["quota", "delegation_quota"])
    AuditEntry.objects.create(
        meeting=category.meeting, by=by, action=AuditEntry.Action.QUOTA, about=category.code, detail=detail
    )
    _offer_in_category(category)
    return category


def _offer_in_category(category: Category) -> None:
    waiting = Delegation.objects.filter(category=category, registrations__status=Status.WAITLISTED)
    for delegation in waiting.select_related("meeting", "category").distinct().order_by("pk"):
        offer_free_seats(delegation)
        if category.quota is not None:
            return  # one pass has looked at the whole category
