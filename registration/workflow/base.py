"""What every move stands on: the table of moves, the locks, and the one line that writes a status."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any, TypeVar

from django.utils import timezone
from django.utils.translation import gettext as _

from meeting.models import User

from ..issuing import issue as letters
from ..mail import outbox
from ..models import Category, Delegation, Registration, RegistrationEvent, Status

MOVES: dict[Status, set[Status]] = {
    Status.DRAFT: {Status.SUBMITTED, Status.WAITLISTED},
    Status.SUBMITTED: {Status.APPROVED, Status.REJECTED, Status.RETURNED, Status.WAITLISTED, Status.WITHDRAWN},
    Status.WAITLISTED: {Status.SUBMITTED, Status.APPROVED, Status.REJECTED, Status.WITHDRAWN},
    Status.RETURNED: {Status.SUBMITTED, Status.WAITLISTED, Status.REJECTED, Status.WITHDRAWN},
    # Back to the organisers: an approval that was a mistake is taken back with a reason.
    Status.APPROVED: {Status.SUBMITTED, Status.WITHDRAWN},
    # Whoever was rejected or has withdrawn may come again, with a better letter.
    Status.REJECTED: {Status.SUBMITTED, Status.WAITLISTED},
    Status.WITHDRAWN: {Status.SUBMITTED, Status.WAITLISTED},
}
GONE = (Status.REJECTED, Status.WITHDRAWN)

Action = RegistrationEvent.Action
Row = TypeVar("Row", Category, Delegation)
WRITTEN_BY_A_MOVE = [
    "status", "status_since", "status_reason", "submitted_at", "returned_fields", "changed_at", "quiet_until",
    "quiet_status", "first_approved_at", "first_approved_by", "kept_waiting",
]  # fmt: skip


class MoveNotAllowed(Exception):
    """A move that cannot be made; the message names the thing, the reason and the next step."""


def lock(registration_id: int, around: Registration | None = None) -> Registration:
    """The registration, locked, with all around it.

    `around`: the same registration as it was read for the screen, whose meeting and delegation may serve once more.
    """
    # Lock before reading: two reviewers often open the same queue after lunch. The key is not changed, so that rows
    # pointing here can be written meanwhile: an offer of a seat must not wait for whoever reads the registration.
    locked = Registration.objects.select_for_update(of=("self",), no_key=True)
    if around is not None:
        registration = locked.get(pk=registration_id)
        # Quotas count for those who wait for a seat, so these are read anew.
        if registration.status == Status.SUBMITTED and registration.delegation_id == around.delegation_id:
            registration.delegation, registration.meeting = around.delegation, around.meeting
            return registration
    return locked.with_all_around().get(pk=registration_id).take_meeting()


def lock_for(registration_id: int, to: Status, around: Registration | None = None) -> Registration:
    """The registration, locked, if it can become `to`."""
    registration = lock(registration_id, around)
    if to not in MOVES[Status(registration.status)]:
        raise MoveNotAllowed(refusal(registration, to))
    return registration


def refusal(registration: Registration, to: Status) -> str:
    last = registration.events.filter(action=Action.MOVED).select_related("by").last()
    values = {
        "who": registration.display_name,
        "now": registration.get_status_display().lower(),
        "by": last.by if last and last.by else _("the delegate"),
        "to": to.label.lower(),
    }
    if registration.status == to:
        return _("%(who)s is %(now)s already, by %(by)s. There is nothing left to do.") % values
    return _("%(who)s is %(now)s, by %(by)s, and so cannot become %(to)s.") % values


def lock_seats(delegation: Delegation, *others: Delegation) -> Delegation:
    """Seats are counted while nobody else can take one: categories first, then delegations. Quotas are read anew.

    Where there is no limit nothing is counted, so nothing is locked. Of several, the one with the lower number comes
    first: two people who change places between two categories do not wait for each other.
    """
    delegations = (delegation, *others)
    for category in _in_order(d.category for d in delegations):
        if category.quota is not None:
            fresh = Category.objects.select_for_update(no_key=True).get(pk=category.pk)
            category.quota, category.delegation_quota = fresh.quota, fresh.delegation_quota
    for each in _in_order(delegations):
        if each.seats is not None:
            now = Delegation.objects.select_for_update(no_key=True).get(pk=each.pk)
            each.quota, each.quota_waived = now.quota, now.quota_waived
    return delegation


def _in_order(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: row.pk)


def move(
    registration: Registration,
    to: Status,
    *,
    by: User | None,
    reason: str = "",
    fields: Iterable[str] = (),
    kept_waiting: bool = False,
    quietly: bool = False,
    closed: dict[str, int] | None = None,
) -> RegistrationEvent:
    """Write the status, and the move into the history. Whoever calls this holds the lock.

    `quietly`: for as long as the meeting gives, the move can be undone and nobody outside is told (see undoing).
    A decision that was still waiting to be told is told no more. `fields` are to be put right, `closed` is what the
    caller has closed for this move and undoing opens again.
    """
    was, before = registration.status, _as_it_stands(registration) | (closed or {}) if quietly else None
    told = what_is_known(registration)
    if was != Status.SUBMITTED or registration.quiet_until:
        outbox.overtake(registration)
    registration.status, registration.status_since, registration.status_reason = to, timezone.now(), reason
    registration.returned_fields, registration.kept_waiting = list(fields), kept_waiting
    registration.first_approved_at = registration.first_approved_by = None
    keep_quiet(registration, told["status"], quietly=quietly)
    registration.save(update_fields=WRITTEN_BY_A_MOVE)
    if registration.quiet_until is None and (was == Status.RETURNED or to in GONE):
        outbox.settled(registration, has_left=to in GONE)
    if was == Status.APPROVED:
        letters.follow_move(registration, by=by)
    if before is not None and registration.quiet_until:
        before |= {"told": told, "quiet_until": registration.quiet_until.isoformat()}
    return registration.events.create(
        from_status=was, to_status=to, by=by, reason=reason, at=registration.status_since, before=before
    )


def keep_quiet(registration: Registration, told: str, *, quietly: bool) -> None:
    """Until when the present decision is not told outside, where `told` is what they know; not saved."""
    minutes = registration.meeting.decision_grace_minutes if quietly else 0
    until = timezone.now() + datetime.timedelta(minutes=minutes)
    registration.quiet_until, registration.quiet_status = (until, told) if minutes else (None, "")


def what_is_known(registration: Registration) -> dict[str, Any]:
    """The state as whoever is outside knows it; carried along while one quiet decision follows another."""
    if registration.told_status != registration.status:
        last = registration.events.filter(action=Action.MOVED, before__isnull=False).last()
        if last and last.before and "told" in last.before:
            return dict(last.before["told"])
    as_it_stands = _as_it_stands(registration)
    return {name: as_it_stands[name] for name in ("status", "since", "reason", "fields", "kept_waiting")}


def _as_it_stands(registration: Registration) -> dict[str, Any]:
    """What `undoing.undo` puts back."""
    return {
        "status": registration.status,
        "since": registration.status_since.isoformat(),
        "reason": registration.status_reason,
        "fields": registration.returned_fields,
        "kept_waiting": registration.kept_waiting,
        "first_by": registration.first_approved_by_id,
        "first_at": registration.first_approved_at and registration.first_approved_at.isoformat(),
    }


def must_not_be_quiet(registration: Registration) -> None:
    """For what people outside do: they do not know of a decision that can still be undone, and are not told here."""
    if registration.told_status != registration.status:
        raise MoveNotAllowed(
            _(
                "The organisers are looking at the registration of %(who)s right now, so nothing was written. "
                "Please try again in a few minutes."
            )
            % {"who": registration.display_name}
        )


def note(
    registration: Registration, action: str, *, by: User | None, reason: str = "", changes: dict[str, Any] | None = None
) -> RegistrationEvent:
    """A fact for the history that leaves the status as it is."""
    now = registration.status
    return registration.events.create(
        action=action, from_status=now, to_status=now, by=by, reason=reason, changes=changes or {}
    )


def put_endorsement(registration: Registration, *, by: User) -> None:
    """The word of the focal point. Whoever calls this holds the lock."""
    registration.endorsed_at, registration.endorsed_by = timezone.now(), by
    registration.save(update_fields=["endorsed_at", "endorsed_by", "changed_at"])
    note(registration, Action.ENDORSED, by=by)


def must_be_complete(registration: Registration) -> None:
    """What the database would refuse, said in words; the forms have asked for more than this."""
    who = {"who": registration.display_name or registration.reference}
    if not (registration.given_names or registration.family_name):
        raise MoveNotAllowed(_("%(who)s has no name yet: write at least one.") % who)
    if registration.unparsed:
        raise MoveNotAllowed(_("Some cells of %(who)s cannot be understood yet. Put them right first.") % who)
    if registration.delegation.category.for_children and not registration.is_minor:
        raise MoveNotAllowed(_("Names are sealed in this category. Add somebody under “Children and young people”."))
    if not (registration.email or registration.on_behalf or registration.is_minor):
        raise MoveNotAllowed(_("Write an email address for %(who)s, or say that messages go to the focal point.") % who)


def reason_given(reason: str, sentence: str) -> str:
    """`reason` without the space around it; MoveNotAllowed with `sentence` when there is none."""
    if not reason.strip():
        raise MoveNotAllowed(sentence)
    return reason.strip()
