"""How a message is known again when something comes back about it: by numbers that nobody can make up."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable

from django.conf import settings
from django.utils.crypto import constant_time_compare

from registration.models import OutgoingMail

LENGTH = 24


def in_headers(mail: OutgoingMail, secret: str = "") -> str:
    """For its Message-ID: the same for every attempt, to whatever address it goes."""
    known = f"{mail.pk} {mail.key} {secret or settings.SECRET_KEY}"
    return hashlib.sha256(known.encode()).hexdigest()[:LENGTH]


def on_envelope(mail: OutgoingMail, secret: str = "") -> str:
    """For its return path: another one for another address, so that late reports about a corrected one change nothing.

    Not the one in the headers, which the reader sees.
    """
    known = f"{mail.pk} {mail.key} {mail.to.lower()}"
    return hmac.digest((secret or settings.SECRET_KEY).encode(), known.encode(), "sha256").hex()[:LENGTH]


def is_genuine(mail: OutgoingMail, token: str, made: Callable[[OutgoingMail, str], str]) -> bool:
    """Whether `token` is what `made` (one of the two above) gives, with the present key or an earlier one."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return any(constant_time_compare(token, made(mail, key)) for key in keys)


def return_path(mail: OutgoingMail) -> str:
    """Where servers send reports about this one message; empty where no such mailbox is set up."""
    if not settings.MAIL_BOUNCE_ADDRESS:
        return ""
    name, _at, domain = settings.MAIL_BOUNCE_ADDRESS.rpartition("@")
    return f"{name}+{mail.pk}.{on_envelope(mail)}@{domain}"
