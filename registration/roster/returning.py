"""Bringing back an earlier delegation: its people are picked, looked at one by one, and become rows of this roster.

A focal point picks from the rosters they looked after themselves, at whatever time that was; an organiser from those of
the meetings they organise. Children never come back this way, and nothing that only that meeting needed does: no date
of birth, no name as in the passport, no answers, no letters.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from meeting.models import User

from ..duplicates.score import Person, compare
from ..models import Channel, Delegation, Registration, Status
from . import adding

# How long after a meeting we may write to the addresses given for it; later they are typed anew.
CONTACT_LASTS = datetime.timedelta(days=365)
BROUGHT = (
    "honorific", "given_names", "family_name", "display_name", "functional_title", "department", "organisation",
    "role", "language", "on_behalf",
)  # fmt: skip
CONTACT = ("email", "phone")
# Who came, and who would have: not those refused, and nothing half typed.
CAN_RETURN = (Status.APPROVED, Status.SUBMITTED, Status.RETURNED, Status.WAITLISTED, Status.WITHDRAWN)
TO_RETURN = Q(status__in=CAN_RETURN, is_minor=False, merged_into=None)


@dataclass
class Returning:
    """Somebody of an earlier roster, and the row of today's that is already theirs."""

    registration: Registration
    here_as: Registration | None = None


def earlier(delegation: Delegation, actor: User, *, is_organiser: bool = False) -> QuerySet[Delegation]:
    """Earlier delegations of the same entity whose people `actor` may bring back, the latest first.

    `is_organiser` says as what the actor is here: a mailed link opens nothing that needs a role.
    """
    before = Delegation.objects.filter(entity=delegation.entity_id, meeting__starts_on__lt=delegation.meeting.starts_on)
    mine = before.organised_by(actor) if is_organiser else before.filter(focal_points__user=actor)
    counted = (
        Delegation.objects.filter(pk__in=mine.values("pk"))
        .exclude(category__for_children=True)
        .annotate(people=Count("registrations", filter=_of_registrations(TO_RETURN)))
    )
    return counted.filter(people__gt=0).select_related("meeting", "category").order_by("-meeting__starts_on", "pk")


def _of_registrations(condition: Q) -> Q:
    return Q(*((f"registrations__{name}", value) for name, value in condition.children))  # type: ignore[misc]


def people_of(old: Delegation, delegation: Delegation) -> list[Returning]:
    """Everybody of an earlier roster in its order; whoever is on today's already is found by link, email or name."""
    then = Registration.objects.filter(TO_RETURN, delegation=old)
    people = list(then.select_related("delegation").order_by("precedence", "sort_key", "pk"))
    # What a delegate has begun alone and not sent is nobody's to see, nor to be told of.
    rows = Registration.objects.filter(delegation=delegation, merged_into=None)
    here = list(rows.exclude(status=Status.DRAFT, channel=Channel.SELF).select_related("delegation"))
    known = [(row, Person.of(row)) for row in here if not row.is_minor]
    return [Returning(r, _row_of(r, known)) for r in people]


def _row_of(person: Registration, here: Iterable[tuple[Registration, Person]]) -> Registration | None:
    who = Person.of(person)
    mine = _words(who)
    for row, they in here:
        # Whoever shares neither a word of the name nor the address need not be compared closely.
        if row.brought_from_id == person.pk or (
            (mine & _words(they) or who.email == they.email) and compare(who, they).is_worth_a_look
        ):
            return row
    return None


def _words(person: Person) -> set[str]:
    return {word for spelling in person.words for word in spelling.words}


def offered(person: Registration, now: datetime.datetime | None = None) -> Registration:
    """A row as it would stand here: not saved, and without what only the earlier meeting needed."""
    row = Registration(brought_from=person, **{name: getattr(person, name) for name in BROUGHT})
    today = (now or timezone.now()).date()
    if today <= person.meeting.ends_on + CONTACT_LASTS:
        for name in CONTACT:
            setattr(row, name, getattr(person, name))
    return row


@transaction.atomic
def bring(delegation: Delegation, rows: Sequence[Registration]) -> list[Registration]:
    """Store those of `rows` that nobody has brought meanwhile, as drafts at the end of the roster."""
    # Two focal points may confirm the same people at once: one after the other, and the second brings nobody twice.
    Delegation.objects.select_for_update(no_key=True).get(pk=delegation.pk)
    wanted = [row.brought_from_id for row in rows]
    there = Registration.objects.filter(delegation=delegation, brought_from__in=wanted)
    known = set(there.values_list("brought_from", flat=True))
    return adding.add(delegation, [row for row in rows if row.brought_from_id not in known])
