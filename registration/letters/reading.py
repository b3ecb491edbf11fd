"""Letters go out to whoever may read them, never kept by a browser; each reading is written down."""

from __future__ import annotations

import datetime
from typing import Any

from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.utils import timezone

from meeting.models import AuditEntry, User

from ..models import Letter
from . import pages

ONE_READING = datetime.timedelta(hours=1)


def page(letter: Letter, number: int, *, by: User) -> HttpResponse:
    """One page as a picture. The pages of a letter that are looked at within the hour are one reading."""
    content = pages.picture(letter, number)
    if content is None:
        raise Http404
    write_down(letter, by=by)
    return _guarded(HttpResponse(content, content_type=pages.media_type(letter)))


def download(letter: Letter, *, by: User) -> HttpResponseBase:
    """The file as it was sent, to be saved. Each download is written down."""
    _write_down(letter, by)
    file = letter.file.open("rb")
    response = FileResponse(file, as_attachment=True, filename=letter.original_name, content_type=letter.media_type)
    return _guarded(response)


def write_down(letter: Letter, *, by: User) -> None:
    """Once for each reader, letter and hour."""
    entries = AuditEntry.objects.filter(meeting=letter.meeting_id, action=AuditEntry.Action.READ_LETTER, by=by)
    since = timezone.now() - ONE_READING
    if not entries.filter(at__gte=since, detail__letter=letter.pk).exists():
        _write_down(letter, by)


def _write_down(letter: Letter, by: User) -> None:
    about = letter.registration or letter.delegation
    subject = about.reference if about else ""
    AuditEntry.objects.create(
        meeting_id=letter.meeting_id,
        by=by,
        action=AuditEntry.Action.READ_LETTER,
        about=subject,
        subject=subject,
        detail={"letter": letter.pk},
    )


def _guarded(response: Any) -> Any:
    response["Cache-Control"] = "no-store, private"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
