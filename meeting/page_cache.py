"""Whole public pages, kept for seconds in the process that rendered them."""

from __future__ import annotations

from collections.abc import Callable

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language

from .models import Meeting

SECONDS = 20  # an organiser's edit to anything on the page shows by then; to the meeting itself at once


def kept_page(request: HttpRequest, meeting: Meeting, render: Callable[[], HttpResponse]) -> HttpResponse:
    """The page as it was rendered a moment ago, else as `render` makes it now.

    Only for pages that show nothing about the reader but their language. An address with a query is always rendered,
    so that nobody can fill the memory with invented ones.
    """
    if request.GET:
        return render()
    key = _key(request, meeting)
    body = cache.get(key)
    if body is None:
        body = render().content
        cache.set(key, body, SECONDS)
    return HttpResponse(body)


def _key(request: HttpRequest, meeting: Meeting) -> str:
    now = timezone.now()
    state = f"{meeting.registration_not_yet_open(now):d}{meeting.registration_is_open(now):d}"
    return f"page-{meeting.pk}-{meeting.changed_at.timestamp()}-{state}-{get_language()}-{request.path}"
