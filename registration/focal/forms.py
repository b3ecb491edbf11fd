"""What focal points and invited entities type."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


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
