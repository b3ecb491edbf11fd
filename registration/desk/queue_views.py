"""The queue's screens."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from meeting.models import Meeting

from .. import rules
from ..lists.paging import Capped
from ..models import Status
from ..workflow import MOVES
from . import bulk
from .access import StaffRequest, desk_view
from .forms import MOST_AT_ONCE
from .queue import SIZES, Place, Queue


@require_safe
@desk_view(rules.can_read)
def queue(request: StaffRequest, meeting: Meeting) -> HttpResponseBase:
    waiting = Queue(meeting, request.user, request.GET)
    size = next((s for s in SIZES if str(s) == request.GET.get("size")), SIZES[0])
    place = Place.parse(request.GET.get("after", ""))
    counts = waiting.counts()
    page = waiting.page(place, size)
    kept = {"size": str(size) if size != SIZES[0] else ""}
    context = {
        "meeting": meeting,
        "section": "queue",
        "queue": waiting,
        "filter": waiting.filter,
        "status": Status(waiting.filter.wanted_status),
        "menus": [waiting.filter.menu(name) for name in ("status", "category", "letter")],
        "rows": page.rows,
        "size": size,
        "is_first_page": place is None,
        "following": waiting.filter.query(after=str(page.following), **kept) if page.following else "",
        "first": waiting.filter.query(**kept),
        "sizes": [(s, waiting.filter.query(size=str(s))) for s in SIZES if s != size],
        "query": waiting.filter.query(),
        "totals": counts,
        "statuses": _statuses(waiting, counts),
        "categories": waiting.by_category(counts[waiting.filter.wanted_status]),
        "on_letters": waiting.by_letter(counts[waiting.filter.wanted_status]),
        "can_decide": rules.can_decide(request.user, meeting),
        "can_be_decided": bool(MOVES[Status(waiting.filter.wanted_status)] & set(bulk.TARGETS.values())),
        "most": MOST_AT_ONCE,
    }
    return render(request, "desk/queue.html", context)


def _statuses(waiting: Queue, counts: dict[str, Capped]) -> list[dict[str, Any]]:
    now = waiting.filter.wanted_status
    return [
        {"status": s, "count": counts[s], "query": waiting.filter.query(status=s), "is_current": s == now}
        for s in Status
        if s != Status.DRAFT and (counts[s] or s == Status.SUBMITTED)
    ]
