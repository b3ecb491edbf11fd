"""The page of numbers as a whole: what stands above, and the figures below, for one reader at one moment."""

from __future__ import annotations

import datetime
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from meeting import dates
from meeting.models import Meeting

from ..lists.filters import people_of
from ..models import Category, Delegation, Gender, Modality, RoleInDelegation, Status, known_to
from . import counting
from .figures import Figure, Row
from .regions import region_name, region_of

MOST_COLUMNS = 45  # days that can be told apart; beyond it, weeks
MOST_WEEKS = 8
MOST_ENTITIES = 15
FEW_CHILDREN = 5
HELD = (Status.SUBMITTED, Status.RETURNED)
EDGES = (0, 1, 3, 5, 7)
# In the order of the page; each is a method.
FIGURES = ("days", "seats", "waiting", "decisions", "entities", "regions", "roles", "modality", "gender")


@dataclass(frozen=True)
class Tile:
    label: str
    number: int
    note: str = ""


class Numbers:
    """Read once; each figure is made when it is asked for."""

    def __init__(self, meeting: Meeting, user: Any, now: datetime.datetime | None = None) -> None:
        self.meeting, self.user, self.now = meeting, user, now or timezone.now()
        self.today = self.now.astimezone(meeting.zone).date()
        self.days_to_go = (meeting.starts_on - self.today).days
        self.people = people_of(meeting, user)

    @cached_property
    def counted(self) -> counting.Counted:
        return counting.count(self.meeting, self.user, self.now)

    @cached_property
    def waited(self) -> Counter[int]:
        return counting.days_waited(self.people, self.now)

    @cached_property
    def categories(self) -> list[Category]:
        return list(self.meeting.categories.filter(known_to(self.user, "meeting", "pk")))

    @cached_property
    def delegations(self) -> dict[int, Delegation]:
        """Each with the code of its State as `iso2`; categories are read once and not with every one of them."""
        there = Delegation.objects.filter(meeting=self.meeting).annotate(iso2=F("entity__iso2"))
        categories = {category.pk: category for category in self.categories}
        found = list(there.within_limits(self.user))
        for delegation in found:
            delegation.category = categories[delegation.category_id]
        return {delegation.pk: delegation for delegation in found}

    # --- Above ---------------------------------------------------------------------------------------------------

    def tiles(self) -> list[Tile]:
        late = sum(n for days, n in self.waited.items() if days >= self.meeting.decision_days)
        with_some = len(self.counted.by("delegation_id", Status.APPROVED))
        offers = counting.seats_on_offer(self.people)
        return [
            Tile(_("Registered"), self.counted.all_with(), self._before()),
            Tile(
                _("Approved"),
                self.counted.all_with(Status.APPROVED),
                ngettext("in %(n)d delegation", "in %(n)d delegations", with_some) % {"n": with_some},
            ),
            Tile(_("Waiting for us"), sum(self.waited.values()), self._late(late)),
            Tile(_("Returned"), self.counted.all_with(Status.RETURNED), _("delegates must answer")),
            Tile(
                _("Waiting list"),
                self.counted.all_with(Status.WAITLISTED),
                ngettext("%(n)d seat on offer", "%(n)d seats on offer", offers) % {"n": offers},
            ),
        ]

    def _before(self) -> str:
        then = counting.registered_by_then(self.meeting, self.user, self.today)
        if then is None:
            return ""
        return _("%(meeting)s at this point: %(n)s") % {"meeting": self.meeting.previous, "n": number(then)}

    def _late(self, late: int) -> str:
        return ngettext(
            "%(late)s for %(n)d day or more", "%(late)s for %(n)d days or more", self.meeting.decision_days
        ) % {"late": number(late), "n": self.meeting.decision_days}

    # --- The figures -----------------------------------------------------------------------------------------------

    def figures(self) -> list[Figure]:
        return [getattr(self, name)() for name in FIGURES]

    def figure(self, name: str) -> Figure | None:
        """None where there is none of that name."""
        return getattr(self, name)() if name in FIGURES else None

    def days(self) -> Figure:
        counts = {day: n for day, n in self.counted.by("day").items() if isinstance(day, datetime.date)}
        rows = _by_day(counts, self.today) if _span(counts, self.today) <= MOST_COLUMNS else _by_week(counts)
        best = max(rows, key=lambda row: row.total, default=None)
        sentence = _("Nobody has registered yet.")
        if best and best.total:
            sentence = _("Most came on %(day)s: %(n)s.") % {"day": best.label, "n": number(best.total)}
        return Figure(
            "days", _("Registrations per day"), sentence, _("Day"), (_("Registrations"),), tuple(rows), is_columns=True
        )

    def seats(self) -> Figure:
        approved, held = self._by_category(Status.APPROVED), self._by_category(*HELD)
        there = [c for c in self.categories if approved[c.pk] + held[c.pk] or c.quota is not None]
        rows = tuple(self._seats_of(category, approved[category.pk], held[category.pk]) for category in there)
        full = [row.label for row in rows if row.limit is not None and row.total >= row.limit]
        sentence = _("Full: %(names)s.") % {"names": ", ".join(full)} if full else _("Every category has seats left.")
        return Figure(
            "seats",
            _("Seats held, by category"),
            sentence,
            _("Category"),
            (_("Approved"), _("Submitted or returned")),
            rows,
            limit_name=_("Quota"),
        )

    def _by_category(self, *statuses: str) -> Counter[int]:
        found: Counter[int] = Counter()
        for delegation, n in self.counted.by("delegation_id", *statuses).items():
            if delegation in self.delegations:
                found[self.delegations[delegation].category_id] += n  # type: ignore[index]
        for (category, status), n in self.counted.children.items():
            if status in statuses:
                found[category] += n
        return found

    def _seats_of(self, category: Category, approved: int, held: int) -> Row:
        if category.for_children and 0 < approved + held < FEW_CHILDREN:
            return Row(category.name, (0, 0), _("fewer than five"), limit=category.quota)
        return Row(category.name, (approved, held), _of(approved + held, category.quota), limit=category.quota)

    def waiting(self) -> Figure:
        limit = self.meeting.decision_days
        edges = sorted({*EDGES, limit})
        rows = [_waited(self.waited, low, high, limit) for low, high in zip(edges, [*edges[1:], None], strict=True)]
        late = sum(row.total for row in rows if row.is_late)
        sentence = ngettext("%(n)d waits for a decision.", "%(n)d wait for a decision.", sum(self.waited.values()))
        sentence %= {"n": sum(self.waited.values())}
        if late:
            sentence += " " + self._late(int(late)) + "."
        return Figure("waiting", _("How long people have waited"), sentence, _("Waiting"), (_("People"),), tuple(rows))

    def decisions(self) -> Figure:
        weeks = counting.days_to_decision(self.people, self.meeting)
        rows = tuple(_week(week) for week in weeks[-MOST_WEEKS:])
        sentence = _("Nothing is decided yet.")
        if rows:
            sentence = _("Half of those decided in the last of these weeks had waited %(days)s days or less.") % {
                "days": number(rows[-1].total, 1)
            }
        return Figure(
            "decisions",
            _("Days to a decision, median by week"),
            sentence,
            _("Week"),
            (_("Days"),),
            rows,
            limit=self.meeting.decision_days,
            limit_name=ngettext("limit: %(n)d day", "limit: %(n)d days", self.meeting.decision_days)
            % {"n": self.meeting.decision_days},
            digits=1,
        )

    def regions(self) -> Figure:
        approved, held = Counter[str](), Counter[str]()
        for statuses, found in (((Status.APPROVED,), approved), (HELD, held)):
            for delegation, n in self.counted.by("delegation_id", *statuses).items():
                if delegation in self.delegations:
                    found[region_of(self.delegations[delegation].iso2)] += n  # type: ignore[index, attr-defined]
        names = {code: self._region(code) for code in approved | held}
        rows = [
            Row(names[code], (approved[code], held[code]), number(approved[code] + held[code]), is_soft=not code)
            for code in sorted(names, key=lambda code: (not code, -(approved[code] + held[code])))
        ]
        sentence = _("Subregions of the United Nations (M49); organizations count as such.")
        return Figure(
            "regions", _("By region"), sentence, _("Region"), (_("Approved"), _("Submitted or returned")), tuple(rows)
        )

    def _region(self, code: str) -> str:
        return region_name(code, get_language() or "en") if code else _("Organizations")

    def entities(self) -> Figure:
        approved = self.counted.by("delegation_id", Status.APPROVED)
        held = self.counted.by("delegation_id", *HELD)
        there = [d for d in self.delegations.values() if approved[d.pk] + held[d.pk]]
        there.sort(key=lambda d: (-(approved[d.pk] + held[d.pk]), d.sort_key))
        rows = [Row(d.name, (approved[d.pk], held[d.pk]), _of(approved[d.pk] + held[d.pk], d.seats)) for d in there]
        sentence = ngettext(
            "%(n)d State or organization has registered somebody.",
            "%(n)d States and organizations have registered somebody.",
            len(rows),
        ) % {"n": len(rows)}
        return Figure(
            "entities",
            _("By State and organization"),
            sentence,
            _("Represents"),
            (_("Approved"), _("Submitted or returned")),
            tuple(rows),
            drawn=MOST_ENTITIES,
        )

    def roles(self) -> Figure:
        return self._by_choice("roles", _("By role"), _("Role"), "role", RoleInDelegation)

    def modality(self) -> Figure:
        return self._by_choice("modality", _("In person or online"), _("Takes part"), "modality", Modality)

    def gender(self) -> Figure:
        sentence = _("What people told us themselves. Nobody had to answer, and children are not asked.")
        return self._by_choice("gender", _("Gender"), _("Gender"), "gender", Gender, sentence)

    def _by_choice(self, name: str, title: str, first: str, field: str, choices: Any, sentence: str = "") -> Figure:
        approved, held = self.counted.by(field, Status.APPROVED), self.counted.by(field, *HELD)
        labels = [(choice.value, str(choice.label)) for choice in choices]
        rows = [Row(label, (approved[v], held[v]), number(approved[v] + held[v])) for v, label in labels]
        if approved[""] + held[""]:
            unsaid = pgettext("in a chart", "No answer")
            rows.append(Row(unsaid, (approved[""], held[""]), number(approved[""] + held[""]), is_soft=True))
        return Figure(
            name, title, sentence or _("Children are not among them."), first,
            (_("Approved"), _("Submitted or returned")), tuple(row for row in rows if row.total),
        )  # fmt: skip


def number(value: float, digits: int = 0) -> str:
    return number_format(value, digits, use_l10n=True, force_grouping=True)


def _of(held: int, seats: int | None) -> str:
    if seats is None:
        return number(held)
    text = _("%(held)s of %(seats)s") % {"held": number(held), "seats": number(seats)}
    return _("%(text)s, full") % {"text": text} if held >= seats else text


def _span(counts: dict[datetime.date, int], today: datetime.date) -> int:
    return (max(*counts, today) - min(counts)).days + 1 if counts else 0


def _by_day(counts: dict[datetime.date, int], today: datetime.date) -> list[Row]:
    if not counts:
        return []
    first = min(counts)
    days = [first + datetime.timedelta(days=n) for n in range(_span(counts, today))]
    best = max(counts.values())
    return [
        Row(
            dates.short_date(day),
            (counts.get(day, 0),),
            number(counts[day]) if counts.get(day) and (day == days[-1] or counts[day] == best) else "",
            is_soft=day.isoweekday() > 5,
            short=dates.short_date(day) if day.isoweekday() == 1 or day in (days[0], days[-1]) else "",
        )
        for day in days
    ]


def _by_week(counts: dict[datetime.date, int]) -> list[Row]:
    """By the Monday with which a week begins, the last ones first when there are too many."""
    weeks: Counter[datetime.date] = Counter()
    for day, n in counts.items():
        weeks[day - datetime.timedelta(days=day.weekday())] += n
    last = max(weeks)
    count = min((last - min(weeks)).days // 7 + 1, MOST_COLUMNS)
    mondays = [last - datetime.timedelta(weeks=n) for n in reversed(range(count))]
    best = max(weeks[monday] for monday in mondays)
    return [
        Row(
            _("week of %(day)s") % {"day": dates.short_date(monday)},
            (weeks[monday],),
            number(best) if weeks[monday] == best else "",
            short=dates.short_date(monday) if n % 6 == 0 else "",
        )
        for n, monday in enumerate(mondays)
    ]


def _waited(waited: Counter[int], low: int, high: int | None, limit: int) -> Row:
    n = sum(count for days, count in waited.items() if days >= low and (high is None or days < high))
    return Row(_days(low, high), (n,), number(n), is_late=low >= limit)


def _days(low: int, high: int | None) -> str:
    if low == 0:
        return ngettext("under %(n)d day", "under %(n)d days", high or 1) % {"n": high or 1}
    if high is None:
        return ngettext("%(n)d day or more", "%(n)d days or more", low) % {"n": low}
    if high == low + 1:
        return ngettext("%(n)d day", "%(n)d days", low) % {"n": low}
    return _("%(low)d to %(high)d days") % {"low": low, "high": high - 1}


def _week(week: counting.Week) -> Row:
    decided = ngettext("%(n)d decided", "%(n)d decided", week.decided) % {"n": week.decided}
    label = _("week of %(day)s") % {"day": dates.short_date(week.begins)}
    return Row(label, (week.median_days,), f"{number(week.median_days, 1)} · {decided}")
