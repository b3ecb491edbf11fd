"""What delegates type on their own page."""

from __future__ import annotations

import copy
import unicodedata
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.http import QueryDict
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from ..forms import RegistrationForm
from ..letters import store
from ..models import Letter, Registration, Status
from ..workflow import MATERIAL, plain, untouched

NAMES = RegistrationForm.Meta.fields
FORGOTTEN = _("This page did not remember what you were shown. Look at the form once more, then send it.")
UNCHANGED = _(
    "Nothing was changed since it was returned. Put right what the organisers ask for, or say that you send it so."
)


def _whole(*names: str | None) -> str:
    return " ".join(name for name in names if name)


class CodeForm(forms.Form):
    """The six digits, in whatever script and with whatever spaces they were typed."""

    digits = forms.CharField(
        label=_("Code"),
        max_length=40,
        help_text=_("Six digits, from the message we sent you."),
        error_messages={"required": _("Write the six digits of the code")},
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "class": "input--s", "dir": "ltr"}
        ),
    )

    def clean_digits(self) -> str:
        typed = [c for c in self.cleaned_data["digits"] if not (c.isspace() or unicodedata.category(c) in ("Pd", "Cf"))]
        digits = "".join(str(unicodedata.digit(c, "")) for c in typed)
        if len(typed) != 6 or len(digits) != 6:
            raise forms.ValidationError(_("The code has six digits: write them all, and nothing else"))
        return digits


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label=_("Is there anything the organisers should know?"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )


class ChangeForm(RegistrationForm):
    """The questions of registration once more, about somebody who is registered.

    `seen` and `status` are what the reader had on the screen: whoever was overtaken is told, and loses nothing.
    """

    seen = forms.JSONField(widget=forms.HiddenInput, required=False, error_messages={"invalid": FORGOTTEN})
    status = forms.ChoiceField(choices=Status.choices, widget=forms.HiddenInput)
    # Drawn only once somebody has sent a returned form back as it came.
    all_the_same = forms.BooleanField(label=_("Send it all the same"), required=False)

    def __init__(self, data: Any, files: Any, *, registration: Registration) -> None:
        now = registration.letters.filter(superseded_by=None).first()
        self.fresh_letter = store.find(data.get("letter_receipt", ""), registration.meeting) if data else None
        super().__init__(
            data,
            files,
            instance=copy.copy(registration),
            initial={"seen": self.as_it_stands(registration), "status": registration.status},
            category=registration.delegation.category,
            kept_letter=self.fresh_letter or now,
        )
        self.registration = registration
        # Whoever stands on the delegation's letter has none of their own.
        self.fields["letter"].required = False
        self._mark_what_was_returned()
        self._mark_what_waits()

    @staticmethod
    def as_it_stands(registration: Registration) -> dict[str, Any]:
        return {name: plain(getattr(registration, name)) for name in NAMES}

    def values(self) -> dict[str, Any]:
        """What was typed, by the names that the workflow knows."""
        return {name: self.cleaned_data[name] for name in NAMES}

    def new_letter(self) -> Letter | None:
        """The letter sent with this form, or with the same form when it still had errors."""
        if self.accepted_letter:
            return store.keep(self.accepted_letter, self.registration.meeting)
        return self.fresh_letter

    @property
    def brings_a_letter(self) -> bool:
        return bool(self.accepted_letter or self.fresh_letter)

    def look_again(self) -> None:
        """Somebody was faster. Whoever sends the form once more has seen it, and means it."""
        self.registration.refresh_from_db()
        self.put("seen", self.fields["seen"].prepare_value(self.as_it_stands(self.registration)))
        self.put("status", self.registration.status)

    def put(self, name: str, value: str) -> None:
        """Send this hidden value back with the form."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        data[name] = value
        self.data = data

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        was = self.registration
        if data.get("display_name") == was.display_name == _whole(was.given_names, was.family_name):
            # It was made of the names, so it follows them.
            data["display_name"] = _whole(data.get("given_names"), data.get("family_name"))[:200]
        if not self.errors and not data.get("all_the_same") and self._comes_back_as_it_went():
            self.add_error("all_the_same", UNCHANGED)
        return data

    def _comes_back_as_it_went(self) -> bool:
        """It was returned, and neither this form nor anybody since has changed anything about it."""
        if self.registration.status != Status.RETURNED or self._is_another_letter():
            return False
        typed = {name: plain(value) for name, value in self.values().items()}
        answered = any(name.startswith("q_") for name in self.changed_data)
        same = typed == self.as_it_stands(self.registration) and not answered
        return same and bool(untouched([self.registration]))

    def _is_another_letter(self) -> bool:
        """The file that is here already, sent once more, is no newer one."""
        sent = self.accepted_letter or self.fresh_letter
        return (
            sent is not None and not self.registration.letters.filter(superseded_by=None, sha256=sent.sha256).exists()
        )

    def clean_seen(self) -> dict[str, Any]:
        """Without it nobody could tell what was overwritten."""
        seen = self.cleaned_data.get("seen")
        if not isinstance(seen, dict) or set(seen) != set(NAMES):
            raise forms.ValidationError(FORGOTTEN)
        return seen

    def _mark_what_was_returned(self) -> None:
        for name in self.registration.returned_fields:
            if name in self.fields:
                field = self.fields[name]
                field.help_text = format_html(
                    '<span class="mark mark--ask">{}</span> {}', _("Please put this right."), field.help_text
                )

    def _mark_what_waits(self) -> None:
        if self.registration.status != Status.APPROVED:
            return
        for name in MATERIAL & set(self.fields):
            field = self.fields[name]
            field.help_text = format_html("{} {}", field.help_text, _("A change waits for the organisers’ word."))

    def _ask_age(self, meeting: Any) -> None:
        """They have told us already that they are of age."""
        del self.fields["adult"]

    def _helper(self) -> FormHelper:
        helper = super()._helper()
        helper.layout.fields = [part for part in helper.layout.fields if getattr(part, "fields", None) != ["adult"]]
        helper.layout.fields += ["seen", "status"]
        return helper
