"""Contacts for address books: those who share theirs, and nobody else. RFC 6350 (4.0) and RFC 2426 (3.0)."""

from __future__ import annotations

import datetime
import re
import uuid
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.conf import settings
from icalendar import vText
from icalendar.parser import Contentline

from meeting.models import Meeting

from ..lists.rows import ListQuery
from .options import Card

FIELDS = (
    "reference", "display_name", "honorific", "given_names", "family_name", "functional_title", "department",
    "organisation", "delegation__name", "email", "phone", "changed_at",
)  # fmt: skip
# Control characters, and those that turn the direction of what follows them: one name must not change the next.
UNFIT = re.compile("[\x00-\x09\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
Person = Mapping[str, Any]


def sharing(wanted: ListQuery) -> ListQuery:
    """Those of the list who have said that others may have their email and telephone; children never have."""
    people = wanted.registrations.filter(contact_shared=True, is_minor=False)
    return ListQuery(wanted.meeting, people, wanted.asked, wanted.order)


def cards(meeting: Meeting, people: Iterable[Person], version: str) -> Iterator[bytes]:
    """One card after the other."""
    for person in people:
        lines = ["BEGIN:VCARD", f"VERSION:{version}", *_lines(meeting, person, version), "END:VCARD"]
        yield b"".join(Contentline(line).to_ical() + b"\r\n" for line in lines)


def _lines(meeting: Meeting, person: Person, version: str) -> Iterator[str]:
    is_new = version == Card.NEW
    yield f"UID:{_uid(meeting, person)}"
    yield f"FN:{_text(person['display_name'])}"
    yield "N:" + ";".join(_text(person[n]) if n else "" for n in ("family_name", "given_names", "", "honorific", ""))
    organisation = [person["organisation"] or person["delegation__name"], person["department"]]
    yield "ORG:" + ";".join(_text(part) for part in organisation if part)
    if person["functional_title"]:
        yield f"TITLE:{_text(person['functional_title'])}"
    if person["email"]:
        yield f"EMAIL;TYPE={'work' if is_new else 'INTERNET,WORK'}:{_text(person['email'])}"
    if person["phone"]:
        yield _telephone(person["phone"], is_new=is_new)
    yield f"CATEGORIES:{_text(meeting.short_title)},{_text(person['delegation__name'])}"
    yield f"REV:{person['changed_at'].astimezone(datetime.UTC):%Y%m%dT%H%M%SZ}"


def _uid(meeting: Meeting, person: Person) -> str:
    """The same in each export, so that an address book knows whom it has already."""
    address = f"{settings.SITE_URL}/{meeting.slug}/{person['reference']}"
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, address)}"


def _telephone(typed: str, *, is_new: bool) -> str:
    if not is_new:
        return f"TEL;TYPE=WORK,VOICE:{_text(typed)}"
    number = re.sub(r"[^0-9+]", "", typed)
    if re.fullmatch(r"\+[0-9 ().\-]+", typed):
        return f"TEL;VALUE=uri;TYPE=work:tel:{number}"
    return f"TEL;VALUE=text;TYPE=work:{_text(typed)}"


def _text(typed: str) -> str:
    plain = UNFIT.sub("", typed.replace("\r\n", "\n").replace("\r", "\n"))
    return str(vText(plain).to_ical().decode())
