"""What staff ask for: one letter, or letters for many."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from meeting.models import User

from ..models import IssuedKind, LetterBatch
from .issue import Wanted

OWN = ("", _("Each in their own language"))


class OneForm(forms.Form):
    kind = forms.ChoiceField(label=_("Letter"), choices=IssuedKind.choices)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    tells = forms.BooleanField(label=_("Write to the person that it is there"), required=False)

    def wanted(self, by: User) -> Wanted:
        asked = self.cleaned_data
        tells = asked["tells"]
        return Wanted(asked["kind"], asked.get("language") or "", by=by, shared=tells, tells=tells)


class ManyForm(OneForm):
    """The people come from the list's own filter; this is what they get."""

    language = forms.ChoiceField(label=_("Language"), choices=[OWN, *settings.LANGUAGES], required=False)
    tells = forms.BooleanField(
        label=_("Write to each person that their letter is there"),
        help_text=_("It comes with the message, and they find it on their own page."),
        required=False,
    )
    form = forms.ChoiceField(label=_("File for you"), choices=LetterBatch.Form.choices, required=False)
    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"token": uuid.uuid4(), "form": LetterBatch.Form.PDF})
