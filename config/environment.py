"""Values from the environment, each checked when the process starts: a wrong one stops it with a sentence that says so.

An empty value is the same as none: that is what a line like `MAIL_FROM=` in a `.env` file means.
"""

import os
import re
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

YES, NO = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}
ENOUGH_FOR_A_SECRET = 50
ENOUGH_FOR_A_PASSWORD = 20
LONGEST_BOUNCE_NAME = 26
PLAIN = re.compile(r"[A-Za-z0-9._-]+@[A-Za-z0-9.-]+")
# Whose reports carry back the mark that we put on a message sent over SMTP (see registration/mail/marks.py).
WEBHOOK_PROVIDERS = ("brevo", "mailgun", "mailjet", "postmark", "sparkpost")


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def words(name: str) -> list[str]:
    """The parts of a value that are separated by commas."""
    return [word.strip() for word in text(name).split(",") if word.strip()]


def flag(name: str, default: bool = False) -> bool:
    given = text(name).lower()
    if given and given not in YES | NO:
        raise _wrong(name, "Write yes or no.")
    return given in YES if given else default


def number(name: str, default: int) -> int:
    given = text(name)
    if given and not (given.isascii() and given.isdigit()):
        raise _wrong(name, "Write a whole number.")
    return int(given) if given else default


def address(name: str, default: str, schemes: set[str], example: str) -> str:
    """A URL with one of `schemes`. Never shown when wrong: it may hold a password."""
    given = text(name, default)
    if urlsplit(given).scheme not in schemes:
        raise _wrong(name, f"Write it like {example}")
    return given


def site_url(default: str) -> str:
    """Where people reach us: scheme, host and perhaps a port, nothing else."""
    given = address("SITE_URL", default, {"http", "https"}, "https://meetings.example.org").rstrip("/")
    parts = urlsplit(given)
    if not parts.hostname or parts.path or parts.query or parts.fragment or parts.username:
        raise _wrong("SITE_URL", "Write only scheme and host, like https://meetings.example.org")
    return given


def bounce_address() -> str:
    """One plain address; the number and proof of a message are put behind its name, which may have 64 characters."""
    given = text("MAIL_BOUNCE_ADDRESS")
    name, _at, domain = given.rpartition("@")
    if given and not (domain and 0 < len(name) <= LONGEST_BOUNCE_NAME and PLAIN.fullmatch(given)):
        raise _wrong("MAIL_BOUNCE_ADDRESS", "Write one address without +, like bounces@meetings.example.org")
    return given


def mailbox() -> str:
    """Where reports are fetched; empty where none are."""
    given = text("MAIL_BOUNCE_MAILBOX")
    example = "imaps://user:password@mail.example.org/INBOX"
    if given:
        address("MAIL_BOUNCE_MAILBOX", "", {"imaps", "imap+tls", "imap"}, example)
        parts = urlsplit(given)
        if not (parts.hostname and parts.username and parts.password):
            raise _wrong("MAIL_BOUNCE_MAILBOX", f"Write it like {example}; @ in a name or password is %40.")
    return given


def webhook() -> tuple[str, str]:
    """The provider that tells what became of messages, and the `user:password` that it shows; both or neither."""
    provider, shown = text("MAIL_WEBHOOK_PROVIDER").lower(), text("MAIL_WEBHOOK_SECRET")
    if provider and provider not in WEBHOOK_PROVIDERS:
        raise _wrong("MAIL_WEBHOOK_PROVIDER", f"Write one of {', '.join(WEBHOOK_PROVIDERS)}.")
    user, _colon, password = shown.partition(":")
    if provider and not (user and len(password) >= ENOUGH_FOR_A_PASSWORD):
        raise _wrong("MAIL_WEBHOOK_SECRET", "Write user:password, with a password of 20 random characters or more.")
    if provider == "mailgun" and not text("MAIL_WEBHOOK_SIGNING_KEY"):
        raise _wrong("MAIL_WEBHOOK_SIGNING_KEY", "Mailgun signs its reports: copy the key from its page on webhooks.")
    if shown and not provider:
        raise _wrong("MAIL_WEBHOOK_PROVIDER", "MAIL_WEBHOOK_SECRET is set, so say whose webhook it is for.")
    return provider, shown


def secret(name: str) -> str:
    given = text(name)
    if given and len(given) < ENOUGH_FOR_A_SECRET:
        raise _wrong(name, f"It needs {ENOUGH_FOR_A_SECRET} characters or more; .env.example says how to make one.")
    return given


def hosts(name: str) -> list[str]:
    given = words(name)
    if any("*" in host or "/" in host for host in given):
        raise _wrong(name, "Name each host, without scheme and without *, like meetings.example.org,www.example.org")
    return given


def _wrong(name: str, what_to_do: str) -> ImproperlyConfigured:
    state = "has a value that cannot be used" if text(name) else "is not set"
    return ImproperlyConfigured(f"{name} {state}. {what_to_do}")


def check_seal_keys(keys: list[str]) -> None:
    """Each must be a Fernet key: 32 bytes in URL-safe base64."""
    for key in keys:
        try:
            Fernet(key)
        except ValueError:
            raise _wrong(
                "SEAL_KEYS", "Give Fernet keys, separated by commas; .env.example says how to make one."
            ) from None
