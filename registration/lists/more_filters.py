"""What staff ask of the attendee list beside status, category and name: each filter with field and condition."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from meeting.models import Meeting

from ..letters import standing
from ..models import Channel, Modality, RoleInDelegation
from ..models.registration import SENT_AT
from . import regions

LETTERS = {
    "matched": _("Matched"),
    "unnamed": _("Not named, or to confirm"),
    "yes": _("Letter sent"),
    "no": _("No letter"),
}
SEALED = _("In the sealed file")
YES_NO = [("yes", _("Yes")), ("no", _("No"))]
ANY = ("", _("Any"))
# A day of the meeting's own calendar begins and ends at times that a database can hold.
SANE = [MinValueValidator(datetime.date(1900, 1, 1)), MaxValueValidator(datetime.date(2199, 12, 31))]
DAY = forms.DateInput(attrs={"type": "date", "class": "input"})
Condition = Callable[[Any, Meeting], Q]


@dataclass(frozen=True)
class Filter:
    """`condition` makes the question to the database of what was chosen."""

    label: Any
    condition: Condition
    choices: Any = None  # a list, or what makes one; a day where there is none

    def field(self) -> forms.Field:
        if self.choices is None:
            return forms.DateField(label=self.label, required=False, widget=DAY, validators=SANE)
        found = self.choices() if callable(self.choices) else self.choices
        return forms.ChoiceField(label=self.label, choices=[ANY, *found], required=False)


def _is(name: str) -> Condition:
    return lambda value, meeting: Q(**{name: value})


def _flag(name: str) -> Condition:
    return lambda value, meeting: Q(**{name: value == "yes"})


def _said(name: str) -> Condition:
    """Whether there is anything."""
    return lambda value, meeting: Q(**{f"{name}__isnull": value == "no"})


def _letter(value: str, meeting: Meeting) -> Q:
    """Those under 18 have theirs in the sealed file, of which nobody here learns anything."""
    return standing.narrowed(value) & Q(is_minor=False)


def _region(value: str, meeting: Meeting) -> Q:
    return Q(delegation__entity__iso2__in=regions.countries_of()[value])


def _from(name: str) -> Condition:
    return lambda day, meeting: Q(**{f"{name}__gte": _midnight(day, meeting)})


def _until(name: str) -> Condition:
    """With the whole of the last day."""
    return lambda day, meeting: Q(**{f"{name}__lt": _midnight(day + datetime.timedelta(days=1), meeting)})


def _midnight(day: datetime.date, meeting: Meeting) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(), tzinfo=meeting.zone)


def _regions() -> list[tuple[str, str]]:
    return regions.choices(get_language() or "en")


FILTERS = {
    "role": Filter(_("Role"), _is("role"), RoleInDelegation.choices),
    "modality": Filter(_("Takes part"), _is("modality"), Modality.choices),
    "region": Filter(_("Region"), _region, _regions),
    "language": Filter(_("Language of our messages"), _is("language"), list(settings.LANGUAGES)),
    "letter": Filter(_("Letter"), _letter, list(LETTERS.items())),
    "endorsed": Filter(_("Endorsed"), _said("endorsed_at"), YES_NO),
    "arrived": Filter(_("Arrived"), _said("arrived_at"), YES_NO),
    "channel": Filter(_("Typed by"), _is("channel"), Channel.choices),
    "replaces": Filter(_("Comes in somebody’s place"), _said("replaces"), YES_NO),
    "name_public": Filter(_("Name may be published"), _flag("name_public"), YES_NO),
    "contact_shared": Filter(_("Contact may be shared"), _flag("contact_shared"), YES_NO),
    "submitted_from": Filter(_("Submitted from"), _from("sent_at")),
    "submitted_to": Filter(_("Submitted until"), _until("sent_at")),
    "since_from": Filter(pgettext_lazy("filter", "In this status from"), _from("status_since")),
    "since_to": Filter(pgettext_lazy("filter", "In this status until"), _until("status_since")),
}
PERIODS = (("submitted_from", "submitted_to"), ("since_from", "since_to"))


def narrow(registrations: Any, given: dict[str, Any], meeting: Meeting) -> Any:
    """Those who fit all of `given`: what was chosen, by the name of the filter."""
    if any(name.startswith("submitted_") for name in given):
        registrations = registrations.annotate(sent_at=SENT_AT)
    for name, value in given.items():
        registrations = registrations.filter(FILTERS[name].condition(value, meeting))
    return registrations
