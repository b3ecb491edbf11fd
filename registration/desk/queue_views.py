"""The queue's screen."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from meeting import dates
from meeting.models import Meeting

from .. import rules
from ..lists.paging import Capped
from ..lists.queue_filter import SORTS, QueueFilter
from ..lists.who_acts import Acts
from ..models import Status
from ..workflow import MOVES
from . import saved_views
from .access import StaffRequest, desk_view
from .forms import MOST_AT_ONCE
from .queue import SIZES, Queue
from .queue_counts import Counts, Way


@require_safe
@desk_view(rules.can_read)
def queue(request: StaffRequest, meeting: Meeting) -> HttpResponseBase:
    waiting = Queue(meeting, request.user, request.GET)
    size = next((s for s in SIZES if str(s) == request.GET.get("size")), SIZES[0])
    begins = request.GET.get("after", "")
    page = waiting.page(begins, size)
    can_decide = rules.can_decide(request.user, meeting)
    beside = _beside(waiting, with_changes=can_decide)
    context = {
        "meeting": meeting,
        "section": "queue",
        "title": _title(waiting.filter, beside["counts"].wanted),
        "filter": waiting.filter,
        "rows": page.rows,
        "query": waiting.filter.query(),
        "can_decide": can_decide,
        "moves": _moves(Status(waiting.filter.wanted_status)) if can_decide else [],
        "heads": _heads(waiting.filter),
        "most": MOST_AT_ONCE,
        **beside,
        **_pager(waiting, page.following, begins, size),
        **_views(waiting, meeting, beside["tabs"]),
    }
    return render(request, "desk/queue.html", context)


def _views(waiting: Queue, meeting: Meeting, tabs: list[Way]) -> dict[str, Any]:
    """The queue's own tabs and those somebody keeps. One alone is where one stands: a kept one if it has an order."""
    is_taken = not waiting.filter.sort_order and any(tab.is_current for tab in tabs)
    kept = saved_views.tabs(waiting.filter, meeting, waiting.filter.user, is_taken=is_taken)
    if any(view["is_current"] for view in kept["saved"]):
        tabs = [replace(tab, is_current=False) for tab in tabs]
    return {**kept, "tabs": tabs}


def _title(asked: QueueFilter, count: Capped) -> str:
    """How many, and for whom they wait."""
    if asked.wanted_acts != Acts.US:
        return f"{asked.acts_in_words or Status(asked.wanted_status).label}: {count}"
    if count:
        text = ngettext("%(shown)s waits for a decision", "%(shown)s wait for a decision", count.number)
        return text % {"shown": count}
    return _("Nobody found") if asked.narrows() else _("Nobody waits for a decision")


def _about_mail(counts: Counts) -> list[dict[str, Any]]:
    """Where there is no room beside the queue, and somebody whom we do not reach."""
    return [counts.filter.menu("mail") | {"only_small": True}] if counts.mail() else []


def _beside(waiting: Queue, *, with_changes: bool) -> dict[str, Any]:
    counts, asked = Counts(waiting), waiting.filter
    people = reverse("admin:desk:people", args=[waiting.meeting.slug])
    words = asked.query_of({"q": asked.value("q") or ""})
    return {
        "counts": counts,
        "tabs": counts.tabs(),
        "changes": counts.changes() if with_changes else 0,
        "decided": _decided(counts.decided()),
        "columns": counts.columns(),
        "menus": [asked.menu(name) for name in ("acts", "waiting", "status", "category")],
        "more_menus": [*(asked.menu(name) for name in ("letter", "assigned")), *_about_mail(counts)],
        "sorts": [
            {"label": text, "query": asked.query(sort=v), "is_current": v == asked.sort_order} for v, text in SORTS
        ],
        "sort": dict(SORTS)[asked.sort_order],
        "everywhere": f"{people}?{words}" if words else people,
    }


def _pager(waiting: Queue, following: str, begins: str, size: int) -> dict[str, Any]:
    kept = {"size": str(size) if size != SIZES[0] else ""}
    is_long = bool(following or begins or kept["size"])
    return {
        "size": size,
        "is_first_page": not begins,
        "following": waiting.filter.query(after=following, **kept) if following else "",
        "first": waiting.filter.query(**kept),
        "sizes": [(s, waiting.filter.query(size=str(s))) for s in SIZES if s != size] if is_long else [],
    }


def _decided(latest: tuple[datetime.datetime, Capped] | None) -> str:
    """How many were decided on the last day on which anybody was."""
    if latest is None:
        return ""
    day, count = latest
    age = (timezone.now().astimezone(day.tzinfo).date() - day.date()).days
    if age == 0:
        return ngettext("%(n)s was decided today.", "%(n)s were decided today.", count.number) % {"n": count}
    told = {"n": count, "day": dates.weekday(day.date()) if age < 7 else dates.short_date(day.date())}
    return ngettext("%(n)s was decided on %(day)s.", "%(n)s were decided on %(day)s.", count.number) % told


def _moves(status: Status) -> list[tuple[str, str, str]]:
    """The buttons for those ticked, each with its words, and its words with their number."""
    offered = [
        ("approve", Status.APPROVED, _("Approve…"), _("Approve {n}…")),
        ("return", Status.RETURNED, _("Return…"), ""),
        ("waitlist", Status.WAITLISTED, _("Waitlist…"), ""),
        ("reject", Status.REJECTED, _("Reject…"), ""),
    ]
    found = [(move, label, counted) for move, to, label, counted in offered if to in MOVES[status]]
    return [*found[:-1], ("assign", _("Assign…"), ""), found[-1]] if found else []


def _heads(asked: QueueFilter) -> list[dict[str, Any]]:
    """The columns, with the way to sort by some of them. Waiting changes between oldest and newest."""
    now, turned = asked.sort_order, "newest" if asked.sort_order == "" else ""
    ways: list[tuple[Any, str | None, str]] = [
        (_("Name"), "name", "ascending" if now == "name" else ""),
        (_("Represents"), "entity", "ascending" if now == "entity" else ""),
        (_("On the letter"), None, ""),
        (_("Seats used"), None, ""),
        (_("Waiting"), turned, {"": "descending", "newest": "ascending"}.get(now, "")),
        (_("Assigned to"), None, ""),
    ]
    return [
        {
            "label": label,
            "query": None if sort is None else asked.query(sort=sort),
            "order": order,
            "is_number": n in (3, 4),
        }
        for n, (label, sort, order) in enumerate(ways)
    ]
