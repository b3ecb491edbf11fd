"""What the screen of the people shows: rows with their cells, groups with their counts, tabs, totals."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from meeting.models import Meeting, User

from ..lists.asked import AskedColumn, fill
from ..lists.columns import COLUMNS, Column, Columns, expressions, screen_columns
from ..lists.filters import PeopleFilter
from ..lists.order import Group, page_after
from ..lists.paging import Capped, capped_counts
from ..lists.reach import fails
from ..lists.totals import counts_of, label_of, value_of
from ..models import Registration, Status
from ..models.registration import RegistrationQuerySet

NAME = next(column for column in COLUMNS if column.name == "name")


def shown_columns(asked: PeopleFilter, *, with_contact: bool) -> Columns:
    """Those chosen, else the usual ones; always the name, by which a person is opened."""
    chosen = list(asked.chosen(with_contact=with_contact) or screen_columns())
    more = [column for column in asked.shown if column not in chosen]
    return [*([] if NAME in chosen else [NAME]), *chosen, *more]


def page_of(
    asked: PeopleFilter, wanted: RegistrationQuerySet, columns: Columns, begins: str, size: int, *, are_many: bool
) -> tuple[list[Registration], bool]:
    """The rows of one page, each with its cells, and whether more follow."""
    plain = [c for c in columns if isinstance(c, Column)]
    with_cells = wanted.annotate(address_fails=fails(), **expressions(plain, asked.meeting))
    rows, more = page_after(asked.meeting, with_cells, begins, size, are_many=are_many, order=asked.order)
    answers = [c for c in columns if isinstance(c, AskedColumn)]
    fill(rows, answers)
    for row in rows:
        given = dict(zip((c.name for c in answers), row.asked, strict=True))  # type: ignore[attr-defined]
        row.cells = [(c, given[c.name] if c.name in given else getattr(row, f"col_{c.name}")) for c in columns]  # type: ignore[attr-defined]
    return rows, more


def grouped(rows: list[Registration], wanted: RegistrationQuerySet, group: str) -> list[dict[str, Any]]:
    """The page in groups, each with how many of it the filter leaves in all."""
    counts = counts_of(wanted, group, list(dict.fromkeys(value_of(row, group) for row in rows)))
    groups: dict[Any, dict[str, Any]] = {}
    for row in rows:
        value = value_of(row, group)
        fresh = {"label": label_of(row, group), "count": counts.get(value, 0), "rows": [], "delegation": None}
        if group == Group.DELEGATION:
            fresh["delegation"] = row.delegation
        groups.setdefault(value, fresh)["rows"].append(row)
    return list(groups.values())


def tabs(asked: PeopleFilter, meeting: Meeting, user: User) -> list[dict[str, Any]]:
    """Everybody, then each status that somebody has, with counts under the other filters; from one statement.

    The view has let the reader in; counting does not ask for the role again, only for the reader's limits.
    """
    of_all_states = PeopleFilter(QueryDict(asked.query(status="")), meeting, list(asked.asked.values()), user)
    of_all_states.found = asked.found
    others = of_all_states.narrow(everybody(meeting, user))
    labels = {s.value: str(s.label) for s in Status if s != Status.DRAFT}
    counts = capped_counts({value: others.filter(status=value) for value in labels})
    counts[""] = Capped(sum(count.number for count in counts.values()))
    now = asked.value("status") or ""
    return [
        {
            "label": label,
            "count": counts[value],
            "query": asked.query(status=value, view=""),
            "is_current": value == now,
        }
        for value, label in {"": _("Everybody"), **labels}.items()
        if counts[value] or value in ("", now)
    ]


def everybody(meeting: Meeting, user: User) -> RegistrationQuerySet:
    """Whom somebody with a role here may read, drafts among them."""
    return Registration.objects.filter(meeting=meeting).without_children_who_left().within_limits(user)


BY = {
    Group.DELEGATION: lambda who: _("%(who)s, by delegation") % {"who": who},
    Group.CATEGORY: lambda who: _("%(who)s, by category") % {"who": who},
    Group.ROLE: lambda who: _("%(who)s, by role") % {"who": who},
    Group.STATUS: lambda who: _("%(who)s, by status") % {"who": who},
    Group.MODALITY: lambda who: _("%(who)s, by way of taking part") % {"who": who},
}


def title(asked: PeopleFilter, view: str) -> str:
    """The name of the view, else who is shown; and in what groups."""
    status = asked.value("status")
    who = view or (str(Status(status).label) if status else _("People"))
    return BY.get(Group(asked.order.group), str)(who)


def how_many(count: Capped, wanted: RegistrationQuerySet) -> str:
    """268 people in 61 delegations; of how many delegations only where that is told at once."""
    people = ngettext("%(n)s person", "%(n)s people", count.number) % {"n": count}
    if count.is_more or not count:
        return people
    number = wanted.order_by().values("delegation").distinct().count()
    return ngettext("%(people)s in %(n)d delegation", "%(people)s in %(n)d delegations", number) % {
        "people": people,
        "n": number,
    }


def status_chip(asked: PeopleFilter) -> dict[str, str] | None:
    status = asked.value("status")
    return {"text": str(Status(status).label), "without": asked.query(status="", view="")} if status else None
