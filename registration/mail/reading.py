"""The words of a message are as private as a letter: each reading is written down, and its HTML can do nothing."""

from __future__ import annotations

import datetime
import re

from django.http import HttpResponse
from django.utils import timezone

from meeting.models import AuditEntry, User
from registration.models import OutgoingMail

from .links import PLACEHOLDER

ONE_READING = datetime.timedelta(hours=1)
# It runs nothing, loads nothing, sends nothing, opens nothing, and stands in our own pages only.
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'self'"
)
HREF = re.compile(r"""href\s*=\s*(["'])[^"']*\1""", re.IGNORECASE)


def write_down(mail: OutgoingMail, *, by: User) -> None:
    """Once for each reader, message and hour."""
    entries = AuditEntry.objects.filter(meeting=mail.meeting_id, action=AuditEntry.Action.READ_MAIL, by=by)
    if entries.filter(at__gte=timezone.now() - ONE_READING, detail__number=mail.pk).exists():
        return
    subject = mail.registration.reference if mail.registration else ""
    AuditEntry.objects.create(
        meeting_id=mail.meeting_id,
        by=by,
        action=AuditEntry.Action.READ_MAIL,
        about=subject,
        subject=subject,
        detail={"kind": mail.kind, "number": mail.pk},
    )


def as_a_page(mail: OutgoingMail) -> HttpResponse:
    """The HTML part by itself, for a frame in which links lead nowhere."""
    response = HttpResponse(HREF.sub("", mail.html))
    response["Content-Security-Policy"] = POLICY
    response["X-Frame-Options"] = "SAMEORIGIN"
    response["Cache-Control"] = "no-store, private"
    response["X-Content-Type-Options"] = "nosniff"
    response["Referrer-Policy"] = "no-referrer"
    return response


def holds_a_key(mail: OutgoingMail) -> bool:
    """Whether a private link was in it, of which the store has the place only."""
    return PLACEHOLDER in mail.text
