"""What a registration says, field by field, in the words of its readers: for histories, proposals and returns."""

from __future__ import annotations

import datetime
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from meeting.dates import long_date
from meeting.models import Meeting

from .models import Category, Question, Registration

# What can be sent back to be put right, in the order of the form.
RETURNABLE = (
    "letter", "honorific", "given_names", "family_name", "display_name", "passport_name", "functional_title",
    "department", "organisation", "role", "modality", "email", "phone", "birth_date", "category",
)  # fmt: skip
# Nobody outside needs to know of these: they belong to the typing.
SILENT = {"unparsed", "precedence"}
# Not for those who read registrations without their contact data.
CONTACT = {"email", "phone", "birth_date", "passport_name"}


@dataclass(frozen=True)
class Difference:
    """One field: what it is called, what it was, what it becomes."""

    label: str
    was: str
    becomes: str


def label(name: str, meeting: Meeting | None = None) -> str:
    """What the reader calls this field; a question of the meeting's own by its own words."""
    if name == "letter":
        return _("Letter")
    if name == "category":
        return _("Category")
    if name == "sealed_file":
        return _("The sealed file of the young person")
    if name.startswith("q_") and meeting:
        asked = Question.objects.filter(meeting=meeting, key=name[2:]).order_by("-version").first()
        return str(asked.label) if asked else _("An answer")
    try:
        return capfirst(str(Registration._meta.get_field(name).verbose_name))  # type: ignore[union-attr]
    except FieldDoesNotExist:
        return _("An answer")


def labels(names: Iterable[str], meeting: Meeting) -> list[str]:
    return [label(name, meeting) for name in names]


def value(name: str, plain: Any, meeting: Meeting | None = None) -> str:
    """A value as the history keeps it, in words."""
    if plain in (None, ""):
        return ""
    if isinstance(plain, bool):
        return _("Yes") if plain else _("No")
    if name == "category":
        found = Category.objects.filter(meeting=meeting, code=plain).first()
        return found.name if found else str(plain)
    if name == "language":
        return str(dict(settings.LANGUAGES).get(plain, plain))
    if name == "birth_date":
        return long_date(datetime.date.fromisoformat(plain))
    return _chosen(name, plain)


def _chosen(name: str, plain: Any) -> str:
    try:
        choices = dict(Registration._meta.get_field(name).flatchoices)  # type: ignore[union-attr]
    except FieldDoesNotExist:
        choices = {}
    return str(choices.get(plain, plain))


def differences(changes: Mapping[str, Any], meeting: Meeting | None = None) -> list[Difference]:
    """Old and new of each field that was, or would be, changed."""
    return [
        Difference(label(name, meeting), value(name, was, meeting), value(name, becomes, meeting))
        for name, (was, becomes) in sorted(changes.items(), key=_place)
        if name not in SILENT
    ]


def _place(change: tuple[str, Any]) -> tuple[int, str]:
    """In the order of the form: what comes from the database has lost the order it was written in."""
    name = change[0]
    return (RETURNABLE.index(name) if name in RETURNABLE else len(RETURNABLE), name)


def one_line(
    changes: Mapping[str, Any],
    meeting: Meeting | None = None,
    conceal: Container[str] = (),
    more: Iterable[Difference] = (),
) -> str:
    """“Role: from “Adviser” to “Deputy head of delegation”; …”, for a history. Of what is concealed only the name."""
    open_to_all = {name: change for name, change in changes.items() if name not in conceal}
    hidden = [label(name, meeting) for name in changes if name in conceal and name not in SILENT]
    told = [_told(difference) for difference in (*differences(open_to_all, meeting), *more)]
    return "; ".join([*told, *hidden])


class Everything:
    """Conceals every field: the history of a child tells what was done, never of whom."""

    def __contains__(self, name: object) -> bool:
        return True


def _told(difference: Difference) -> str:
    values = {"field": difference.label, "was": difference.was, "now": difference.becomes}
    if not (difference.was or difference.becomes):
        return difference.label
    if not difference.was:
        return _("%(field)s: “%(now)s”") % values
    if not difference.becomes:
        return _("%(field)s: “%(was)s” taken out") % values
    return _("%(field)s: from “%(was)s” to “%(now)s”") % values
