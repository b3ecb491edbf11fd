"""What somebody tells us about one message that has left, in one form for all who tell."""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass

LONGEST_ANSWER = 300
STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
CODE = re.compile(r"\b([45]\d\d)\b")
ADDRESS = re.compile(r"[^\s<>\"'(),;:\[\]]+@[^\s<>\"'(),;:\[\]]+")


class Outcome(enum.Enum):
    FAILED = "failed"  # it will not arrive
    DELAYED = "delayed"  # somebody still tries
    DELIVERED = "delivered"
    COMPLAINED = "complained"  # it arrived, and its reader called it spam


@dataclass(frozen=True)
class Report:
    """`status` is an enhanced status code like 5.1.1, or empty. `recipients` are whom it names, in small letters."""

    outcome: Outcome
    status: str = ""
    answer: str = ""
    recipients: frozenset[str] = frozenset()
    # What a provider concluded by itself, where it gives no code: True, the address is dead; False, it is not.
    blames: bool | None = None


def plain(text: str) -> str:
    """The answer of a server as it is kept: one line, not long, and without anybody's address."""
    known = (
        text.replace("\x00", "").encode("utf-8", "replace").decode()
    )  # bytes that are no text came through as halves
    return ADDRESS.sub("***", " ".join(known.split()))[:LONGEST_ANSWER]


def status_in(text: str) -> str:
    """The enhanced status code in a server's answer, else what its words or its plain code amount to; or empty."""
    if found := STATUS.search(text):
        return found.group()
    code = CODE.search(text)
    if code is None:
        return ""
    if code.group().startswith("4"):
        return "4.2.2" if FULL.search(text) else "4.0.0"
    return status_of_words(text) or FROM_CODE.get(code.group(), "5.0.0")


def status_of_words(text: str) -> str:
    """What a server means that gives no code, or only "never"; empty where its words tell nothing."""
    return next((status for words, status in MEANING if words.search(text)), "")


def is_dead(report: Report) -> bool:
    """Whether the address itself is at fault for good, so that writing to it again is of no use."""
    if report.outcome is Outcome.COMPLAINED:
        return True
    if report.outcome is not Outcome.FAILED:
        return False
    if not report.status and report.blames is not None:
        return report.blames
    return report.status in GUILTY or (report.status.startswith("5.1.") and report.status not in OUR_OWN)


# What the plain codes of SMTP say, where a server gives nothing better (RFC 5321, 4.2.3).
FROM_CODE = {"550": "5.1.1", "551": "5.1.6", "552": "5.2.2", "553": "5.1.3"}
# Of the codes of RFC 3463 most say that something is wrong with the message, with their machine, or with us: what they
# take for spam (5.7), a mailbox that is full (5.2.2), a message too large (5.3.4). Of the address speak 5.1 and these.
GUILTY = {
    "5.2.1",  # the mailbox is closed
    "5.4.1", "5.4.4", "5.4.310",  # nobody receives for it; its domain does not exist
    "5.5.0",  # "mailbox unavailable", as some large providers say it
}  # fmt: skip
OUR_OWN = {"5.1.7", "5.1.8"}  # the sender's address: ours

NOBODY_THERE = re.compile(
    r"(user unknown|unknown user|no such (user|recipient|mailbox|domain)|no mailbox here by that name|"
    r"mailbox (not found|unavailable|does not exist|is disabled)|address (not found|rejected|could.?n.?t be found)|"
    r"account .{0,40}(does not exist|disabled)|recipient .{0,40}does not exist|(couldn|wasn).?t be found|"
    r"unrouteable address|unknown or invalid address|host or domain name not found|invalid recipient)",
    re.IGNORECASE,
)
FULL = re.compile(r"(mailbox (is )?full|over quota|quota exceeded|exceed.{0,25}quota|out of storage)", re.IGNORECASE)
ABOUT_US = re.compile(r"(spam|block(ed|list)|blacklist|policy|reputation|dmarc|\bspf\b|dkim)", re.IGNORECASE)
MEANING = ((NOBODY_THERE, "5.1.1"), (FULL, "5.2.2"), (ABOUT_US, "5.7.1"))
