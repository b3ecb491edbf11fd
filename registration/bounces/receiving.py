"""One message that came to the address for reports, by whatever way: read, matched, and its effects committed."""

from __future__ import annotations

import enum

import structlog
from django.db import DatabaseError

from . import dsn, effects, matching
from .dsn import NotAReport

log = structlog.get_logger("placard.mail")


class Received(enum.Enum):
    """What became of it. A person should look at the last two kinds: nobody else does."""

    APPLIED = "applied"
    KNOWN = "known"  # the same was told before
    NOTHING_TO_DO = "nothing to do"  # somebody is out of office, or has read our message
    NOT_OURS = "not ours"  # a report about no message of ours, or without proof
    NOT_UNDERSTOOD = "not understood"


FOR_A_PERSON = (Received.NOT_OURS, Received.NOT_UNDERSTOOD)
NOTHING = ("auto-reply", "receipt", "other feedback")


def receive(raw: bytes, recipient: str = "") -> Received:
    """Take in one message; `recipient` is whom it was delivered to, where that is known besides its headers.

    Raises nothing that the message causes, and DatabaseError when its effects could not be committed: then it has to
    be received again.
    """
    try:
        became, seems = _receive(raw, recipient)
    except DatabaseError:
        raise
    except Exception as error:  # whatever a stranger sends, the next one is read
        became, seems = Received.NOT_UNDERSTOOD, type(error).__name__
    log.info("report received", became=became.value, seems=seems)  # nothing of what it says: it may name anybody
    return became


def _receive(raw: bytes, recipient: str) -> tuple[Received, str]:
    try:
        message = dsn.parse(raw)
        report = dsn.read(message)
    except NotAReport as other:
        seems = str(other)
        return Received.NOTHING_TO_DO if seems in NOTHING else Received.NOT_UNDERSTOOD, seems
    mail = matching.find(message, recipient)
    if mail is None:
        return Received.NOT_OURS, report.outcome.value
    is_new = effects.apply(mail.pk, report)
    return Received.APPLIED if is_new else Received.KNOWN, report.outcome.value
