"""Why a move on many would be refused for one of them, foreseen with a few queries for all.

The workflow has the last word: it looks again under its locks, at the moment of the move.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from meeting.models import User

from .. import workflow
from ..models import SEATED, Category, ChildRecord, Delegation, Registration, SeatOffer, Status
from ..rules import can_see_children, is_minor

TARGETS = {
    "approve": Status.APPROVED,
    "return": Status.RETURNED,
    "reject": Status.REJECTED,
    "waitlist": Status.WAITLISTED,
}


class Obstacles:
    """What stands in the way of `move`, asked once for each registration, in the order in which it is carried out."""

    def __init__(self, registrations: list[Registration], move: str, by: User) -> None:
        self.move, self.by, self.to = move, by, TARGETS.get(move)
        children = [r.pk for r in registrations if _is_child(r)]
        self.may_see_children = bool(children) and can_see_children(by, registrations[0].meeting)
        cleared = ChildRecord.objects.filter(registration__in=children, state=ChildRecord.State.CLEARED)
        self.cleared = set(cleared.values_list("registration", flat=True)) if children and move == "approve" else set()
        waiting = [r for r in registrations if move == "approve" and r.status == Status.WAITLISTED]
        self.seats = Seats(waiting)

    def why_not(self, registration: Registration) -> str:
        """A sentence for the line; empty where nothing is in the way."""
        if self.to is None:
            return ""
        return (
            self._wrong_status(registration)
            or self._child(registration)
            or (self.move == "approve" and self._not_yet(registration))
            or ""
        )

    def is_first_word(self, registration: Registration) -> bool:
        wants_two = registration.delegation.category.two_approvals
        return self.move == "approve" and wants_two and registration.first_approved_by_id is None

    def note(self, registration: Registration) -> str:
        if self.move != "approve":
            return ""
        if registration.first_approved_by_id:
            return _("The second of two approvals.")
        return _("Takes a seat that is free.") if registration.status == Status.WAITLISTED else ""

    def _wrong_status(self, registration: Registration) -> str:
        now = Status(registration.status)
        # Whoever was rejected or has withdrawn comes back by another way, also to the waiting list.
        is_allowed = self.to in workflow.MOVES[now] and (self.move != "waitlist" or now == Status.SUBMITTED)
        if is_allowed or self.to is None:
            return ""
        values = {"now": registration.get_status_display().lower(), "to": self.to.label.lower()}
        if now == self.to:
            return _("Is %(now)s already.") % values
        return _("Is %(now)s, and so cannot become %(to)s.") % values

    def _child(self, registration: Registration) -> str:
        if not _is_child(registration):
            return ""
        if not self.may_see_children:
            return _("Under 18: the safeguarding lead decides.")
        if self.move == "approve" and registration.pk not in self.cleared:
            return _("Under 18: the safeguarding lead clears the file first.")
        return ""

    def _not_yet(self, registration: Registration) -> str:
        if registration.needs_endorsement:
            return _("Waits for the word of the focal point, who endorses first.")
        if registration.first_approved_by_id == self.by.pk:
            return _("You have approved already: the second word is a colleague’s.")
        is_last_word = not self.is_first_word(registration)
        if is_last_word and registration.status == Status.WAITLISTED and not self.seats.take(registration):
            return _("Is on the waiting list, and no seat is free.")
        return ""


def _is_child(registration: Registration) -> bool:
    born = registration.birth_date
    return registration.is_minor or (born is not None and is_minor(born, registration.meeting))


class Seats:
    """The seats that are free for those who wait; each `take` leaves one fewer."""

    def __init__(self, waiting: list[Registration]) -> None:
        delegations = {r.delegation_id: r.delegation for r in waiting}
        categories = {d.category_id: d.category for d in delegations.values()}
        self.held = _held("delegation", [d.pk for d in delegations.values() if d.seats is not None])
        self.held_in_category = _held(
            "delegation__category", [c.pk for c in categories.values() if c.quota is not None]
        )
        self.offered = _offered(waiting)

    def take(self, registration: Registration) -> bool:
        """Whether a seat is free for this one; then it is taken. One on offer to them counts already."""
        if registration.pk in self.offered:
            return True
        delegation = registration.delegation
        if not (self._has_room(delegation) and self._category_has_room(delegation.category)):
            return False
        self.held[delegation.pk] += 1
        self.held_in_category[delegation.category_id] += 1
        return True

    def _has_room(self, delegation: Delegation) -> bool:
        return delegation.seats is None or self.held[delegation.pk] < delegation.seats

    def _category_has_room(self, category: Category) -> bool:
        return category.quota is None or self.held_in_category[category.pk] < category.quota


def _held(by: str, numbers: list[int]) -> Counter[int]:
    """Seats taken, on offer, or kept while a decision can be undone, as the workflow counts them."""
    if not numbers:
        return Counter()
    kept = Q(quiet_until__gt=timezone.now(), quiet_status__in=SEATED)
    taken = Registration.objects.filter(Q(status__in=SEATED) | kept, **{f"{by}__in": numbers})
    on_offer = SeatOffer.objects.filter(state=SeatOffer.State.OPEN, **{f"registration__{by}__in": numbers})
    counted = Counter(dict(taken.order_by().values_list(by).annotate(n=Count("pk"))))
    return counted + Counter(dict(on_offer.order_by().values_list(f"registration__{by}").annotate(n=Count("pk"))))


def _offered(waiting: Iterable[Registration]) -> set[int]:
    numbers = [r.pk for r in waiting]
    if not numbers:
        return set()
    return set(
        SeatOffer.objects.filter(registration__in=numbers, state=SeatOffer.State.OPEN).values_list(
            "registration", flat=True
        )
    )
