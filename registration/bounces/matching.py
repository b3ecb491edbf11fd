"""Which of our messages a report is about. A number alone proves nothing: the proof beside it is computed anew."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from email.message import Message

from ..mail import identity
from ..models import OutgoingMail
from . import dsn

MARK = r"(\d{1,18})\.([0-9a-f]{24})"
RETURN_PATH = re.compile(rf"\+{MARK}@")
MESSAGE_ID = re.compile(rf"<{MARK}@")
# Where mail servers write for whom they took a message.
ENVELOPE = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "X-Delivered-To", "To")
MOST_TRIED = 10


def find(message: Message, recipient: str = "") -> OutgoingMail | None:
    """By the address the report came to, else by the Message-ID of what it sends back. None without a good proof.

    Who has an address of ours with a wrong proof is not asked for another one: it is forged, or about an address that
    has been corrected since.
    """
    came_to = [recipient, *(dsn.header(message, name) for name in ENVELOPE)]
    marks = list(_marks(RETURN_PATH, came_to))
    if marks:
        return _genuine(marks, identity.on_envelope)
    return _genuine(_marks(MESSAGE_ID, dsn.texts(message)), identity.in_headers)


def by_mark(mark: str) -> OutgoingMail | None:
    """The message that carries this mark (see mail.marks)."""
    return _genuine(_marks(re.compile(rf"^{MARK}$"), [mark]), identity.on_envelope)


def by_message_id(text: str) -> OutgoingMail | None:
    return _genuine(_marks(MESSAGE_ID, [text]), identity.in_headers)


def _marks(pattern: re.Pattern[str], texts: Iterable[str]) -> Iterable[tuple[int, str]]:
    for text in texts:
        yield from ((int(number), token) for number, token in pattern.findall(text))


def _genuine(marks: Iterable[tuple[int, str]], made: Callable[..., str]) -> OutgoingMail | None:
    """Each number is asked for once, and a report that names too many is about none."""
    tried: set[tuple[int, str]] = set()
    for number, token in marks:
        if (number, token) in tried:
            continue
        if len(tried) == MOST_TRIED:
            return None
        tried.add((number, token))
        mail = OutgoingMail.objects.filter(pk=number).first()
        if mail and identity.is_genuine(mail, token, made):
            return mail
    return None
