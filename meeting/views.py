"""The public pages of a meeting. Nothing on them depends on who reads, so whole pages may be kept for seconds."""

from __future__ import annotations

import datetime
from pathlib import PurePath

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from .kept import published_meeting
from .models import Document, Meeting
from .page_cache import kept_page


@require_safe
def meeting_list(request: HttpRequest) -> HttpResponse:
    today = timezone.now().date()
    meetings = list(Meeting.objects.published().select_related("venue"))
    context = {
        "upcoming": sorted((m for m in meetings if m.ends_on >= today), key=lambda m: m.starts_on),
        "past": [m for m in meetings if m.ends_on < today],
    }
    return render(request, "meeting/meeting_list.html", context)


@require_safe
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    """The page everybody opens first, and all at once on the day registration opens."""
    return kept_page(request, slug, _render_detail)


def _render_detail(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    context = {
        "meeting": meeting,
        "section": "meeting",
        "window": registration_window(meeting, timezone.now()),
        "organisers": meeting.organisers.all(),
        "documents": meeting.documents.filter(is_published=True),
        "objectives": meeting.objectives.all(),
        "focus_areas": meeting.focus_areas.all(),
        "themes": meeting.themes.all(),
        "milestones": meeting.milestones.all(),
    }
    return render(request, "meeting/meeting_detail.html", context)


def registration_window(meeting: Meeting, now: datetime.datetime) -> str:
    """`ahead`, `open`, `closed`, or `held`: open only because the organisers hold it so."""
    opens, closes = meeting.registration_opens_at, meeting.registration_closes_at
    if opens is not None and opens <= now and (closes is None or now < closes):
        return "open"
    if meeting.registration_held_open:
        return "held"
    return "ahead" if meeting.registration_not_yet_open(now) else "closed"


@require_safe
def documents(request: HttpRequest, slug: str) -> HttpResponse:
    meeting = published_meeting(slug)
    context = {
        "meeting": meeting,
        "section": "documents",
        "documents": meeting.documents.filter(is_published=True),
        "has_list": meeting.list_versions.filter(published_at__isnull=False, unpublished_at=None).exists(),
    }
    return render(request, "meeting/document_list.html", context)


@require_safe
def document(request: HttpRequest, slug: str, pk: int) -> FileResponse:
    """The file itself, under its own name. Unpublished ones are not there."""
    public = Document.objects.filter(is_published=True, meeting__is_published=True, meeting__slug=slug)
    found: Document = get_object_or_404(public, pk=pk)
    try:
        opened = found.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    return FileResponse(opened, as_attachment=True, filename=PurePath(str(found.file.name)).name)


@require_safe
def practical(request: HttpRequest, slug: str) -> HttpResponse:
    return render(request, "meeting/practical.html", {"meeting": published_meeting(slug), "section": "practical"})


@require_safe
def privacy(request: HttpRequest, slug: str) -> HttpResponse:
    return render(request, "meeting/privacy.html", {"meeting": published_meeting(slug)})


@require_safe
def concern(request: HttpRequest, slug: str) -> HttpResponse:
    """How to tell somebody that a child or anybody else is not safe. Open to all, signed in or not."""
    return render(request, "meeting/concern.html", {"meeting": published_meeting(slug)})


@require_safe
def my_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Where the private link is. It asks nothing, so it cannot tell whether an address is registered."""
    return render(request, "meeting/my_page.html", {"meeting": published_meeting(slug)})


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "meeting/accessibility.html")
