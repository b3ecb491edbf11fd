"""What the sending organisation and the safeguarding lead type."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from meeting.models import Meeting

from ..forms import TidyCharField
from ..letters import files
from ..models import ChildConsent, ChildRecord
from ..names import can_be_read
from ..rules import is_minor
from .discretion import GUIDANCE, no_case_details
from .gate import may_chaperone
from .media import SAYS, Use

WHO = {"child": _("The young person says yes"), "guardian": _("The guardian says yes")}


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self, **attrs: Any) -> None:
        super().__init__(attrs={"class": "input--s", **attrs}, format="%Y-%m-%d")


class NewChildForm(forms.Form):
    """The first two things: they go into the sealed record, and nowhere else."""

    legal_name = TidyCharField(
        label=_("Name as in the passport"),
        max_length=200,
        help_text=_("Seen by you and the safeguarding lead. Everywhere else an alias stands in its place."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
        error_messages={"required": _("Write the name as it stands in the passport")},
    )
    birth_date = forms.DateField(
        label=_("Date of birth"),
        widget=DayInput(autocomplete="off"),
        error_messages={
            "required": _("Write the date of birth"),
            "invalid": _("Write the date as a day, like 2010-05-31"),
        },
    )

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.meeting = meeting

    def clean_legal_name(self) -> str:
        name = self.cleaned_data["legal_name"]
        if not can_be_read(name):
            raise ValidationError(_("Write the name with letters"))
        return name

    def clean_birth_date(self) -> datetime.date:
        born = self.cleaned_data["birth_date"]
        today = timezone.now().astimezone(self.meeting.zone).date()
        if born > today or born.year < today.year - 120:
            raise ValidationError(_("Look at the year: nobody who comes was born then."))
        return born


class AddChildForm(NewChildForm):
    def clean_birth_date(self) -> datetime.date:
        born = super().clean_birth_date()
        if not is_minor(born, self.meeting):
            raise ValidationError(
                _("Whoever was born on this day is 18 or over at the meeting. Add the person as a row of the roster.")
            )
        return born


class FileForm(NewChildForm):
    """The whole file but its papers. Chaperones are chosen among adults who are registered already."""

    guardian_name = TidyCharField(
        label=_("Name of the parent or guardian"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )
    guardian_contact = TidyCharField(
        label=_("How to reach the guardian at any hour"),
        max_length=300,
        required=False,
        help_text=_("A telephone number with its country code, and the language they speak."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )
    languages = TidyCharField(
        label=_("Languages the young person speaks"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto", "class": "input--m"}),
    )
    chaperones: Any = forms.ModelMultipleChoiceField(
        None,
        label=_("Chaperones"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Adults of your organization who are registered and come in person."),
    )

    def __init__(self, *args: Any, record: ChildRecord, **kwargs: Any) -> None:
        super().__init__(*args, meeting=record.registration.meeting, initial=self.said(record), **kwargs)
        self.record = record
        adults = may_chaperone(record).select_related("delegation__category").order_by("sort_key", "pk")
        self.fields["chaperones"].queryset = adults  # type: ignore[attr-defined]
        self.fields["chaperones"].label_from_instance = lambda adult: adult.printed_name  # type: ignore[attr-defined]
        for use in Use.values:
            for who in SAYS:
                self.fields[f"{use}_{who}"] = forms.BooleanField(label=WHO[who], required=False)
        for name in ("guardian_name", "guardian_contact"):
            self.fields[name].one_of_several = True  # type: ignore[attr-defined]  # may wait, but is not optional
        if record.state != ChildRecord.State.OPEN:
            # What the safeguarding lead has compared with the papers stays as it was compared.
            self.fields["legal_name"].disabled = self.fields["birth_date"].disabled = True

    @staticmethod
    def said(record: ChildRecord) -> dict[str, Any]:
        media = {f"{use}_{who}": yes for use, says in record.media.items() for who, yes in says.items()}
        return media | {
            "legal_name": record.legal_name,
            "birth_date": record.birth_date,
            "guardian_name": record.guardian_name,
            "guardian_contact": record.guardian_contact,
            "languages": record.languages,
            "chaperones": list(record.chaperones.values_list("pk", flat=True)),
        }

    def clean_guardian_contact(self) -> str:
        no_case_details(self.cleaned_data["guardian_contact"])
        return self.cleaned_data["guardian_contact"]

    def clean_languages(self) -> str:
        no_case_details(self.cleaned_data["languages"])
        return self.cleaned_data["languages"]

    def media_choice(self) -> dict[str, dict[str, bool]]:
        """What was chosen, use by use."""
        return {use: {who: self.cleaned_data[f"{use}_{who}"] for who in SAYS} for use in Use.values}

    def media_rows(self) -> list[tuple[str, list[forms.BoundField]]]:
        return [(str(label), [self[f"{use}_{who}"] for who in SAYS]) for use, label in Use.choices]

    def about(self) -> list[forms.BoundField]:
        return [self[name] for name in ("legal_name", "birth_date", "languages", "guardian_name", "guardian_contact")]


class PaperForm(forms.Form):
    """One paper and its day."""

    kind = forms.ChoiceField(choices=ChildConsent.Kind.choices, widget=forms.HiddenInput)
    given_on = forms.DateField(
        label=_("Date on the paper"),
        widget=DayInput(),
        error_messages={
            "required": _("Write the date that stands on the paper"),
            "invalid": _("Write the date as a day, like 2026-05-31"),
        },
    )
    file = forms.FileField(
        label=_("The signed paper"),
        help_text=_("PDF, JPEG or PNG, up to 10 MB. It is sealed at once: you cannot open it here again."),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png,application/pdf,image/jpeg,image/png"}),
        max_length=None,
        error_messages={"required": _("Choose the signed paper")},
    )
    accepted: files.AcceptedFile | None = None

    def clean_given_on(self) -> datetime.date:
        day = self.cleaned_data["given_on"]
        if day > timezone.now().date() + datetime.timedelta(days=1):
            raise ValidationError(_("This day has not come yet: write the date that stands on the paper."))
        return day

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        self.accepted = files.accept(upload)
        return upload


class WordForm(forms.Form):
    """A word of the safeguarding lead to those who send."""

    MOVES = [("clear", "clear"), ("refuse", "refuse"), ("ask", "ask"), ("same_sex", "same_sex")]
    move = forms.ChoiceField(choices=MOVES)
    reason = TidyCharField(max_length=1000, required=False, help_text=GUIDANCE)

    def clean_reason(self) -> str:
        no_case_details(self.cleaned_data["reason"])
        return self.cleaned_data["reason"]
