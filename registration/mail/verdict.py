"""What a failed delivery means for the message: try again, give up, or let a human look."""

import re
import smtplib
from enum import Enum

from django.core.mail import BadHeaderError

from .smtp import Unanswered

# Answers that concern us as a client (sign-in needed or refused), not this message: mail must survive a wrong password.
ABOUT_US = {530, 534, 535, 538}
ERROR_LENGTH = 300


class Verdict(Enum):
    RETRY = "retry"
    GIVE_UP = "give up"
    UNCLEAR = "unclear"


def judge(error: Exception) -> Verdict:
    if isinstance(error, Unanswered):
        return Verdict.UNCLEAR
    if isinstance(error, (BadHeaderError, UnicodeError, smtplib.SMTPNotSupportedError)):
        return Verdict.GIVE_UP  # no server will ever take this address or these headers
    if isinstance(error, (smtplib.SMTPSenderRefused, smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError)):
        refused_for_good = _code(error) >= 500 and _code(error) not in ABOUT_US
        return Verdict.GIVE_UP if refused_for_good else Verdict.RETRY
    # Refused, lost or timed out before the message was handed over, greeting or sign-in failed, or a fault of ours.
    return Verdict.RETRY


def explain(error: Exception) -> str:
    """The server's answer for a human to read, without anybody's address."""
    text = _answer(error)
    return re.sub(r"[^\s<>\"'(),;:]+@[^\s<>\"'(),;:]+", "***", " ".join(text.split()))[:ERROR_LENGTH]


def _answer(error: Exception) -> str:
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
