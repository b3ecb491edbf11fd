"""What stands beside the queue: tabs, who must act, how long it waits, categories, states, letters; each a link.

Numbers stop at a thousand. Those that an index counts are always told; the others only while the queue is no longer
than that, so that a page costs the same however many wait.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from ..letters import standing
from ..lists import who_acts
from ..lists.paging import Capped, capped_counts
from ..lists.queue_filter import AGES, ME, NOBODY, SECOND, waiting_since, wants_second_word
from ..lists.reach import RETURNED, out_of_reach
from ..lists.who_acts import Acts
from ..models import DECIDED, ChangeProposal, RoleInDelegation, SeatOffer, Status
from .queue import Queue


@dataclass(frozen=True)
class Way:
    """A link to part of the queue, and how many are there; no number where counting would cost more than it says."""

    label: Any
    query: str
    count: Capped | int | str = ""
    is_current: bool = False


class Counts:
    """Everything counted for one page of one queue: two statements of counts, and one or two of parts."""

    def __init__(self, queue: Queue) -> None:
        self.queue, self.filter, self.counted = queue, queue.filter, queue.counted

    @cached_property
    def _flat(self) -> dict[str, Capped]:
        """What an index counts."""
        us = self.counted.filter(who_acts.condition(Acts.US, self.filter.categories))
        meeting = self.queue.meeting
        asked: dict[str, QuerySet[Any]] = {
            "wanted": self.filter.narrow(self.counted),
            "us": us,
            "late": us.filter(waiting_since("late", meeting)),
            "mine": us.filter(assigned_to=self.queue.user.pk),
            "nobody": us.filter(assigned_to=None),
            "out of reach": self.counted.filter(out_of_reach(), self.filter.standing()),
            "offers": self.counted.filter(status=Status.WAITLISTED, pk__in=_offered(meeting.pk)),
        }
        asked |= {s: self.counted.filter(status=s) for s in Status if s != Status.DRAFT}
        asked |= {f"age {age}": us.filter(waiting_since(age, meeting)) for age in AGES}
        return capped_counts(asked)

    @property
    def wanted(self) -> Capped:
        return self._flat["wanted"]

    @property
    def late(self) -> Capped:
        return self._flat["late"]

    @cached_property
    def _parts(self) -> dict[str, int] | None:
        """The parts of those submitted that no index counts; None where they are too many to be counted for a page."""
        submitted = self._flat[Status.SUBMITTED]
        if submitted.is_more:
            return None
        us = who_acts.condition(Acts.US, self.filter.categories)
        focal = who_acts.condition(Acts.FOCAL_POINT, self.filter.categories)
        found: dict[str, int] = self.counted.filter(status=Status.SUBMITTED).aggregate(
            focal=Count("pk", filter=focal),
            safeguarding=Count("pk", filter=Q(is_minor=True)),
            heads=Count("pk", filter=us & Q(role=RoleInDelegation.HEAD)),
            second=Count("pk", filter=us & wants_second_word(self.queue.user)),
            to_confirm=Count("pk", filter=us & standing.narrowed("unnamed")),
        )
        return found

    def _part(self, name: str) -> int | str:
        return "" if self._parts is None else self._parts[name]

    def tabs(self) -> list[Way]:
        """The parts of a morning's work. The first is the queue as it opens."""
        ways = [
            self._tab(_("All waiting"), self._flat["us"]),
            self._tab(_("Mine"), self._flat["mine"], assigned=ME),
            self._tab(_("Unassigned"), self._flat["nobody"], assigned=NOBODY),
            self._tab(_("Letter to confirm"), self._part("to_confirm"), letter="unnamed"),
            self._tab(_("Heads"), self._part("heads"), role=RoleInDelegation.HEAD),
        ]
        if any(category.two_approvals for category in self.filter.categories):
            ways.append(self._tab(_("Second approval"), self._part("second"), word=SECOND))
        return ways

    def _tab(self, label: str, count: Capped | int | str, **asked: str) -> Way:
        active = {name: text for name, text in self.filter.active().items() if name != "sort"}
        sort = {"sort": self.filter.sort_order}
        return Way(label, self.filter.query_of({**asked, **sort}), count, is_current=active == asked)

    def changes(self) -> int:
        """Changes asked for that wait for a word."""
        asked = ChangeProposal.objects.filter(state=ChangeProposal.State.OPEN, registration__is_minor=False)
        return asked.filter(registration__in=self.counted)[: 1000 + 1].count()

    def who(self) -> list[Way]:
        """Who must act next."""
        flat, offers = self._flat, self._flat["offers"].number
        counts: dict[Acts, Capped | int | str] = {
            Acts.US: flat["us"],
            Acts.DELEGATE: Capped(flat[Status.RETURNED].number + offers),
            Acts.FOCAL_POINT: self._part("focal"),
            Acts.SAFEGUARDING: self._part("safeguarding"),
            Acts.WAITING_LIST: Capped(max(0, flat[Status.WAITLISTED].number - offers)),
        }
        now = self.filter.wanted_acts
        return [
            Way(acts.label, self.filter.query(acts=acts if acts != Acts.US else "", status=""), count, acts == now)
            for acts, count in counts.items()
            if count or acts in (Acts.US, now) or self._may_be_there(acts, count)
        ]

    def _may_be_there(self, acts: Acts, count: Capped | int | str) -> bool:
        """Not counted: shown where the meeting has such categories at all."""
        if count != "":
            return False
        if acts == Acts.SAFEGUARDING:
            return any(category.for_children for category in self.filter.categories)
        return any(category.typist == "endorsed" for category in self.filter.categories)

    def ages(self) -> list[Way]:
        """How long those wait on whom the organisers must act."""
        now = self.filter.active().get("waiting")
        return [
            Way(label, self.filter.query(waiting=age), self._flat[f"age {age}"], age == now)
            for age, (_from, _to, label) in AGES.items()
        ]

    def statuses(self) -> list[Way]:
        now = self.filter.active().get("status")
        return [
            Way(s.label, self.filter.query(status=s, acts=""), self._flat[s], s == now)
            for s in Status
            if s != Status.DRAFT and (self._flat[s] or s in (Status.SUBMITTED, now))
        ]

    @cached_property
    def _standing(self) -> Any:
        """Those of the queue, whatever else is asked; None where they are too many to be counted by parts."""
        acts, status = self.filter.wanted_acts, self.filter.wanted_status
        are_many = self._flat["us" if acts == Acts.US else status].is_more
        return None if are_many else self.counted.filter(self.filter.standing())

    def categories(self) -> list[Way]:
        numbers = None
        if self._standing is not None:
            found = self._standing.order_by().values_list("delegation__category")
            numbers = dict(found.annotate(n=Count("pk")))
        now = self.filter.active().get("category")
        return [
            Way(
                c.name,
                self.filter.query(category=str(c.pk)),
                numbers.get(c.pk, 0) if numbers is not None else "",
                str(c.pk) == now,
            )
            for c in self.filter.categories
            if numbers is None or c.pk in numbers or str(c.pk) == now
        ]

    def letters(self) -> list[Way]:
        choices = [c for c in self.filter.fields["letter"].choices if c[0]]  # type: ignore[attr-defined]
        asked = {} if self._standing is None else {v: self._standing.filter(standing.narrowed(v)) for v, _l in choices}
        numbers, now = capped_counts(asked), self.filter.active().get("letter")
        return [
            Way(label, self.filter.query(letter=value), numbers.get(value, ""), value == now)
            for value, label in choices
            if not numbers or numbers[value] or value == now
        ]

    def mail(self) -> list[Way]:
        """Whom they do not reach; nothing where they reach everybody."""
        count, is_current = self._flat["out of reach"], bool(self.filter.active().get("mail"))
        query = self.filter.query(mail="" if is_current else RETURNED)
        return [Way(_("Address does not work"), query, count, is_current)] if count or is_current else []

    def columns(self) -> list[tuple[str, list[Way]]]:
        """The left column under its headings; what has nothing to choose from is left out."""
        found = [
            (_("Who must act next"), self.who()),
            (_("Waiting since"), self.ages()),
            (_("Category"), self.categories()),
            (_("Status"), self.statuses()),
            (_("On the letter"), self.letters()),
            (_("Our messages"), self.mail()),
        ]
        return [(heading, ways) for heading, ways in found if ways]

    def decided(self) -> tuple[datetime.datetime, Capped] | None:
        """The latest day on which somebody was decided on, and how many then; by the clock of the meeting."""
        approved, rejected = (self._latest(status) for status in DECIDED)
        latest = max(approved.union(rejected, all=True).values_list("status_since", flat=True), default=None)
        if latest is None:
            return None
        day = latest.astimezone(self.queue.meeting.zone).replace(hour=0, minute=0, second=0, microsecond=0)
        decided = self.counted.filter(status__in=DECIDED, status_since__gte=day)
        return day, capped_counts({"n": decided})["n"]

    def _latest(self, status: str) -> Any:
        return self.counted.filter(status=status).order_by("-status_since").values("status_since")[:1]


def _offered(meeting: int) -> Any:
    open_ones = SeatOffer.objects.filter(state=SeatOffer.State.OPEN, registration__meeting=meeting)
    return open_ones.values("registration")
