"""What is asked before a version of the list of participants is made, and how the meeting prints its list."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.db import transaction
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from meeting.models import Meeting

from ..models import Officer, ParticipantsSetup, Registration, Status
from ..participants import profiles
from ..versions import making

MORE_OFFICERS = 3  # empty lines below those there are
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class MakeForm(forms.Form):
    """A version: which, in which languages, with the names of which day."""

    kind = forms.ChoiceField(label=gettext_lazy("Version"), widget=forms.RadioSelect)
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages"),
        choices=settings.LANGUAGES,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one language.")},
    )
    on = forms.DateField(
        label=gettext_lazy("Names of States as of"),
        widget=DAY,
        help_text=gettext_lazy("Türkiye or Turkey: what was right on this day is printed."),
        error_messages={"invalid": gettext_lazy("Write the day like 2008-09-18.")},
    )
    note = forms.CharField(
        label=gettext_lazy("Note for colleagues"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, data: Any, meeting: Meeting) -> None:
        kinds = making.kinds_for(meeting)
        usual = {"kind": kinds[0], "languages": making.languages_to_offer(meeting), "on": meeting.starts_on}
        super().__init__(data, initial=usual)
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in kinds]  # type: ignore[attr-defined]

    def ordered_languages(self) -> list[str]:
        return [code for code, _name in settings.LANGUAGES if code in self.cleaned_data["languages"]]


class SetupForm(forms.ModelForm):
    """How the list is printed."""

    class Meta:
        model = ParticipantsSetup
        fields = (
            "profile", "basis", "symbol", "distribution", "corrections_until", "two_columns", "with_contents",
            "with_contact",
        )  # fmt: skip
        widgets = {"corrections_until": DAY}

    def __init__(self, data: Any, meeting: Meeting) -> None:
        found = ParticipantsSetup.objects.filter(meeting=meeting).first() or ParticipantsSetup(meeting=meeting)
        super().__init__(data, instance=found)
        language = get_language() or "en"
        names = [(name, profiles.load(name).label[language]) for name in profiles.names()]
        usual = profiles.load(profiles.for_style(meeting.name_profile)).label[language]
        as_usual = ("", _("As the body’s own names say: %(usual)s") % {"usual": usual})
        self.fields["profile"] = forms.ChoiceField(
            label=_("Printed like the lists of"), choices=[as_usual, *names], required=False
        )


class OfficerForm(forms.Form):
    office = forms.CharField(
        label=gettext_lazy("Office"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    reference = forms.CharField(
        label=gettext_lazy("Reference"), max_length=20, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "ltr"}),
    )  # fmt: skip

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.meeting = meeting
        self.registration: Registration | None = None

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        office, reference = given.get("office", ""), given.get("reference", "").strip().upper()
        if bool(office) != bool(reference):
            self.add_error("reference" if office else "office", _("Say both the office and who holds it."))
        elif reference:
            self.registration = self._found(reference)
        return given

    def _found(self, reference: str) -> Registration | None:
        there = Registration.objects.filter(meeting=self.meeting, is_minor=False).exclude(status=Status.DRAFT)
        found = there.filter(reference=reference).first()
        if found is None:
            told = {"reference": reference}
            self.add_error("reference", _("Nobody here has the reference %(reference)s. Copy it from the list.") % told)
        return found


class Officers:
    """All of them in their order, with some empty lines. An empty line is nobody."""

    def __init__(self, data: Any, meeting: Meeting) -> None:
        self.meeting = meeting
        there = list(Officer.objects.filter(meeting=meeting).select_related("registration"))
        known = [{"office": o.office, "reference": o.registration.reference} for o in there]
        lines = known + [{}] * MORE_OFFICERS
        count = len(lines) if data is None else max(len(lines), sum(key.endswith("-office") for key in data))
        lines += [{}] * (min(count, 60) - len(lines))
        self.forms = [
            OfficerForm(data, prefix=f"officer-{n}", initial=line, meeting=meeting) for n, line in enumerate(lines)
        ]

    def is_valid(self) -> bool:
        return not [form for form in self.forms if not form.is_valid()]  # each of them says what is wrong

    @transaction.atomic
    def save(self) -> None:
        Officer.objects.filter(meeting=self.meeting).delete()
        named = [form for form in self.forms if form.registration]
        Officer.objects.bulk_create(
            Officer(meeting=self.meeting, order=n, office=form.cleaned_data["office"], registration=form.registration)
            for n, form in enumerate(named, start=1)
        )
