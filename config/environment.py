"""Values from the environment, each checked when the process starts: a wrong one stops it with a sentence that says so.

An empty value is the same as none: that is what a line like `MAIL_FROM=` in a `.env` file means.
"""

import os
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

YES, NO = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}
ENOUGH_FOR_A_SECRET = 50


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
