"""What the desk's templates ask about messages."""

from __future__ import annotations

from typing import Any

from django import template
from django.contrib.messages.storage.base import Message

from ..desk import undone

register = template.Library()


@register.filter
def undo_offer(message: Message) -> dict[str, Any] | None:
    """Whose decision this message offers to undo, and which."""
    return undone.offer(message)
