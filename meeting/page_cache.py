"""Whole public pages, kept for seconds in the process that rendered them."""

from __future__ import annotations

from collections.abc import Callable

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language

from .kept import published_meeting
from .models import Meeting

SECONDS = 20  # an organiser's edit to anything on the page shows by then; to the meeting itself at once

Render = Callable[[HttpRequest, Meeting], HttpResponse]


def kept_page(request: HttpRequest, slug: str, render: Render, *, known_query: str = "") -> HttpResponse:
    """The page of a published meeting as it was rendered a moment ago, else as `render` makes it now.

    Only for pages that show nothing about the reader but their language. An address with a query is always rendered,
    so that nobody can fill the memory with invented ones; but for `known_query`, one of a few.
    """
    meeting = published_meeting(slug)
    if request.GET.urlencode() != known_query:
        return render(request, meeting)
    key = _key(request, meeting)
    body = cache.get(key)
    if body is None:
        body = render(request, meeting).content
        cache.set(key, body, SECONDS)
    return HttpResponse(body)


def _key(request: HttpRequest, meeting: Meeting) -> str:
    now = timezone.now()
    state = f"{meeting.registration_not_yet_open(now):d}{meeting.registration_is_open(now):d}"
    return f"page-{meeting.pk}-{meeting.row_version}-{state}-{get_language()}-{request.get_full_path()}"
