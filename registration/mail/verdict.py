"""What a failed delivery means for the message: try again and when, give up, or let a human look."""

import datetime
import random
import re
import smtplib
from enum import Enum

from django.core.mail import BadHeaderError

from .smtp import NotAccepted, Unanswered

# Answers that concern us as a client (sign-in needed or refused), not this message: mail must survive a wrong password.
ABOUT_US = {530, 534, 535, 538}
# "Not so fast", to a recipient or a text: the domain is written to more slowly from now on.
SLOW_DOWN = {421, 432, 450, 451, 452}
TOO_BUSY = 432  # too many lines of ours at once
# Microsoft says this for a while of messages that it takes later.
TOO_LARGE = re.compile(r"too large|exceeds?\b.*\bsize|size.*\bexceed", re.IGNORECASE)
ERROR_LENGTH = 300
OURS = "The mail server does not accept us: "


class Verdict(Enum):
    AWAY = "away"  # nobody there, or the line was lost before the message was handed over; or a fault of ours
    LATER = "later"  # "not now", to this reader
    BUSY = "busy"  # we come too many at a time
    TOO_LARGE = "too large"
    OURS = "ours"  # our settings; the message has done nothing
    GIVE_UP = "give up"
    UNCLEAR = "unclear"


def _minutes(*waits: float) -> tuple[datetime.timedelta, ...]:
    return tuple(datetime.timedelta(minutes=wait) for wait in waits)


# How long to wait after the first, second … attempt; after the last one it is given up. A server may be away for a
# weekend. Who puts off strangers wants to see them again after some minutes, and is asked less often at first.
WAITS = {
    Verdict.AWAY: _minutes(0.25, 1, 5, 15, 60, 3 * 60, 6 * 60, 12 * 60, 24 * 60),
    Verdict.LATER: _minutes(1, 5, 15, 30, 60, 3 * 60, 6 * 60, 12 * 60, 24 * 60),
    Verdict.BUSY: _minutes(0.5, 1, 2, 5, 10, 30, 30, 60, 3 * 60, 6 * 60, 12 * 60, 24 * 60),
    Verdict.TOO_LARGE: _minutes(10, 60),
}
UNTIL_WE_ARE_LET_IN = datetime.timedelta(minutes=1)
# So that those who failed together do not come back together; those who were too many least of all.
SPREAD, WIDE_SPREAD = 0.1, 0.5


def judge(error: Exception) -> Verdict:
    if isinstance(error, Unanswered):
        return Verdict.UNCLEAR
    if isinstance(error, NotAccepted):
        return Verdict.OURS
    if isinstance(error, (BadHeaderError, UnicodeError, smtplib.SMTPNotSupportedError)):
        return Verdict.GIVE_UP  # no server will ever take this address or these headers
    if isinstance(error, (smtplib.SMTPSenderRefused, smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError)):
        return _judge_answer(error)
    # Refused, lost or timed out before the message was handed over, no sensible greeting, or a fault of ours.
    return Verdict.AWAY


def _judge_answer(error: smtplib.SMTPException) -> Verdict:
    code = _code(error)
    if code in ABOUT_US:
        return Verdict.OURS
    if TOO_LARGE.search(_answer(error)):
        return Verdict.TOO_LARGE
    if code >= 500:
        # The sender is the same in all our messages: who refuses it refuses us.
        return Verdict.OURS if isinstance(error, smtplib.SMTPSenderRefused) else Verdict.GIVE_UP
    if code == TOO_BUSY:
        return Verdict.BUSY
    return Verdict.AWAY if isinstance(error, smtplib.SMTPSenderRefused) else Verdict.LATER


def wait(verdict: Verdict, attempts: int) -> datetime.timedelta | None:
    """Until the next attempt when `attempts` have failed, each time a little different; None: there is none."""
    if verdict is Verdict.OURS:
        return UNTIL_WE_ARE_LET_IN * _spread(SPREAD)
    waits = WAITS.get(verdict, ())
    if attempts > len(waits):
        return None
    return waits[attempts - 1] * _spread(WIDE_SPREAD if verdict is Verdict.BUSY else SPREAD)


def _spread(by: float) -> float:
    return random.uniform(1 - by, 1 + by)  # noqa: S311


def asks_to_slow_down(error: Exception) -> bool:
    """Whether the servers of the reader's domain may have said so; what is said to the sender is said to us."""
    return isinstance(error, (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError)) and _code(error) in SLOW_DOWN


def explain(error: Exception) -> str:
    """The server's answer for a human to read, without anybody's address."""
    about = OURS if judge(error) is Verdict.OURS else ""
    text = about + _answer(error)
    return re.sub(r"[^\s<>\"'(),;:]+@[^\s<>\"'(),;:]+", "***", " ".join(text.split()))[:ERROR_LENGTH]


def _answer(error: BaseException) -> str:
    if isinstance(error, NotAccepted):
        return _answer(error.__cause__) if error.__cause__ else ""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return _told(*next(iter(error.recipients.values())))
    if isinstance(error, smtplib.SMTPResponseException):
        return _told(error.smtp_code, error.smtp_error)
    if isinstance(error, OSError):
        return f"{type(error).__name__}: {error}"
    return type(error).__name__  # the text of an unforeseen error may hold anything


def _told(code: int, answer: bytes | str) -> str:
    return f"{code} {answer.decode(errors='replace') if isinstance(answer, bytes) else answer}"


def _code(error: smtplib.SMTPException) -> int:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return next(iter(error.recipients.values()))[0]
    return error.smtp_code if isinstance(error, smtplib.SMTPResponseException) else 0
