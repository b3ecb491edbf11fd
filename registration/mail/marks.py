"""A mark on each message that a provider carries back with its reports, in the header it wants over SMTP."""

from __future__ import annotations

import json
from collections.abc import Callable

from django.conf import settings

from registration.models import OutgoingMail

from . import identity

NAME = "placard"
HEADERS: dict[str, tuple[str, Callable[[str], object]]] = {
    "brevo": ("X-Mailin-custom", lambda mark: {NAME: mark}),
    "mailgun": ("X-Mailgun-Variables", lambda mark: {NAME: mark}),
    "mailjet": ("X-MJ-EventPayload", lambda mark: {NAME: mark}),
    "postmark": (f"X-PM-Metadata-{NAME}", lambda mark: mark),
    "sparkpost": ("X-MSYS-API", lambda mark: {"metadata": {NAME: mark}}),
}


def mark_of(mail: OutgoingMail) -> str:
    return f"{mail.pk}.{identity.on_envelope(mail)}"


def for_provider(mail: OutgoingMail) -> dict[str, str]:
    """The header for the provider whose webhook is set up; none without one."""
    if settings.MAIL_WEBHOOK_PROVIDER not in HEADERS:
        return {}
    header, wrapped = HEADERS[settings.MAIL_WEBHOOK_PROVIDER]
    value = wrapped(mark_of(mail))
    return {header: value if isinstance(value, str) else json.dumps(value)}
