"""The pairs that wait for a decision, as those who decide see them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from meeting.models import Meeting, User

from ..lists.paging import Capped, capped_counts
from ..models import Likeness, Registration, Status
from ..rules import DECIDERS

HERE, BEFORE, DECIDED = "here", "before", "decided"
VIEWS = (HERE, BEFORE, DECIDED)
OPEN = Likeness.State.OPEN
SHOWN_OF_ONE = ("meeting_id", "reference", "honorific", "display_name", "status", "delegation__name")
ENOUGH = 1000  # where counting stops
# Whoever has withdrawn meanwhile, or was merged, is in nobody's way: the question has gone with them.
IN_NOBODYS_WAY = Q(first__status=Status.WITHDRAWN) | Q(second__status=Status.WITHDRAWN)


@dataclass(frozen=True)
class Place:
    """Where a page begins: after one pair's score and number. In an address: 0.853~17."""

    score: float
    pk: int

    def __str__(self) -> str:
        return f"{self.score!r}~{self.pk}"

    @classmethod
    def parse(cls, text: str) -> Place | None:
        score, _, pk = text.partition("~")
        try:
            return cls(float(score), int(pk))
        except ValueError:
            return None


def of_meeting(meeting: Meeting, user: User, view: str = HERE) -> QuerySet[Likeness]:
    """The open pairs within `meeting`, those with the meeting before it, or what was decided; likest first.

    Of the meeting before, only for those who decide there too: an earlier list is not opened by a later role.
    """
    pairs = Likeness.objects.within_limits(user).order_by("-score", "pk")
    if view == HERE:
        return pairs.filter(_within(meeting), state=OPEN).exclude(IN_NOBODYS_WAY)
    if view == BEFORE:
        return pairs.filter(_with_the_one_before(meeting, user), state=OPEN).exclude(IN_NOBODYS_WAY)
    return seen_by(meeting, user).exclude(state=OPEN).order_by("-score", "pk")


def seen_by(meeting: Meeting, user: User) -> QuerySet[Likeness]:
    """Every pair that somebody who decides at `meeting` may look at."""
    return Likeness.objects.within_limits(user).filter(_within(meeting) | _with_the_one_before(meeting, user))


def _within(meeting: Meeting) -> Q:
    return Q(first__meeting=meeting, second__meeting=meeting)


def _with_the_one_before(meeting: Meeting, user: User) -> Q:
    before = Meeting.objects.with_role(user, *DECIDERS).filter(pk=meeting.previous_id)
    return Q(first__meeting=meeting, second__meeting__in=before) | Q(second__meeting=meeting, first__meeting__in=before)


def after(pairs: QuerySet[Likeness], place: Place | None) -> QuerySet[Likeness]:
    """Those that come after `place`: less alike, or as much and found later."""
    if place is None:
        return pairs
    return pairs.filter(score__lte=place.score).exclude(score=place.score, pk__lte=place.pk)


def counts(meeting: Meeting, user: User) -> dict[str, Capped]:
    """How many pairs stand under each view, in one statement."""
    return capped_counts({view: of_meeting(meeting, user, view) for view in VIEWS})


def open_for(registration: Registration, user: User) -> list[Likeness]:
    """The open pairs that this registration is in, with both persons; those of its own meeting first."""
    return [pair for pair in about(registration, user) if pair.state == OPEN]


def open_count(meeting: Meeting, user: User) -> Capped:
    """How many open pairs there are within `meeting`, for this reader."""
    return capped_counts({HERE: of_meeting(meeting, user)})[HERE]


def about(registration: Registration, user: User) -> list[Likeness]:
    """Every pair that this registration is in, open and decided, with both persons; those of its meeting first."""
    mine = Q(first=registration) | Q(second=registration)
    found = seen_by(registration.meeting, user).filter(mine).exclude(IN_NOBODYS_WAY, state=OPEN)
    shown = [f"{one}__{name}" for one in ("first", "second") for name in SHOWN_OF_ONE]
    pairs = list(found.select_related("first__delegation", "second__delegation").only("score", "state", *shown))
    return sorted(pairs, key=lambda p: (p.first.meeting_id != p.second.meeting_id, -p.score))


def decided_about(registration: Registration) -> set[int]:
    """Of whom somebody has said what they are to this registration."""
    found = Likeness.objects.filter(Q(first=registration) | Q(second=registration)).exclude(state=OPEN)
    return {pk for pair in found.values_list("first", "second") for pk in pair} - {registration.pk}
