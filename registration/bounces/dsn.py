"""Reading a message that tells of another one: a report in the form of RFC 3464, a complaint in that of RFC 5965.

What has neither form is left to `clumsy`. Nothing here trusts what is read: it is bounded, and no header is believed
before `matching` has found a proof in it.
"""

from __future__ import annotations

import base64
import binascii
import email
import quopri
import re
from collections.abc import Iterable, Iterator
from email.message import Message
from email.policy import compat32
from typing import Any

from . import clumsy
from .report import Outcome, Report, plain, status_in

LARGEST = 512 * 1024  # of what is longer only the beginning is read: reports have what counts in front
MOST_PARTS = 50
MOST_RECIPIENTS = 20
ACTIONS = {"failed": Outcome.FAILED, "delayed": Outcome.DELAYED, "delivered": Outcome.DELIVERED}


class NotAReport(Exception):
    """The message is something else. Its text is a word for the log: what it seems to be."""


def parse(raw: bytes) -> Message:
    """Any bytes at all as a message. Raises NotAReport where not even Python's patient parser copes."""
    try:
        return email.message_from_bytes(raw[:LARGEST], policy=compat32)
    except Exception as error:  # a hundred thousand parts inside each other end its recursion
        raise NotAReport("unreadable") from error


def read(message: Message) -> Report:
    """What `message` reports. Raises NotAReport."""
    parts = _parts(message)
    for part in parts:
        if part.get_content_type() in ("message/delivery-status", "message/global-delivery-status"):
            if found := _of_status(part):
                return found
        elif part.get_content_type() == "message/feedback-report":
            return _of_complaint(part)
    if any(part.get_content_type() == "message/disposition-notification" for part in parts):
        raise NotAReport("receipt")
    if found := clumsy.read(message, text_of(parts)):
        return found
    raise NotAReport("auto-reply" if _is_auto_reply(message) else "other")


def texts(message: Message) -> Iterator[str]:
    """Everything in which the message that came back may be named: each part's headers and words."""
    for part in _parts(message):
        yield from (f"{name}: {value}" for name, value in headers(part) if name.lower() in NAMING)
        if part.get_content_maintype() != "multipart":
            yield _decoded(part)


NAMING = {"message-id", "x-original-message-id"}  # not In-Reply-To: whoever answers a message has that, too


def headers(message: Message) -> list[tuple[str, str]]:
    """Name and text of each header, in one line, undecoded."""
    return [(name, re.sub(r"\s+", " ", str(value))) for name, value in message.raw_items()]


def header(message: Message, name: str) -> str:
    return next((value for known, value in headers(message) if known.lower() == name.lower()), "")


def text_of(parts: Iterable[Message]) -> str:
    """The words a person would read, without what was sent back."""
    words = [_decoded(p) for p in parts if p.get_content_type() in ("text/plain", "text/html")]
    return "\n".join(words)


def _parts(message: Message) -> list[Message]:
    found: list[Message] = []
    waiting = [message]
    while waiting and len(found) < MOST_PARTS:
        part = waiting.pop(0)
        found.append(part)
        inside = part.get_payload()
        if isinstance(inside, list) and part.get_content_type() not in STATUS_TYPES:
            waiting.extend(each for each in inside if isinstance(each, Message))
    return found


STATUS_TYPES = {"message/delivery-status", "message/global-delivery-status", "message/feedback-report"}


def _decoded(part: Message) -> str:
    inside = part.get_payload()
    if isinstance(inside, list):
        return _joined(inside) if part.get_content_type() in STATUS_TYPES else ""
    content = part.get_payload(decode=True)
    return content.decode("utf-8", errors="replace") if isinstance(content, bytes) else str(inside or "")


def _of_status(part: Message) -> Report | None:
    """The worst of what is told of each recipient; ours is one, but an alias may have spread it to many."""
    blocks = [fields for fields in _blocks(part) if "action" in fields][:MOST_RECIPIENTS]
    told = [(ACTIONS[action], fields) for fields in blocks if (action := fields["action"].lower()) in ACTIONS]
    for outcome in (Outcome.FAILED, Outcome.DELAYED, Outcome.DELIVERED):
        concerned = [fields for found, fields in told if found is outcome]
        if concerned:
            return _report(outcome, concerned[0], concerned)
    return None


def _report(outcome: Outcome, fields: dict[str, str], concerned: list[dict[str, str]]) -> Report:
    diagnostic = _typed(fields.get("diagnostic-code", ""))
    # The server's own words are exact where the status of whoever wrote the report is only "5.0.0".
    status, exact = status_in(fields.get("status", "")), status_in(diagnostic)
    if exact and status[2:] in ("", "0.0") and exact[0] == (status or exact)[0]:
        status = exact
    named = (f.get(name, "") for f in concerned for name in ("final-recipient", "original-recipient"))
    recipients = frozenset(address for value in named if (address := _typed(value).strip("<> ").lower()))
    return Report(outcome, status, plain(diagnostic or fields.get("status", "")), recipients)


def _typed(value: str) -> str:
    """`rfc822; name@host` and `smtp; 550 …` without their types."""
    return value.partition(";")[2].strip() if re.match(r"\s*[\w.-]+\s*;", value) else value.strip()


def _blocks(part: Message) -> list[dict[str, str]]:
    """Groups of fields, one for each recipient, whatever the part is encoded in."""
    inside = part.get_payload()
    text = _joined(inside) if isinstance(inside, list) else str(inside or "")
    encoding = str(part.get("Content-Transfer-Encoding", "")).strip().lower()
    if encoding in ("base64", "quoted-printable"):
        text = _undone(text, encoding)
    groups = re.split(r"\n\s*\n", text.replace("\r\n", "\n"))
    return [{name.lower(): value for name, value in headers(email.message_from_string(g))} for g in groups[:MOST_PARTS]]


def _joined(groups: list[Any]) -> str:
    """As it stood: asking Python for its text would wrap what it cannot decode."""
    blocks = [each for each in groups if isinstance(each, Message)]
    return "\n\n".join(
        "\n".join([*(f"{name}: {value}" for name, value in block.raw_items()), "", str(block.get_payload() or "")])
        for block in blocks
    )


def _undone(text: str, encoding: str) -> str:
    try:
        raw = base64.b64decode(text) if encoding == "base64" else quopri.decodestring(text.encode())
    except (binascii.Error, ValueError):
        return text
    return raw.decode("utf-8", errors="replace")


def _of_complaint(part: Message) -> Report:
    fields = {name: value for block in _blocks(part) for name, value in block.items()}
    if fields.get("feedback-type", "").strip().lower() not in ("abuse", "fraud"):
        raise NotAReport("other feedback")
    whom = fields.get("original-rcpt-to", "").strip("<> ").lower()
    return Report(Outcome.COMPLAINED, recipients=frozenset({whom} if whom else ()))


def _is_auto_reply(message: Message) -> bool:
    says = header(message, "Auto-Submitted").lower()
    return says.startswith(("auto-replied", "auto-generated")) or bool(
        header(message, "X-Autoreply") or header(message, "X-Autorespond") or header(message, "X-Auto-Reply")
    )
