"""How the list of people looks: which columns, in what order, groups and sorting, by forms that need no JavaScript."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from ..lists.asked import AskedColumn
from ..lists.columns import Columns, offered
from ..lists.filters import PeopleFilter
from ..lists.order import Group, Sort
from .people_page import shown_columns


def tidied(data: QueryDict, asked: PeopleFilter, *, with_contact: bool) -> str | None:
    """Where a form of this page leads: to an address without empty parts, and with a column moved. None for others."""
    if moved := data.get("up") or data.get("down"):
        names = [column.name for column in shown_columns(asked, with_contact=with_contact)]
        columns = ",".join(_moved(names, moved, -1 if data.get("up") else 1))
        return asked.query(columns=columns, show="", choosing="1")
    return asked.query() if "tidy" in data else None


def _moved(names: list[str], name: str, by: int) -> list[str]:
    if name not in names:
        return names
    here = names.index(name)
    there = min(max(here + by, 0), len(names) - 1)
    names[here], names[there] = names[there], names[here]
    return names


def choices(
    asked: PeopleFilter, shown: Columns, answers: list[AskedColumn], *, with_contact: bool
) -> list[dict[str, Any]]:
    """Every column to choose from: those shown in their order, then the others in theirs."""
    there = offered(answers, with_contact=with_contact)
    names = [column.name for column in shown]
    ordered = [*names, *(name for name in there if name not in names)]
    return [
        {
            "name": name,
            "heading": there[name].heading,
            "is_shown": name in names,
            "is_restricted": getattr(there[name], "is_restricted", False),
            "is_first": name == names[0],
            "is_last": name == names[-1],
        }
        for name in ordered
    ]


GROUPED = {
    Group.DELEGATION: _("Group: delegation"),
    Group.CATEGORY: _("Group: category"),
    Group.ROLE: _("Group: role"),
    Group.STATUS: _("Group: status"),
    Group.MODALITY: _("Group: way of taking part"),
    Group.NONE: _("Group: none"),
}


def menus(asked: PeopleFilter) -> list[dict[str, Any]]:
    """Groups and order as menus of links; each says what holds now."""
    group, sort = Group(asked.order.group), Sort(asked.order.sort)
    return [
        {"label": GROUPED[group], "choices": _links(asked, "group", Group, group)},
        {"label": sort.label, "choices": _links(asked, "sort", Sort, sort)},
    ]


def _links(asked: PeopleFilter, name: str, kind: type[Group] | type[Sort], now: str) -> list[dict[str, Any]]:
    usual = {"group": Group.DELEGATION, "sort": Sort.LIST}[name]
    return [
        {
            "label": choice.label,
            "query": asked.query(**{name: "" if choice == usual else choice.value}),
            "is_current": choice == now,
        }
        for choice in kind
    ]
