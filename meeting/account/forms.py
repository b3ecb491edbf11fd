"""What staff type to sign in, and to look after how they do."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.utils.translation import gettext_lazy as _

from ..models import User

CURRENT = forms.PasswordInput(attrs={"autocomplete": "current-password"})
NEW = forms.PasswordInput(attrs={"autocomplete": "new-password"})


class SignInForm(forms.Form):
    username = forms.EmailField(
        label=_("Email"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
        error_messages={
            "required": _("Write your email address."),
            "invalid": _("Write the whole address, such as name@mission.example."),
        },
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=4096,
        widget=CURRENT,
        error_messages={"required": _("Write your password.")},
    )
    next = forms.CharField(widget=forms.HiddenInput, required=False, max_length=500)


class CodeForm(forms.Form):
    """Six digits of the app, or a recovery code."""

    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}
        ),
        error_messages={"required": _("Write the code.")},
    )


class AppCodeForm(CodeForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = _("The six digits that the app shows now.")
        self.fields["code"].widget.attrs |= {"inputmode": "numeric"}


class ConfirmForm(forms.Form):
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=4096,
        widget=CURRENT,
        error_messages={"required": _("Write your password.")},
    )
    next = forms.CharField(widget=forms.HiddenInput, required=False, max_length=500)


class PasskeyNameForm(forms.Form):
    name = forms.CharField(
        label=_("Name"),
        help_text=_("So that you know it among others, such as “Phone” or “Key ring”."),
        max_length=60,
        error_messages={"required": _("Give it a name.")},
    )


class PasskeyForm(PasskeyNameForm):
    credential = forms.CharField(widget=forms.HiddenInput, required=False, max_length=16_000)


class NewPasswordForm(forms.Form):
    """A password twice, so that no slip of a key locks its owner out."""

    password = forms.CharField(
        label=_("New password"),
        help_text=_("At least 12 characters. Several words that only you would put together are easy to keep in mind."),
        strip=False,
        max_length=4096,
        widget=NEW,
        error_messages={"required": _("Write a password.")},
    )
    again = forms.CharField(
        label=_("The same again"),
        strip=False,
        max_length=4096,
        widget=NEW,
        error_messages={"required": _("Write the password once more.")},
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        password_validation.validate_password(password, self.user)
        return password

    def clean(self) -> dict[str, Any] | None:
        given = self.cleaned_data
        if given.get("password") and given.get("again") and given["password"] != given["again"]:
            self.add_error("again", _("The two are not the same. Write the password once more."))
        return given


class ChangePasswordForm(NewPasswordForm):
    field_order = ["old", "password", "again"]
    old = forms.CharField(
        label=_("Password until now"),
        strip=False,
        max_length=4096,
        widget=CURRENT,
        error_messages={"required": _("Write your password.")},
    )


class ForgottenForm(forms.Form):
    email = forms.EmailField(
        label=_("Email"),
        help_text=_("The address with which you sign in."),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
        error_messages={
            "required": _("Write your email address."),
            "invalid": _("Write the whole address, such as name@mission.example."),
        },
    )
