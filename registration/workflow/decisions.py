"""What the organisers decide: approve, return, reject, put on the waiting list, take an approval back.

Each waits for as long as the meeting gives before anybody outside is told; until then `undoing.undo` takes it back.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from meeting.models import User

from ..mail import outbox
from ..models import ChildRecord, Registration, RegistrationEvent, SeatOffer, Status
from ..rules import can_see_children, is_minor
from .base import (
    Action,
    MoveNotAllowed,
    keep_quiet,
    lock_for,
    lock_seats,
    move,
    reason_given,
    refusal,
    what_is_known,
)
from .moves import leave, what_is_open
from .seats import close_offer, offer_free_seats, seat_is_free


@transaction.atomic
def approve(registration_id: int, *, by: User, around: Registration | None = None) -> Registration:
    """Approve, and tell the delegate with the meeting as calendar file. From the waiting list only into a free seat.

    Where the category wants two people's word, the first leaves the status as it is and tells nobody.
    `around`: the same registration as it was read for the screen, whose meeting and delegation may serve once more.
    """
    registration = lock_for(registration_id, Status.APPROVED, around)
    may_decide(registration, by)
    _others_have_spoken(registration)
    if registration.delegation.category.two_approvals and registration.first_approved_by_id is None:
        return _first_word(registration, by)
    if registration.first_approved_by_id == by.pk:
        raise MoveNotAllowed(
            _("You have approved %(who)s already. “%(category)s” wants the word of a second person.")
            % {"who": registration.display_name, "category": registration.delegation.category.name}
        )
    closed = _take_a_seat(registration) if registration.status == Status.WAITLISTED else {}
    event = move(registration, Status.APPROVED, by=by, quietly=True, closed=closed)
    tell("approved", registration, event, with_calendar=True)
    return registration


def _first_word(registration: Registration, by: User) -> Registration:
    if registration.told_status != registration.status:
        raise MoveNotAllowed(
            _("The last decision on %(who)s can still be undone. Undo it, or wait until it is told, then decide anew.")
            % {"who": registration.display_name}
        )
    told, before = what_is_known(registration), {"status": registration.status, "first": True}
    registration.first_approved_at, registration.first_approved_by = timezone.now(), by
    keep_quiet(registration, told["status"], quietly=True)
    registration.save(
        update_fields=["first_approved_at", "first_approved_by", "quiet_until", "quiet_status", "changed_at"]
    )
    now = registration.status
    registration.events.create(action=Action.FIRST_APPROVED, from_status=now, to_status=now, by=by, before=before)
    return registration


def _others_have_spoken(registration: Registration) -> None:
    """The safeguarding lead for a child, the focal point where the category wants their word."""
    if (
        _is_child(registration)
        and not ChildRecord.objects.filter(registration=registration, state=ChildRecord.State.CLEARED).exists()
    ):
        raise MoveNotAllowed(
            _("%(who)s is under 18: the safeguarding lead decides first.") % {"who": registration.display_name}
        )
    if registration.needs_endorsement:
        raise MoveNotAllowed(
            _("%(who)s waits for the word of the focal point of %(delegation)s, who endorses first.")
            % {"who": registration.display_name, "delegation": registration.delegation.name}
        )


def _is_child(registration: Registration) -> bool:
    """Marked as one, or born less than 18 years before the meeting and not yet taken out of its row."""
    born = registration.birth_date
    return registration.is_minor or (born is not None and is_minor(born, registration.meeting))


def may_decide(registration: Registration, by: User) -> None:
    """On somebody under 18 nobody decides but the safeguarding lead: MoveNotAllowed for others."""
    if _is_child(registration) and not can_see_children(by, registration.meeting):
        raise MoveNotAllowed(
            _("%(who)s is under 18: the safeguarding lead decides.") % {"who": registration.display_name}
        )


def _take_a_seat(registration: Registration) -> dict[str, int]:
    """Into the seat on offer, which is returned, or a free one."""
    lock_seats(registration.delegation)
    closed = what_is_open(registration)
    if not close_offer(registration, SeatOffer.State.ACCEPTED) and not seat_is_free(registration.delegation):
        raise MoveNotAllowed(
            _("%(who)s is on the waiting list and no seat is free for %(delegation)s. Free one, or raise the quota.")
            % {"who": registration.display_name, "delegation": registration.delegation.name}
        )
    return closed


@transaction.atomic
def reject(registration_id: int, *, by: User, reason: str) -> Registration:
    """Reject with a reason that the delegate reads. Frees the seat for the first on the waiting list."""
    reason = reason_given(reason, _("Give a reason: the delegate reads it."))
    registration = lock_for(registration_id, Status.REJECTED)
    may_decide(registration, by)
    return leave(registration, Status.REJECTED, "rejected", by=by, reason=reason, quietly=True)


@transaction.atomic
def return_for_correction(registration_id: int, *, by: User, reason: str, fields: list[str]) -> Registration:
    """Back to whoever typed it, with a reason and the fields to put right. The seat is kept."""
    reason = reason_given(reason, _("Say what is to be put right: the delegate reads it."))
    if not fields:
        raise MoveNotAllowed(_("Tick what is to be put right."))
    registration = lock_for(registration_id, Status.RETURNED)
    may_decide(registration, by)
    event = move(registration, Status.RETURNED, by=by, reason=reason, fields=dict.fromkeys(fields), quietly=True)
    tell("returned", registration, event)
    return registration


@transaction.atomic
def put_on_waiting_list(registration_id: int, *, by: User, reason: str = "") -> Registration:
    """The organisers let somebody wait until they say otherwise. Frees the seat; no other is offered by itself."""
    registration = lock_for(registration_id, Status.WAITLISTED)
    if registration.status not in (Status.SUBMITTED, Status.RETURNED):
        raise MoveNotAllowed(refusal(registration, Status.WAITLISTED))
    may_decide(registration, by)
    lock_seats(registration.delegation)
    event = move(registration, Status.WAITLISTED, by=by, reason=reason.strip(), kept_waiting=True, quietly=True)
    tell("waitlisted", registration, event, values={"by_organisers": True})
    if registration.quiet_until is None:
        offer_free_seats(registration.delegation)
    return registration


@transaction.atomic
def un_approve(registration_id: int, *, by: User, reason: str) -> Registration:
    """Take an approval back with a reason: the organisers decide anew. The seat is kept.

    Whoever has not been told of the approval yet is not told of this either.
    """
    reason = reason_given(reason, _("Give a reason: the delegate reads it."))
    registration = lock_for(registration_id, Status.SUBMITTED)
    if registration.status != Status.APPROVED:
        raise MoveNotAllowed(
            _("%(who)s is not approved, so there is nothing to take back.") % {"who": registration.display_name}
        )
    may_decide(registration, by)
    was_told = registration.told_status == Status.APPROVED
    event = move(registration, Status.SUBMITTED, by=by, reason=reason, quietly=was_told)
    if was_told:
        tell("unapproved", registration, event)
    else:
        registration.status_reason = ""  # on their page; the history has it, for colleagues
        registration.save(update_fields=["status_reason"])
    return registration


def tell(kind: str, registration: Registration, event: RegistrationEvent, **asked: Any) -> None:
    """Queue the message that tells of a decision; it leaves when the decision can no more be undone."""
    outbox.queue(kind, registration, key=f"registration-event-{event.pk}", hold_until=registration.quiet_until, **asked)
