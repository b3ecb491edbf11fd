"""What focal points and reviewers type about a letter."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import Delegation, Letter, LetterKind
from ..names import tidy
from . import files
from .names import NameOnLetter, parse

ACCEPTED = ".pdf,.jpg,.jpeg,.png,application/pdf,image/jpeg,image/png"


class LetterForm(forms.ModelForm):
    """A letter of the delegation. `clean_file` leaves what is to be stored; nothing where no file came."""

    file = forms.FileField(
        label=_("The letter"),
        help_text=_("PDF, JPEG or PNG, up to 10 MB."),
        required=False,
        allow_empty_file=True,  # so that our own words tell about it
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
    )

    class Meta:
        model = Letter
        fields = ["file", "kind", "dated_on", "reference", "signatory"]
        widgets = {"dated_on": forms.DateInput(attrs={"type": "date", "class": "input--s"}, format="%Y-%m-%d")}
        labels = {"kind": _("Kind of letter"), "dated_on": _("Date on the letter")}
        help_texts = {
            "reference": _("As it stands on the letter, for example No. 214/NV-2008."),
            "signatory": _("Name and office of who signed."),
        }

    def __init__(self, *args: Any, delegation: Delegation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        wanted = delegation.category.required_documents
        in_order = sorted(LetterKind.choices, key=lambda choice: choice[0] not in wanted)
        self.fields["kind"].choices = in_order  # type: ignore[attr-defined]
        self.fields["file"].required = not self.instance.pk
        self.fields["file"].error_messages["required"] = _("Choose the file of the letter.")
        if self.instance.pk:
            self.fields["file"].label = _("A newer version of the letter")
            self.fields["file"].help_text = _("PDF, JPEG or PNG, up to 10 MB. Without one only the details change.")
        elif not self.is_bound and wanted:
            self.initial["kind"] = wanted[0]

    def clean_file(self) -> files.AcceptedFile | None:
        upload = self.files.get("file")
        return files.accept(upload) if upload else None

    def clean_reference(self) -> str:
        return tidy(self.cleaned_data["reference"])

    def clean_signatory(self) -> str:
        return tidy(self.cleaned_data["signatory"])

    def _post_clean(self) -> None:
        """The file is stored by `versions`, which also keeps the version before: the instance stays as it is."""

    @property
    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("kind", "dated_on", "reference", "signatory")}


class NamesForm(forms.Form):
    """The names on a letter, pasted or typed; `names` is what was read."""

    text = forms.CharField(
        label=_("The names on the letter"),
        help_text=_(
            "One on each line, as on the letter: numbers, forms of address and functions may stay."
            " A list or a table from a document can be pasted as it is. Leave out anybody under 18."
        ),
        widget=forms.Textarea(attrs={"rows": 14, "spellcheck": "false", "autocomplete": "off", "dir": "auto"}),
        strip=False,
        max_length=200_000,
        error_messages={
            "required": _("Write the names as they stand on the letter, one on each line."),
            "max_length": _("This text is too long to be a list of names. Paste only the names."),
        },
    )

    names: list[NameOnLetter]

    def clean_text(self) -> str:
        text = self.cleaned_data["text"]
        self.names = parse(text)
        return text
