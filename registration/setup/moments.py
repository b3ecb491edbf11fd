"""A date and a time as somebody writes them: by the clocks of one meeting, whose oddities are told."""

from __future__ import annotations

import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from meeting import dates

YEARS = range(1990, 2200)


class MomentField(forms.Field):
    """An instant, written in the clocks of `zone`, which the form sets before it reads or shows anything.

    A time that those clocks leave out, or show twice, is refused with a sentence; what stood there already stays.
    """

    zone: ZoneInfo = ZoneInfo("UTC")
    widget = forms.DateTimeInput({"type": "datetime-local", "class": "input--m", "dir": "ltr"}, format="%Y-%m-%dT%H:%M")

    def to_python(self, value: Any) -> datetime.datetime | None:
        text = str(value or "").strip()
        if not text:
            return None
        if self.initial and text == self.prepare_value(self.initial):
            return self.initial  # type: ignore[no-any-return]
        return by_the_clocks(_read(text), self.zone)

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, datetime.datetime):
            return value
        return value.astimezone(self.zone).strftime("%Y-%m-%dT%H:%M")

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (self.prepare_value(initial) or "") != (data or "")


def _read(text: str) -> datetime.datetime:
    try:
        written = datetime.datetime.fromisoformat(text.replace(" ", "T", 1))
    except ValueError:
        written = None
    if written is None or written.tzinfo or written.year not in YEARS:
        raise ValidationError(_("Write the date and the time like 2008-09-12 17:00"))
    return written


def by_the_clocks(written: datetime.datetime, zone: ZoneInfo) -> datetime.datetime:
    """The instant at which the clocks of `zone` show `written`; ValidationError where there is none, or two."""
    first, second = (written.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    values = {"place": dates.zone_city(zone), "time": f"{written:%H:%M}"}
    if first.utcoffset() == second.utcoffset():
        return first.astimezone(datetime.UTC)
    if first.astimezone(datetime.UTC).astimezone(zone).replace(tzinfo=None) != written:
        raise ValidationError(
            _("The clocks in %(place)s are put forward that day, and leave out %(time)s. Choose another time.") % values
        )
    raise ValidationError(
        _("The clocks in %(place)s are put back that day, and show %(time)s twice. Choose another time.") % values
    )
