"""What a letter says, taken when it is issued: from then on nothing that changes elsewhere changes it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import get_language_info, pgettext
from django.utils.translation import gettext as _

from meeting import dates
from meeting.models import Meeting

from .. import texts
from ..models import LETTERS_OF, IssuedKind, Letterhead, LetterSetup, Registration
from ..names import tidy
from ..texts import values as said
from ..texts.markup import Value
from . import body
from .salutations import called, salutation

Kind = IssuedKind
Snapshot = dict[str, Any]
LONGEST = 200  # of one value, as the form has it


def taken(
    registration: Registration,
    setup: LetterSetup,
    language: str,
    number: int,
    on: datetime.date | None = None,
    words: texts.Words | None = None,
) -> Snapshot:
    """All that is printed but code and pictures, and under `of` what it was taken from; in `words`, or those in use."""
    with translation.override(language):
        return _in_language(registration, setup, language, number, on, words)


def _in_language(
    registration: Registration,
    setup: LetterSetup,
    language: str,
    number: int,
    on: datetime.date | None,
    words: texts.Words | None,
) -> Snapshot:
    meeting, rtl = registration.meeting, bool(get_language_info(language)["bidi"])
    values = _values(registration, language, printed_number(meeting, setup.kind, number))
    kind = f"letter_{setup.kind}"
    words = words or texts.words_for(meeting, kind, registration.delegation.category_id, language)
    title, heading, parts = body.laid_out(words, values, rtl=rtl)
    solemn = setup.kind == Kind.CERTIFICATE
    greets = not solemn and "{{ salutation }}" not in words.body
    day = on or timezone.now().astimezone(meeting.zone).date()
    return {
        "lang": language.partition("-")[0],
        "rtl": rtl,
        "sample": "",
        "solemn": solemn,
        "title": title or str(Kind(setup.kind).label),
        "heading": heading or str(Kind(setup.kind).label),
        "number": {"label": pgettext("of a letter", "No."), "text": printed_number(meeting, setup.kind, number)},
        "date": dates.long_date(day),
        "head": head(setup),
        "to": [] if solemn else _addressed(registration, values, rtl=rtl),
        "salutation": values["salutation"] if greets else "",
        "parts": parts,
        "facts": _facts(registration, setup.kind, values, rtl=rtl),
        "closing": "" if solemn else pgettext("at the end of a letter", "Yours sincerely,"),
        "sign": signed(setup),
        "foot": meeting.short_title or meeting.title,
        "verify": _verification(),
        "of": drawn_from(registration),
    }


def printed_number(meeting: Meeting, kind: str, number: int) -> str:
    """EAP/2008/INV/0012"""
    return f"{meeting.reference_prefix}/{meeting.starts_on:%Y}/{LETTERS_OF[Kind(kind)]}/{number:04d}"


def drawn_from(registration: Registration) -> dict[str, Any]:
    """What a letter says of the person. When this changes, the letter is not true any more."""
    return {
        "name": registration.display_name,
        "honorific": registration.honorific,
        "passport_name": registration.passport_name,
        "function": registration.functional_title,
        "department": registration.department,
        "organisation": registration.organisation,
        "role": registration.role,
        "modality": registration.modality,
        "entity": registration.delegation.entity_id,
        "category": registration.delegation.category_id,
    }


def _values(registration: Registration, language: str, number: str) -> said.Values:
    meeting = registration.meeting
    values = said.of_meeting(meeting) | said.of_registration(registration, meeting)
    rtl = bool(get_language_info(language)["bidi"])
    name = body.isolated(plain(registration.display_name), rtl=rtl)
    values |= {
        "name": called(registration, language, name),
        "function": plain(registration.functional_title),
        "delegation": represented(registration, language),
        "number": number,
    }
    return values | {"salutation": salutation(registration, language, name)}


def represented(registration: Registration, language: str) -> str:
    """The State or organisation, in the language of the letter and the style of the meeting."""
    meeting = registration.meeting
    return plain(
        registration.delegation.entity.name(language, profile=meeting.name_profile, on=meeting.starts_on)
        or registration.delegation.name
    )


def plain(text: str) -> str:
    """One line, without what nobody sees: whatever came in by whichever way."""
    return tidy(text)[:LONGEST]


def head(setup: LetterSetup) -> dict[str, Any]:
    """The letterhead that was chosen; without one the organisers' names, in the order they agreed."""
    chosen: Letterhead | None = setup.letterhead
    names = [chosen.organiser.name] if chosen and chosen.organiser else [o.name for o in setup.meeting.organisers.all()]
    lines = chosen.lines if chosen else ""
    name = " · ".join(plain(n) for n in names) or plain(setup.meeting.title)
    return {
        "name": name,
        "lines": [plain(line) for line in lines.splitlines() if line.strip()],
        "logo": chosen.logo.name if chosen and chosen.logo else "",
    }


def signed(setup: LetterSetup) -> dict[str, str]:
    return {
        "name": plain(setup.signatory),
        "title": plain(setup.signatory_title),
        "picture": str(setup.signature.name) if setup.signature else "",
        "alt": _("Signature of %(name)s") % {"name": plain(setup.signatory)},
    }


def _addressed(registration: Registration, values: said.Values, *, rtl: bool) -> list[str]:
    r = registration
    lines = (r.functional_title, r.department, r.organisation, str(values["delegation"]))
    shown = dict.fromkeys(plain(line) for line in lines if plain(line))
    return [str(values["name"]), *(body.isolated(line, rtl=rtl) for line in shown)]


def _facts(registration: Registration, kind: str, values: said.Values, *, rtl: bool) -> list[list[str]]:
    if kind == Kind.CERTIFICATE:
        return []
    passport = plain(registration.passport_name)
    name = plain(registration.display_name)
    rows = [
        (_("Name"), values["name"]),
        (_("Name as in the passport"), passport if kind == Kind.INVITATION and passport != name else ""),
        (_("Functional title"), values["function"]),
        (_("Represents"), values["delegation"]),
        (_("Role"), values["role"]),
        (_("Takes part"), registration.get_modality_display() if kind == Kind.CONFIRMATION else ""),
        (_("Meeting"), values["meeting"]),
        (_("Dates"), values["dates"]),
        (_("Place"), values["venue"]),
        (_("Reference"), values["reference"]),
    ]
    return [[label, body.isolated(str(value), rtl=rtl)] for label, value in rows if value]


def _verification() -> dict[str, str]:
    return {
        "alt": _("QR code that opens the page on which this letter is verified"),
        "words": _("Is this letter genuine? Scan the code, or open this address and type it:"),
        "label": pgettext("of a letter", "Code"),
    }


def of_nobody(setup: LetterSetup, language: str, words: texts.Words, values: Mapping[str, Value]) -> Snapshot:
    """A letter about a made-up person, of whom `values` are all that is known; in the language that is active."""
    rtl, kind = bool(get_language_info(language)["bidi"]), Kind(setup.kind)
    title, heading, parts = body.laid_out(words, values, rtl=rtl)
    solemn = kind == Kind.CERTIFICATE
    greets = not solemn and "{{ salutation }}" not in words.body
    to = [str(values[name]) for name in ("name", "function", "delegation")]
    return {
        "lang": language.partition("-")[0],
        "rtl": rtl,
        "sample": "",
        "solemn": solemn,
        "title": title or str(kind.label),
        "heading": heading or str(kind.label),
        "number": {"label": pgettext("of a letter", "No."), "text": str(values["number"])},
        "date": dates.long_date(timezone.now().astimezone(setup.meeting.zone).date()),
        "head": head(setup),
        "to": [] if solemn else [body.isolated(line, rtl=rtl) for line in to],
        "salutation": str(values["salutation"]) if greets else "",
        "parts": parts,
        "facts": [],
        "closing": "" if solemn else pgettext("at the end of a letter", "Yours sincerely,"),
        "sign": signed(setup),
        "foot": setup.meeting.short_title or setup.meeting.title,
        "verify": _verification(),
        "of": {},
    }


def sample(snapshot: Snapshot) -> Snapshot:
    """The same letter with words across it, to look at before any is issued."""
    return snapshot | {"sample": _("Sample")}


def languages() -> list[str]:
    return [code for code, _name in settings.LANGUAGES]
