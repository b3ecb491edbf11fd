"""Sending rows to the organisers: what will become of each, and each by itself."""

from __future__ import annotations

import datetime
from collections.abc import Container
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from meeting import dates
from meeting.models import User

from .. import rows, workflow
from ..models import SEATED, Delegation, Registration, RegistrationEvent, SeatOffer, Status
from ..rules import is_minor, why_closed
from . import asking, sealing
from .board import TO_SEND, Line


@dataclass
class Forecast:
    """What would become of each row if all of them were sent now."""

    closed: str = ""
    sent: list[Line] = field(default_factory=list)
    waiting: list[Line] = field(default_factory=list)
    unmended: list[Line] = field(default_factory=list)
    mistaken: list[Line] = field(default_factory=list)
    children: list[Line] = field(default_factory=list)
    undated: list[Line] = field(default_factory=list)

    @property
    def good(self) -> list[Line]:
        return [*self.sent, *self.waiting, *self.children]


def forecast(
    lines: list[Line], delegation: Delegation, *, even_if_closed: bool, all_the_same: Container[str] = ()
) -> Forecast:
    """`lines` in the order in which they would be sent: the last of them wait where seats run out.

    What came back and was not touched stays, but for the references that somebody sends `all_the_same`.
    """
    closed = why_closed(delegation.meeting, delegation.category, delegation=delegation)
    told = Forecast(closed="" if even_if_closed else closed)
    free = free_seats(delegation)
    for line in lines:
        registration = line.registration
        if registration.status not in TO_SEND:
            continue
        if line.problems:
            told.mistaken.append(line)
            continue
        if line.is_unmended and registration.reference not in all_the_same:
            told.unmended.append(line)
            continue
        if is_child(registration, delegation):
            told.children.append(line)
            continue
        if registration.birth_date is None and not registration.is_minor:
            told.undated.append(line)
        if registration.status == Status.RETURNED or free is None or free > 0:
            told.sent.append(line)
            free = free if free is None or registration.status == Status.RETURNED else free - 1
        else:
            told.waiting.append(line)
    return told


def free_seats(delegation: Delegation) -> int | None:
    """How many seats are left, as far as can be told without a lock; None for no limit."""
    left = []
    if delegation.seats is not None:
        left.append(delegation.seats - _held(delegation=delegation))
    if delegation.category.quota is not None:
        left.append(delegation.category.quota - _held(delegation__category=delegation.category))
    return max(0, min(left)) if left else None


def _held(**where: object) -> int:
    offers = SeatOffer.objects.filter(
        state=SeatOffer.State.OPEN, **{f"registration__{key}": value for key, value in where.items()}
    )
    # Who was let go and can still be put back holds the seat, as the workflow counts.
    kept = Q(quiet_until__gt=timezone.now(), quiet_status__in=SEATED)
    taken = Registration.objects.filter(Q(status__in=SEATED) | kept, **where)  # type: ignore[misc]
    return taken.count() + offers.count()


def day_of_age(delegation: Delegation) -> datetime.date:
    """The day on which everybody has to be 18 not to be a child here."""
    meeting = delegation.meeting
    return max(meeting.starts_on, timezone.now().astimezone(meeting.zone).date())


def statement(delegation: Delegation) -> str:
    day = dates.long_date(day_of_age(delegation))
    return _("Everybody without a date of birth here is 18 or over on %(day)s.") % {"day": day}


def is_child(registration: Registration, delegation: Delegation) -> bool:
    born = registration.birth_date
    return born is not None and is_minor(born, delegation.meeting)


@transaction.atomic
def send(
    registration_id: int, delegation: Delegation, *, by: User, of_age: bool, even_if_closed: bool = False
) -> Registration:
    """Send one row: a draft, or one that came back. MoveNotAllowed, with nothing written, where it cannot be sent.

    `of_age`: somebody has said that whoever has no date of birth here is no child; that goes into the history.
    """
    registration = Registration.objects.select_for_update(no_key=True).get(pk=registration_id)
    registration.delegation = delegation
    if registration.status not in TO_SEND:
        return registration
    unanswered = asking.missing(delegation, [registration]).get(registration.pk, {})
    for sentence in (rows.problems(registration) | unanswered).values():
        raise workflow.MoveNotAllowed(sentence)
    if is_child(registration, delegation):
        registration = sealing.seal(registration, by=by).registration
    elif registration.birth_date is None and not registration.is_minor:
        _say_of_age(registration, delegation, by=by, of_age=of_age)
    if registration.status == Status.RETURNED:
        return workflow.resubmit(registration.pk, by=by)
    return workflow.submit(registration.pk, by=by, even_if_closed=even_if_closed)


def _say_of_age(registration: Registration, delegation: Delegation, *, by: User, of_age: bool) -> None:
    if not of_age:
        raise workflow.MoveNotAllowed(_("Say that everybody without a date of birth is 18 or over, or give the date."))
    registration.events.create(
        action=RegistrationEvent.Action.EDITED,
        from_status=registration.status,
        to_status=registration.status,
        by=by,
        reason=statement(delegation),
    )
