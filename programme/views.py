"""The programme as everybody sees it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from meeting.models import Meeting
from meeting.page_cache import kept_page

from .models import Session, by_day

Days = list[tuple[datetime.date, list[Session]]]


@dataclass(frozen=True)
class Clock:
    """What goes on at one moment of a meeting day, and what comes after it."""

    at: datetime.datetime
    now: Session | None
    next: Session | None


@require_safe
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    """All days below each other, or with `?day=2008-09-18` one of them."""
    return kept_page(request, slug, _render_detail)


def _render_detail(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    days = by_day(Session.objects.filter(meeting=meeting).for_programme(), meeting)
    chosen = _chosen_day(request.GET.get("day", ""), days)
    context = {
        "meeting": meeting,
        "section": "programme",
        "all_days": [day for day, _ in days],
        "chosen": chosen,
        "days": [(day, sessions) for day, sessions in days if chosen in (None, day)],
        "clock": clock(days, meeting, timezone.now()),
    }
    return render(request, "programme/programme_detail.html", context)


def _chosen_day(text: str, days: Days) -> datetime.date | None:
    """The day asked for; none when none was. A day without a programme is not there."""
    if not text:
        return None
    for day, _ in days:
        if day.isoformat() == text:
            return day
    raise Http404


def clock(days: Days, meeting: Meeting, at: datetime.datetime) -> Clock | None:
    """Only on a day of the meeting; on all others the programme needs no "now"."""
    today = at.astimezone(meeting.zone).date()
    sessions = next((sessions for day, sessions in days if day == today), None)
    if sessions is None:
        return None
    current = next((s for s in sessions if s.starts_at <= at < s.ends_at), None)
    following = next((s for s in sessions if s.starts_at > at and not s.is_pause), None)
    return Clock(at, current, following)
