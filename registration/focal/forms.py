"""What focal points and invited entities type."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..forms import PHONE, TidyCharField
from ..names import can_be_read


class SignInForm(forms.Form):
    """Only an address: the link that we mail is the password."""

    required_css_class = ""
    email = forms.EmailField(
        label=_("Email"),
        help_text=_("The address to which the organisers write to you."),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": _("Write your email address."),
            "invalid": _("Write the whole address, such as name@mission.example."),
        },
    )
    next = forms.CharField(widget=forms.HiddenInput, required=False, max_length=500)


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class LanguageField(forms.ChoiceField):
    """Comes filled, so it does not say whether somebody has begun to fill in a form."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


class PersonForm(forms.Form):
    """One person who looks after a delegation, or shall."""

    required_css_class = ""
    email = forms.EmailField(
        label=_("Email"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": _("Write the email address: the link to sign in goes there."),
            "invalid": _("Write the whole address, such as name@mission.example."),
        },
    )
    name = TidyCharField(
        label=_("Name"), max_length=150, error_messages={"required": _("Write the name of the person.")}
    )
    title = TidyCharField(label=_("Functional title"), max_length=200, required=False)
    phone = forms.CharField(
        label=_("Telephone"), max_length=40, required=False, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    language = LanguageField(label=_("Language of our messages"), choices=settings.LANGUAGES, initial="en")

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        if name and not can_be_read(name):
            raise forms.ValidationError(_("Write the name with letters."))
        return name

    def clean_phone(self) -> str:
        phone = self.cleaned_data["phone"].strip()
        if phone and not PHONE.match(phone):
            raise forms.ValidationError(_("Write the number with digits, such as +66 2 123 4567."))
        return phone


class NameForm(PersonForm):
    """Naming somebody, with the days on which their time begins and ends."""

    is_alternate = forms.BooleanField(
        label=_("Alternate: stands in, and cannot name or remove others"), required=False, initial=False
    )
    active_from = forms.DateField(
        label=_("First day"), required=False, widget=DayInput, help_text=_("Empty: from now on.")
    )
    active_to = forms.DateField(
        label=_("Last day"), required=False, widget=DayInput, help_text=_("Empty: until somebody ends it.")
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("active_from"), cleaned.get("active_to")
        if last and last < timezone.now().date():
            self.add_error("active_to", _("This day is past. Choose a later one, or leave it empty."))
        elif first and last and last < first:
            self.add_error("active_to", _("The last day comes before the first."))
        return cleaned
