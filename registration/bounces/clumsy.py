"""Bounces of servers that write to people instead of machines: qmail, Exim, Exchange, Gmail, old Postfix.

Read only where a mail server wrote them, and only for what a server said. An answer of a person, or of a machine that
is out of office, never is one.
"""

from __future__ import annotations

import re
from email.message import Message

from .report import ABOUT_US, ADDRESS, FULL, NOBODY_THERE, Outcome, Report, plain, status_in, status_of_words

SERVERS = re.compile(r"(mailer-?daemon|postmaster|mail delivery (sub)?system|microsoftexchange)", re.IGNORECASE)
SUBJECTS = re.compile(
    r"(undeliver|delivery (status )?(notification )?.{0,3}(fail|delay|problem)|delivery has failed|failure notice|"
    r"returned mail|mail delivery failed|message (delivery )?(failed|delayed)|non remis|unzustellbar|"
    r"no se puede entregar|не доставлено|undelivered)",
    re.IGNORECASE,
)
DELAYED = re.compile(
    r"(warning|delayed|will be retried|no need to (retry|resend)|still trying|try again)", re.IGNORECASE
)
STATUS_LINE = re.compile(r"\b[45]\d\d[ -]?#?[45]\.\d{1,3}\.\d{1,3}\b|#[45]\.\d{1,3}\.\d{1,3}|(?:^|\s)[45]\d\d[ -]\S")
WORDS = 20_000


def read(message: Message, text: str) -> Report | None:
    """What a mail server's letter says; None where it is no such letter, or does not say what became of the message."""
    named, text = _header(message, "X-Failed-Recipients"), text[:WORDS]
    if not named and not _is_from_a_server(message):
        return None
    answer = _answer(text)
    status = status_in(answer) or status_of_words(text)
    if not status:
        return None
    subject = _header(message, "Subject")
    late = status.startswith("4.") and bool(DELAYED.search(f"{subject}\n{text}"))
    outcome = Outcome.DELAYED if late else Outcome.FAILED
    recipients = {each.lower().rstrip(".") for each in ADDRESS.findall(named)}
    return Report(outcome, status, plain(answer), frozenset(recipients))


def _is_from_a_server(message: Message) -> bool:
    """By its sender and what it calls itself: either may be forged, which helps nobody without the proof."""
    wrote, empty = _header(message, "From"), _header(message, "Return-Path").strip() in ("", "<>")
    return bool(SERVERS.search(wrote)) and empty and bool(SUBJECTS.search(_header(message, "Subject")))


def _header(message: Message, name: str) -> str:
    return re.sub(r"\s+", " ", str(message.get(name, "")))


def _answer(text: str) -> str:
    """The line in which a server speaks; the most telling one."""
    lines = [line.strip() for line in text.splitlines()]
    for speaks in (STATUS_LINE, NOBODY_THERE, FULL, ABOUT_US):
        if found := next((line for line in lines if speaks.search(line)), ""):
            return found
    return ""
