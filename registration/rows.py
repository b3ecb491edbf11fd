"""One row of a roster, as text: read into values, with a sentence for each cell that cannot be read.

The workspace, pasting and importing all read rows here, so that the same cell means the same everywhere. What a cell
says and its field cannot hold is kept as text in `Registration.unparsed` until somebody mends it.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Field
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from meeting.models import Meeting

from . import day, words
from .models import Category, Honorific, Modality, Registration, RoleInDelegation
from .names import can_be_read, tidy
from .rules import is_minor

FIELDS = (
    "honorific", "given_names", "family_name", "display_name", "functional_title", "department", "organisation",
    "role", "email", "phone", "passport_name", "birth_date", "modality", "language", "on_behalf", "precedence",
)  # fmt: skip
NAMES = ("given_names", "family_name", "display_name")
# What a cell stands for while it is empty; every other field is then an empty text.
BLANK: dict[str, Any] = {
    "role": RoleInDelegation.ADVISER, "modality": Modality.IN_PERSON, "language": "en", "birth_date": None,
    "on_behalf": False, "precedence": None,
}  # fmt: skip
FIRST_BIRTH_DATE = datetime.date(1900, 1, 1)
IN_BRACKETS = re.compile(r"\([^)]*\)")  # Conseiller(ère)
PHONE = re.compile(r"^\+?[0-9(][0-9 ()./-]{4,38}$")


@dataclass
class ReadRow:
    """What a row says: clean values, and by field the text, the mistake or the remark where there is one."""

    values: dict[str, Any] = field(default_factory=dict)
    unparsed: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    warnings: dict[str, str] = field(default_factory=dict)
    one_name: bool = False  # the whole name stood in one column


def labels() -> dict[str, str]:
    """The heading of each field, in the reader's language."""
    return {name: capfirst(str(_column(name).verbose_name)) for name in FIELDS}


def read(cells: Mapping[str, str], *, meeting: Meeting, category: Category) -> ReadRow:
    """Read the cells that are there; a cell that is not there leaves its field alone.

    A name in one column stays in one piece: as the name to print, and as given names.
    """
    row = ReadRow()
    for name in FIELDS:
        if name in cells:
            _read_cell(row, name, cells[name])
    if any(name in cells for name in NAMES):
        _settle_names(row, cells)
    born = row.values.get("birth_date")
    if born and is_minor(born, meeting):
        read_as = row.warnings.get("birth_date", "")
        under_18 = _("Under 18 at the meeting: the safeguarding lead decides.")
        row.warnings["birth_date"] = f"{read_as} {under_18}".strip()
    return row


def _read_cell(row: ReadRow, name: str, cell: str) -> None:
    text = tidy(cell)
    if not text:
        row.values[name] = BLANK.get(name, "")
        return
    try:
        row.values[name], remark = READERS[name](text)
    except ValidationError as refused:
        row.values[name] = BLANK.get(name, "")
        row.unparsed[name], row.errors[name] = text, refused.messages[0]
    else:
        if remark:
            row.warnings[name] = remark


def _settle_names(row: ReadRow, cells: Mapping[str, str]) -> None:
    """One column of names is given names too, and a form of address in front of it is taken off."""
    values = row.values
    if values.get("display_name") and not values.get("given_names") and not values.get("family_name"):
        if not values.get("honorific") and "honorific" not in row.unparsed:
            _take_honorific(row)
        if len(values["display_name"]) <= _longest("given_names"):
            values["given_names"], values["family_name"], row.one_name = values["display_name"], "", True
    elif not values.get("display_name") and "display_name" not in row.unparsed:
        values["display_name"] = joined(values.get("given_names", ""), values.get("family_name", ""))


def _take_honorific(row: ReadRow) -> None:
    name = row.values["display_name"]
    for honorific in sorted(Honorific.values, key=len, reverse=True):
        rest = name[len(honorific) :]
        if name.startswith(honorific) and rest[:1] == " " and can_be_read(rest):
            row.values["honorific"], row.values["display_name"] = honorific, rest.strip()
            row.warnings["honorific"] = _("“%(word)s” in front of the name is read as the form of address.") % {
                "word": honorific
            }
            return


def joined(given_names: str, family_name: str) -> str:
    """The name to print, where nobody has said otherwise: as typed, given names first."""
    longest = _longest("display_name")
    return " ".join(name for name in (given_names, family_name) if name)[:longest]


def settled(registration: Registration, row: ReadRow) -> dict[str, Any]:
    """The values that make `registration` say what the row says.

    The name to print follows the other two until somebody sets it otherwise; a name from one column leaves names apart
    that stand in two already.
    """
    values = dict(row.values)
    if row.one_name and (registration.family_name or registration.given_names not in ("", registration.display_name)):
        del values["given_names"], values["family_name"]
        return values
    names = {name: values.get(name, getattr(registration, name)) for name in ("given_names", "family_name")}
    follows = registration.display_name in ("", joined(registration.given_names, registration.family_name))
    given = values.pop("display_name", "")
    if given and given != joined(row.values.get("given_names", ""), row.values.get("family_name", "")):
        values["display_name"] = given
    elif follows and any(name in row.values for name in NAMES):
        values["display_name"] = joined(**names)
    return values


def fill(registration: Registration, row: ReadRow) -> None:
    """Put what was read into a row, not saved: values, and as text what its fields cannot hold."""
    for name, value in settled(registration, row).items():
        setattr(registration, name, value)
    kept = {name: text for name, text in registration.unparsed.items() if name not in row.values}
    registration.unparsed = kept | row.unparsed
    registration.role = registration.role or BLANK["role"]


def text_of(registration: Registration, name: str) -> str:
    """What the cell of this field says, as somebody could have typed it."""
    if name in registration.unparsed:
        return str(registration.unparsed[name])
    value = getattr(registration, name)
    if value is None or value is False:
        return ""
    return "1" if value is True else value.isoformat() if isinstance(value, datetime.date) else str(value)


def problems(registration: Registration) -> dict[str, str]:
    """What must be mended before a row can be sent: a sentence for each field, none when it can be."""
    found = {}
    for name, text in registration.unparsed.items():
        found[name] = why_unread(name, text)
    if registration.is_minor:
        return found  # the sealed record asks for the rest
    if not can_be_read(registration.given_names + registration.family_name):
        found.setdefault("given_names", _("Write at least one name"))
    if not registration.functional_title:
        found.setdefault("functional_title", _("Write the functional title"))
    if not registration.email and not registration.on_behalf:
        found.setdefault("email", _("Write the email address, or tick “no mail to this person”"))
    return found


def why_unread(name: str, text: str) -> str:
    """The sentence for a cell that is kept as text."""
    try:
        READERS[name](text)
    except ValidationError as refused:
        return refused.messages[0]
    except KeyError:
        return _("Look at this answer again")
    return _("Look at this cell again")


def _column(name: str) -> Field[Any, Any]:
    return cast("Field[Any, Any]", Registration._meta.get_field(name))


def _longest(name: str) -> int:
    return _column(name).max_length or 0


def _text(name: str, text: str) -> tuple[str, str]:
    longest = _longest(name)
    if len(text) > longest:
        raise ValidationError(_("Shorten it to %(longest)d characters or fewer") % {"longest": longest})
    if not can_be_read(text):
        raise ValidationError(_("Write it with letters"))
    return text, ""


def _choice(table: Callable[[], Mapping[str, Any]], sentence: Callable[[], str], text: str) -> tuple[Any, str]:
    known = table()
    for word in (words.fold(text), words.fold(IN_BRACKETS.sub("", text))):
        if word in known:
            return known[word], ""
    raise ValidationError(sentence())


def _ascii_digits(text: str) -> str:
    return "".join(str(int(c)) if c.isdecimal() else c for c in text)


def _email(text: str) -> tuple[str, str]:
    address = text.removeprefix("mailto:").strip("<>;,")
    try:
        validate_email(address)
    except ValidationError:
        raise ValidationError(_email_sentence(address)) from None
    if len(address) > _longest("email"):
        raise ValidationError(_("Write a shorter address"))
    return address, ""


def _email_sentence(address: str) -> str:
    before, at, after = address.partition("@")
    if at and before and after and "." not in after:
        return _("Add the end, like .org or .gov.fj")
    if any(c in address for c in " ;,"):
        return _("Write one address only, without spaces")
    return _("Write the whole address, like name@ministry.gov.fj")


def _phone(text: str) -> tuple[str, str]:
    number = _ascii_digits(text)
    if not PHONE.match(number):
        raise ValidationError(_("Write the number with digits and its country code, like +679 555 0142"))
    return number, ""


def _birth_date(text: str) -> tuple[datetime.date, str]:
    born, sure = day.read(_ascii_digits(text))
    if born is None:
        raise ValidationError(_("Write the date like 31 May 1980 or 1980-05-31"))
    if born > timezone.localdate():
        raise ValidationError(_("This day is still to come. Write the date of birth."))
    if born < FIRST_BIRTH_DATE:
        raise ValidationError(_("Look at the year again: it is before 1900"))
    return born, "" if sure else _("Read as %(day)s.") % {"day": date_format(born, "j F Y")}


def _precedence(text: str) -> tuple[int, str]:
    number = _ascii_digits(text).rstrip(".").removesuffix(".0")
    if not number.isdigit() or not 0 < int(number) < 100_000:
        raise ValidationError(_("Write a whole number, like 3"))
    return int(number), ""


def _role_sentence() -> str:
    return _("Write a role like Head, Deputy, Alternate, Adviser, Observer, Interpreter or Support staff")


def _honorific_sentence() -> str:
    return _("Write one of %(list)s") % {"list": ", ".join(Honorific.values)}


READERS: dict[str, Callable[[str], tuple[Any, str]]] = {
    **{
        name: partial(_text, name)
        for name in (*NAMES, "functional_title", "department", "organisation", "passport_name")
    },
    "honorific": partial(_choice, words.honorifics, _honorific_sentence),
    "role": partial(_choice, words.roles, _role_sentence),
    "modality": partial(_choice, words.modalities, lambda: _("Write “in person” or “online”")),
    "language": partial(_choice, words.languages, lambda: _("Write one of ar, zh, en, fr, ru, es")),
    "on_behalf": partial(_choice, words.answers, lambda: _("Write yes or no")),
    "email": _email,
    "phone": _phone,
    "birth_date": _birth_date,
    "precedence": _precedence,
}
