"""A message in words: subject, text and HTML in the language of its reader."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from meeting.models import Meeting
from registration import field_words
from registration.models import Modality, Registration
from registration.rules import next_actor

from .links import CODE, PLACEHOLDER
from .readers import Reader

KINDS = (
    "submitted", "waitlisted", "approved", "rejected", "returned", "withdrawn", "replaced", "seat_offered",
    "seat_offer_ended", "change_accepted", "change_declined", "merged", "unapproved",
)  # fmt: skip
SUBJECT_LENGTH = 250


@dataclass(frozen=True)
class Rendered:
    subject: str
    text: str
    html: str


def render(kind: str, registration: Registration, reader: Reader, values: Mapping[str, Any]) -> Rendered:
    """About one registration, in the language of whoever reads it."""
    with translation.override(reader.language):
        about = _values(kind, registration) | _in_words(registration, values) | {"reader": reader}
        return _render(kind, about | _surroundings(registration.meeting))


def render_for(kind: str, meeting: Meeting, language: str, values: dict[str, Any]) -> Rendered:
    """About no single registration. `language` is also a value of the template; a `link` given is kept."""
    with translation.override(language):
        return _render(kind, _surroundings(meeting) | values | {"kind": kind})


def _render(kind: str, values: dict[str, Any]) -> Rendered:
    subject, text, html = (
        render_to_string(f"registration/emails/{kind}.{part}", values)
        for part in ("subject.txt", "body.txt", "body.html")
    )
    return Rendered(one_line(subject), _tidy(text), html)


def one_line(text: str) -> str:
    """Fit for a header: a line break in a name or title must not begin a header of its own."""
    return " ".join(text.split())[:SUBJECT_LENGTH]


def _tidy(text: str) -> str:
    """Templates leave lines empty where a condition was false."""
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]+\n", "\n", text)).strip() + "\n"


def _values(kind: str, registration: Registration) -> dict[str, Any]:
    return {
        "kind": kind,
        "registration": registration,
        "delegation": registration.delegation,
        "with_letter": registration.delegation.category.letter_required,
        "in_person": registration.modality == Modality.IN_PERSON,
        "next_actor": _("You") if kind == "seat_offered" else next_actor(registration),
        "fields": field_words.labels(registration.returned_fields, registration.meeting),
        "code": CODE,
    }


def _in_words(registration: Registration, values: Mapping[str, Any]) -> dict[str, Any]:
    if "changes" not in values:
        return dict(values)
    return {**values} | {"changes": field_words.differences(values["changes"], registration.meeting)}


def _surroundings(meeting: Meeting) -> dict[str, Any]:
    rtl = translation.get_language_bidi()
    return {
        "meeting": meeting,
        "language": translation.get_language(),
        "link": PLACEHOLDER,
        "meeting_link": f"{settings.SITE_URL}{meeting.get_absolute_url()}",
        # Outlook knows neither "start" nor "end".
        "start": "right" if rtl else "left",
        "end": "left" if rtl else "right",
        "direction": "rtl" if rtl else "ltr",
    }
