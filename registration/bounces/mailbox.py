"""The mailbox for reports, read over IMAP by a beat task.

Nothing is deleted or moved, whatever mailbox somebody names by mistake. What is dealt with is marked as answered, after
its effects are committed; what a person should look at is flagged. Both are passed over from then on.
"""

from __future__ import annotations

import datetime
import imaplib
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

import structlog
from django.conf import settings
from django.utils import timezone

from .dsn import LARGEST
from .receiving import FOR_A_PERSON, Received, receive

PATIENCE = 15  # seconds for each answer of the server
SECONDS = 40  # of one run; the next one goes on
MOST = 300  # in one run
LOOKS_BACK = datetime.timedelta(days=30)  # nobody reports later than that
FOLDER = "INBOX"
DONE, TO_LOOK_AT = r"(\Answered \Seen)", r"(\Flagged)"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

log = structlog.get_logger("placard.mail")


class Refused(Exception):
    """The server did not do what it was asked."""


@dataclass(frozen=True)
class Address:
    scheme: str
    host: str
    port: int
    user: str
    password: str
    folder: str

    @classmethod
    def of(cls, url: str) -> Address:
        parts = urlsplit(url)
        port = parts.port or (993 if parts.scheme == "imaps" else 143)
        return cls(
            parts.scheme,
            parts.hostname or "",
            port,
            unquote(parts.username or ""),
            unquote(parts.password or ""),
            unquote(parts.path.strip("/")) or FOLDER,
        )


def read() -> int:
    """Take in what waits in the mailbox, if one is set up; how many were read. A mailbox that is away waits."""
    if not settings.MAIL_BOUNCE_MAILBOX:
        return 0
    deadline, count = time.monotonic() + SECONDS, 0
    try:
        with _opened(Address.of(settings.MAIL_BOUNCE_MAILBOX)) as box:
            for number in _waiting(box):
                if time.monotonic() > deadline:
                    break
                _mark(box, number, receive(_fetch(box, number)))
                count += 1
    except (OSError, imaplib.IMAP4.error, Refused) as error:
        log.warning("mailbox for reports", error=type(error).__name__, read=count)  # its text may hold the password
    return count


@contextmanager
def _opened(address: Address) -> Iterator[imaplib.IMAP4]:
    box = _connected(address)
    try:
        box.login(address.user, address.password)
        escaped = address.folder.replace("\\", "\\\\").replace('"', '\\"')
        _asked(box.select(f'"{escaped}"'))
        yield box
    finally:
        with suppress(OSError, imaplib.IMAP4.error):
            box.logout()


def _connected(address: Address) -> imaplib.IMAP4:
    if address.scheme == "imaps":
        return imaplib.IMAP4_SSL(address.host, address.port, timeout=PATIENCE)
    box = imaplib.IMAP4(address.host, address.port, timeout=PATIENCE)
    if address.scheme == "imap+tls":
        box.starttls()
    return box


def _waiting(box: imaplib.IMAP4) -> list[bytes]:
    """The oldest first."""
    day = (timezone.now() - LOOKS_BACK).date()
    since = f"{day.day}-{MONTHS[day.month - 1]}-{day.year}"
    found = _asked(box.uid("SEARCH", "UNANSWERED", "UNFLAGGED", "UNDELETED", "SINCE", since))
    return [number for line in found if isinstance(line, bytes) for number in line.split()][:MOST]


def _fetch(box: imaplib.IMAP4, number: bytes) -> bytes:
    """Its beginning, without marking it as read. Empty where it has gone meanwhile: that is no report, either."""
    parts = _asked(box.uid("FETCH", number.decode(), f"(BODY.PEEK[]<0.{LARGEST}>)"))
    return next((part[1] for part in parts if isinstance(part, tuple)), b"")


def _mark(box: imaplib.IMAP4, number: bytes, became: Received) -> None:
    flags = TO_LOOK_AT if became in FOR_A_PERSON else DONE
    _asked(box.uid("STORE", number.decode(), "+FLAGS.SILENT", flags))


def _asked(answer: tuple[str, Sequence[Any]]) -> Sequence[Any]:
    status, found = answer
    if status != "OK":
        raise Refused
    return found
