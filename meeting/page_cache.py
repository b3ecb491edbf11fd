"""Whole public pages, kept for seconds in the process that rendered them."""

from __future__ import annotations

from collections.abc import Callable

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import get_language

from .kept import published
from .models import Meeting

SECONDS = 20  # an organiser's edit to anything on the page shows by then; to the meeting itself at once

# All that a second reader costs: the whole row, texts in six languages, takes longer than the rest of the answer.
PULSE = ("changed_at", "registration_opens_at", "registration_closes_at", "registration_held_open")

Render = Callable[[HttpRequest, Meeting], HttpResponse]


def find_published(slug: str) -> Meeting:
    return get_object_or_404(Meeting.objects.published().select_related("venue"), slug=slug)


def kept_page(request: HttpRequest, slug: str, render: Render, *, known_query: str = "") -> HttpResponse:
    """The page of a published meeting as it was rendered a moment ago, else as `render` makes it now.

    Only for pages that show nothing about the reader but their language. An address with a query is always rendered,
    so that nobody can fill the memory with invented ones; but for `known_query`, one of a few.
    """
    if request.GET.urlencode() != known_query:
        return render(request, published(slug))
    key = _key(request, get_object_or_404(Meeting.objects.published().only(*PULSE), slug=slug))
    body = cache.get(key)
    if body is None:
        body = render(request, find_published(slug)).content
        cache.set(key, body, SECONDS)
    return HttpResponse(body)


def _key(request: HttpRequest, pulse: Meeting) -> str:
    now = timezone.now()
    state = f"{pulse.registration_not_yet_open(now):d}{pulse.registration_is_open(now):d}"
    return f"page-{pulse.pk}-{pulse.changed_at.timestamp()}-{state}-{get_language()}-{request.get_full_path()}"
