"""What waits for somebody at the desk, in numbers, with the way to each."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import ngettext

from meeting.models import Meeting, User

from ..duplicates import pairs
from ..lists import who_acts
from ..lists.filters import people_of
from ..lists.queue_filter import LATE, waiting_since, wants_second_word
from ..models import ChangeProposal


@dataclass(frozen=True)
class Waiting:
    """How many there are of one kind, in words, and where they are."""

    words: str
    link: str


def for_whom(user: User, meeting: Meeting) -> list[Waiting]:
    """In the language that is active; empty where nothing waits. Within the categories that `user` reads."""
    numbers = _registrations(user, meeting) | {"changes": _changes(user, meeting), "pairs": _pairs(user, meeting)}
    return [_in_words(kind, n, meeting) for kind, n in numbers.items() if n]


def ours(meeting: Meeting) -> Q:
    """Those on whom we must decide: not those who wait for a focal point or the safeguarding lead."""
    return who_acts.condition(who_acts.Acts.US, meeting.categories.all())


def late(meeting: Meeting) -> Q:
    """Waiting longer than the meeting promises."""
    return waiting_since(LATE, meeting)


def _registrations(user: User, meeting: Meeting) -> dict[str, int]:
    """Numbers that overlap: each is the length of one list at the desk."""
    waits = ours(meeting)
    return (
        people_of(meeting, user)
        .awaiting_decision()
        .aggregate(
            mine=Count("pk", filter=waits & Q(assigned_to=user)),
            unassigned=Count("pk", filter=waits & Q(assigned_to=None)),
            second=Count("pk", filter=waits & wants_second_word(user)),
            late=Count("pk", filter=waits & late(meeting)),
        )
    )


def _changes(user: User, meeting: Meeting) -> int:
    people = people_of(meeting, user).filter(is_minor=False)
    return ChangeProposal.objects.filter(state=ChangeProposal.State.OPEN, registration__in=people).count()


def _pairs(user: User, meeting: Meeting) -> int:
    return pairs.of_meeting(meeting, user).count()


def _in_words(kind: str, n: int, meeting: Meeting) -> Waiting:
    return Waiting(
        _words(kind, n, meeting.decision_days) % {"n": n, "days": meeting.decision_days}, _link(kind, meeting)
    )


def _words(kind: str, n: int, days: int) -> str:
    if kind == "late":
        one_day = ngettext("%(n)d has waited for a day or more", "%(n)d have waited for a day or more", n)
        more = ngettext("%(n)d has waited for %(days)d days or more", "%(n)d have waited for %(days)d days or more", n)
        return one_day if days == 1 else more
    return {
        "mine": ngettext("%(n)d is assigned to you", "%(n)d are assigned to you", n),
        "unassigned": ngettext("%(n)d is assigned to nobody", "%(n)d are assigned to nobody", n),
        "second": ngettext("%(n)d waits for a second approval", "%(n)d wait for a second approval", n),
        "changes": ngettext("%(n)d change is asked for", "%(n)d changes are asked for", n),
        "pairs": ngettext("%(n)d possible duplicate", "%(n)d possible duplicates", n),
    }[kind]


QUEUES = {"mine": "?assigned=me", "unassigned": "?assigned=nobody", "second": "?word=second", "late": "?waiting=late"}


def _link(kind: str, meeting: Meeting) -> str:
    screen = {"changes": "changes", "pairs": "duplicates"}.get(kind, "queue")
    return address(screen, meeting) + QUEUES.get(kind, "")


def address(screen: str, meeting: Meeting, *more: str) -> str:
    """Of a screen of the desk, whole, as a message needs it."""
    return f"{settings.SITE_URL}{reverse(f'admin:desk:{screen}', args=[meeting.slug, *more])}"
