"""The offer to undo that goes along with the word about a decision, to whichever screen opens next."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest
from django.utils import timezone

from .. import workflow
from ..models import Registration

MARK = "undo"


def tell(request: HttpRequest, registration: Registration, text: str) -> None:
    """Say `text`, with the way to undo it while there is one. `registration` as it is after the decision."""
    event = workflow.can_be_undone(registration)
    if event is None or registration.quiet_until is None:
        messages.success(request, text)
        return
    until = int(registration.quiet_until.timestamp())
    messages.success(
        request, text, extra_tags=f"{MARK}:{registration.meeting.slug}:{registration.reference}:{event.pk}:{until}"
    )


def offer(message: Message) -> dict[str, Any] | None:
    """Whose decision, and which, this message offers to undo; None where it offers nothing, or no more."""
    mark, *parts = (message.extra_tags or "").split(":")
    if mark != MARK:
        return None
    slug, reference, event, until = parts
    is_in_time = timezone.now().timestamp() < int(until)
    return {"meeting": slug, "reference": reference, "event": event} if is_in_time else None
