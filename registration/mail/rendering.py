"""A message in words: subject, text and HTML in the language of its reader.

What a meeting says to delegates has words that organisers can change (see `registration.texts`), in one frame. What
the system says, like a code or a link to sign in, has three files of its own for each kind.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from meeting import dates
from meeting.models import Meeting
from registration import texts
from registration.models import Registration, Status
from registration.rules import next_actor
from registration.texts import values as said
from registration.texts.language import CLOSE, OPEN, laid_open
from registration.texts.markup import MARK, Value, lay_out

from . import stopping
from .links import CODE, PLACEHOLDER, STOP
from .readers import Reader

SUBJECT_LENGTH = 250
FRAME = "registration/emails/frame"
# What the frame says around the words; in it, marks stand for what differs from reader to reader.
IN_FRAME = ("meeting", "meeting_short", "dates", "zone", "venue", "city", "contact_email", "meeting_link", "delegation",
            "category", "reference", "seats", "closes", "reader", "person", "next_actor", "since")  # fmt: skip
Acts = Literal["page", "delegations", "invitation"]


@dataclass(frozen=True)
class Rendered:
    subject: str
    text: str
    html: str


@dataclass(frozen=True)
class Shape:
    """All on which the layout of a message depends; what differs from reader to reader beyond it are values."""

    kind: str
    words: texts.Words
    language: str
    given: frozenset[str]
    acts: Acts
    status: str = ""


def render(kind: str, registration: Registration, reader: Reader, values: Mapping[str, Any]) -> Rendered:
    """About one registration, in the language of whoever reads it. `words` in `values` are used as they are."""
    with translation.override(reader.language):
        if kind not in texts.KINDS:
            return _render_files(kind, _about(registration) | dict(values) | {"kind": kind, "reader": reader})
        meeting = registration.meeting
        about = said.of_meeting(meeting) | said.of_registration(registration, meeting)
        about |= said.given(values, registration) | _in_frame(kind, registration, reader)
        words = values.get("words") or _words(kind, meeting, registration.delegation.category_id, reader.language)
        shape = Shape(
            kind, words, reader.language, texts.shape_of(about), "delegations" if reader.user else "page",
            registration.status if texts.KINDS[kind].shows else "",
        )  # fmt: skip
        return filled(shape, about)


def render_for(kind: str, meeting: Meeting, language: str, values: Mapping[str, Any]) -> Rendered:
    """About no single registration. `language` is also a value of the template; a `link` given is kept."""
    with translation.override(language):
        if kind not in texts.KINDS:
            return _render_files(kind, _surroundings(meeting) | dict(values) | {"kind": kind})
        about = said.of_meeting(meeting) | said.of_delegation(values, meeting)
        about["reader"] = about.pop("name", "")
        delegation = values.get("delegation")
        words = values.get("words") or _words(kind, meeting, delegation and delegation.category_id, language)
        acts: Acts = "invitation" if kind in ("invitation", "reminder_invitation") else "delegations"
        return filled(Shape(kind, words, language, texts.shape_of(about), acts), about)


def one_line(text: str) -> str:
    """Fit for a header: a line break in a name or title must not begin a header of its own."""
    return " ".join(text.split())[:SUBJECT_LENGTH]


def _words(kind: str, meeting: Meeting, category_id: int | None, language: str) -> texts.Words:
    return texts.words_for(meeting, kind, category_id, language)


def _in_frame(kind: str, registration: Registration, reader: Reader) -> dict[str, Value]:
    zone = registration.meeting.zone
    return {
        "name": registration.printed_name,
        "person": registration.display_name if reader.user else "",
        "reader": reader.name,
        "next_actor": _("You") if kind == "seat_offered" else next_actor(registration),
        "since": dates.moment(registration.status_since, zone),
    }


def filled(shape: Shape, values: Mapping[str, Value], *, keep: bool = True) -> Rendered:
    """In the language that is active. Words that somebody only tries out are not kept in place of those in use."""
    laid = _lay_out(shape) if keep else _lay_out.__wrapped__(shape)
    return Rendered(
        one_line(texts.fill_text(laid.subject, values)),
        texts.fill_text(laid.text, values),
        texts.fill_html(laid.html, values),
    )


@lru_cache(maxsize=1024)
def _lay_out(shape: Shape) -> Rendered:
    """The whole message with marks where values go: done once, however many get it."""
    kind = texts.KINDS[shape.kind]
    subject, title, source = (
        laid_open(text, shape.given) for text in (shape.words.subject, shape.words.title, shape.words.body)
    )
    directed = _directed()
    body = lay_out(source, kind, directed["direction"])
    frame: dict[str, Any] = {name: f"{OPEN}{name}{CLOSE}" if name in shape.given else "" for name in IN_FRAME}
    if "person" in kind.placeholders:
        frame["person"] = ""  # there it is whom the words are about, and nobody in whose place one reads
    frame |= {**directed, "shape": shape, "shows": kind.shows, "link": PLACEHOLDER, "status": shape.status}
    frame["stop"] = STOP if shape.kind in stopping.KINDS else ""
    frame["status_label"] = Status(shape.status).label if shape.status else ""
    frame |= {"meeting_title": frame["meeting"], "meeting_href": _plain(frame["meeting_link"])}
    frame |= {"title": one_line(title), "plain_title": _plain(one_line(title))}
    frame |= {"preview": _plain(body.text.split("\n\n")[0]), "plain_short": _plain(frame["meeting_short"])}
    text = render_to_string(f"{FRAME}.txt", frame | {"said": body.text})
    html = render_to_string(f"{FRAME}.html", frame | {"said": mark_safe(body.html)})  # noqa: S308
    return Rendered(subject, _tidy(text), html)


def _plain(text: str) -> str:
    """Where no markup may come with a value: in a title, in an address."""
    return MARK.sub(rf"{OPEN}\g<name>:plain{CLOSE}", text)


def _render_files(kind: str, values: dict[str, Any]) -> Rendered:
    subject, text, html = (
        render_to_string(f"registration/emails/{kind}.{part}", values)
        for part in ("subject.txt", "body.txt", "body.html")
    )
    return Rendered(one_line(subject), _tidy(text), html)


def _tidy(text: str) -> str:
    """Templates leave lines empty where a condition was false."""
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]+\n", "\n", text)).strip() + "\n"


def _about(registration: Registration) -> dict[str, Any]:
    status = {"status": registration.status, "status_label": registration.get_status_display()}
    return _surroundings(registration.meeting) | status | {"registration": registration, "code": CODE}


def _surroundings(meeting: Meeting) -> dict[str, Any]:
    facts = said.of_meeting(meeting)
    return {**facts, "meeting_title": facts["meeting"], "meeting_href": facts["meeting_link"], "meeting": meeting,
            "plain_short": facts["meeting_short"], "link": PLACEHOLDER, **_directed()}  # fmt: skip


def _directed() -> dict[str, str]:
    rtl = translation.get_language_bidi()
    return {
        "language": translation.get_language() or "en",
        # Outlook knows neither "start" nor "end".
        "start": "right" if rtl else "left",
        "end": "left" if rtl else "right",
        "direction": "rtl" if rtl else "ltr",
    }
