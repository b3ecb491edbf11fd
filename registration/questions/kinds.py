"""A form field for each kind of question. What comes out of them is what an answer stores as JSON, or a file."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .. import day
from ..letters import files
from ..names import can_be_read, tidy
from .conditions import NO, YES

MOST_TEXT, MOST_LONG_TEXT = 250, 2000
MOST_NUMBER = Decimal(10) ** 12
FIRST_YEAR, LAST_YEAR = 1900, 2100
# What a spreadsheet or a keyboard puts between digits: spaces of every width.
GAPS = re.compile(r"[\s\u00a0\u202f]")
ACCEPTED = ".pdf,.jpg,.jpeg,.png,application/pdf,image/jpeg,image/png"


class TextAnswer(forms.CharField):
    """One line. Whatever nobody can see is not an answer."""

    def to_python(self, value: Any) -> str:
        text = tidy(super().to_python(value) or "")
        return text if can_be_read(text) else ""


class LongTextAnswer(forms.CharField):
    """Several lines, each as it was typed."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        lines = (super().to_python(value) or "").splitlines()
        text = "\n".join(tidy(line) for line in lines).strip()
        return text if can_be_read(text) else ""


class NumberAnswer(forms.CharField):
    widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "input--s", "dir": "ltr"})

    def prepare_value(self, value: Any) -> Any:
        return "" if value is None else value

    def to_python(self, value: Any) -> int | float | None:  # type: ignore[override]
        text = GAPS.sub("", str(value)) if value is not None else ""
        return self._number(text) if text else None

    def _number(self, text: str) -> int | float:
        try:
            number = Decimal(text) if "_" not in text else Decimal("NaN")
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite():
            raise ValidationError(_("Write a number in digits, like 3 or 12.5"))
        if abs(number) > MOST_NUMBER:
            raise ValidationError(_("This number is too large. Check its digits."))
        return int(number) if number == number.to_integral_value() else float(number)

    def validate(self, value: Any) -> None:
        forms.Field.validate(self, value)

    def run_validators(self, value: Any) -> None:
        forms.Field.run_validators(self, None)  # those of a text have nothing to say of a number


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(attrs={"class": "input--s", "dir": "ltr"}, format="%Y-%m-%d")


class DateAnswer(forms.CharField):
    """A day, stored as ISO text. A browser sends it so; whoever types it may also name the month."""

    widget = DayInput

    def to_python(self, value: Any) -> str | None:  # type: ignore[override]
        text = tidy(str(value)) if value is not None else ""
        if not text:
            return None
        found, is_certain = day.read(text)
        if found is None or not is_certain:
            raise ValidationError(_("Write the day as year-month-day, like 2008-09-18"))
        return self._likely(found).isoformat()

    def _likely(self, found: datetime.date) -> datetime.date:
        if not FIRST_YEAR <= found.year <= LAST_YEAR:
            raise ValidationError(_("Check the year: it lies too far away."))
        return found

    def validate(self, value: Any) -> None:
        forms.Field.validate(self, value)


class YesNoAnswer(forms.TypedChoiceField):
    widget = forms.RadioSelect

    def __init__(self, *, more: list[tuple[str, str]], **kwargs: Any) -> None:
        choices = [(YES, _("Yes")), (NO, _("No")), *more]
        super().__init__(choices=choices, coerce=lambda value: value == YES, empty_value=None, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return {True: YES, False: NO}.get(value, value) if isinstance(value, bool) else value


class OneOfAnswer(forms.TypedChoiceField):
    """Few answers are all shown, many are a list to open."""

    MOST_SHOWN = 7

    def __init__(self, *, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        is_short = len(choices) <= self.MOST_SHOWN
        kwargs.setdefault("widget", forms.RadioSelect if is_short else forms.Select)
        super().__init__(choices=choices, empty_value=None, **kwargs)


class CountryAnswer(OneOfAnswer):
    MOST_SHOWN = 0


class ManyOfAnswer(forms.MultipleChoiceField):
    """The keys chosen, in the order in which they are offered."""

    widget = forms.CheckboxSelectMultiple

    def clean(self, value: Any) -> list[str] | None:
        chosen = set(super().clean(value))
        return [key for key, _label in list(self.choices) if key in chosen] or None  # type: ignore[arg-type]


class FileAnswer(forms.FileField):
    """A PDF, JPEG or PNG, told by its content. The file that was sent before counts until there is another."""

    widget = forms.FileInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(allow_empty_file=True, widget=forms.FileInput(attrs={"accept": ACCEPTED}), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        found = super().clean(data, initial)
        return files.accept(found) if data and found else found or None
