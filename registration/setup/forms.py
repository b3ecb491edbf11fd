"""What organisers type to set a meeting up."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _
from modeltranslation.utils import build_localized_fieldname

from meeting.dates import zone_city
from meeting.models import Meeting
from meeting.models.meeting import RESERVED_SLUGS
from meeting.translated import MAIN

from ..models import Delegation
from .copying import NewMeeting
from .moments import MomentField
from .template import OFFICIAL


class CopyMeetingForm(forms.Form):
    """What the new meeting cannot take from the earlier one."""

    title = forms.CharField(label=_("Title"), max_length=200)
    short_title = forms.CharField(label=_("Short title"), max_length=80, help_text=_("Stands at the top of each page."))
    slug = forms.SlugField(
        label=_("Address"), max_length=40, help_text=_("The last part of the web address, like eap-2010.")
    )
    starts_on = forms.DateField(label=_("First day"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    ends_on = forms.DateField(label=_("Last day"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    reference_prefix = forms.CharField(
        label=_("Prefix of references"),
        max_length=6,
        validators=[RegexValidator(r"^[A-Z]{2,6}$", _("Two to six capitals."))],
        help_text=_("Two to six capitals, like EAP."),
    )

    def clean_slug(self) -> str:
        slug = self.cleaned_data["slug"]
        if slug in RESERVED_SLUGS:
            raise forms.ValidationError(_("This address means something else already. Choose another."))
        if Meeting.objects.filter(slug=slug).exists():
            raise forms.ValidationError(_("Another meeting has this address. Choose another."))
        return slug

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("starts_on") and data.get("ends_on") and data["ends_on"] < data["starts_on"]:
            self.add_error("ends_on", _("The last day comes before the first."))
        return data

    def as_meeting(self) -> NewMeeting:
        return NewMeeting(**self.cleaned_data)


class OfficialCategoriesForm(forms.Form):
    """Which of the official categories a meeting takes; those it has are not offered."""

    codes = forms.MultipleChoiceField(
        label=_("Categories to add"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick at least one category.")},
    )

    def __init__(self, data: Any, meeting: Meeting) -> None:
        super().__init__(data)
        there = set(meeting.categories.values_list("code", flat=True))
        missing = [c for c in OFFICIAL if c.code not in there]
        self.fields["codes"].choices = [(c.code, c.heading) for c in missing]  # type: ignore[attr-defined]


class LateForm(forms.Form):
    """Until when one delegation may register after closing, and why."""

    until = MomentField(
        label=_("May register until"), error_messages={"required": _("Choose until when the delegation may register.")}
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        help_text=_("Stands in the history of the delegation."),
        error_messages={"required": _("Give a reason: it stands in the history of the delegation.")},
    )
    after_the_end = forms.BooleanField(label=_("Yes, even after the meeting has ended"), required=False)

    def __init__(self, data: Any, delegation: Delegation) -> None:
        super().__init__(data, auto_id="late_%s")
        self.meeting = delegation.meeting
        until = self.fields["until"]
        until.zone = self.meeting.zone  # type: ignore[attr-defined]
        until.help_text = _("By the clocks of the meeting: %(place)s.") % {"place": zone_city(self.meeting.zone)}
        until.initial = delegation.open_until if delegation.may_register_late() else None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        until = data.get("until")
        is_over = until and until.astimezone(self.meeting.zone).date() > self.meeting.ends_on
        if is_over and not data.get("after_the_end"):
            self.add_error("until", _("The meeting is over by then. Choose an earlier time, or tick the box."))
        return data

    @property
    def asks_about_the_end(self) -> bool:
        """Whether the box has to be shown: it matters to few."""
        return bool(self.data.get("after_the_end") or "until" in self.errors)


class OpeningForm(forms.Form):
    """When registration opens and closes, by the clocks of the meeting."""

    opens = MomentField(label=_("Registration opens"), required=False)
    closes = MomentField(label=_("Registration closes"), required=False)
    held_open = forms.BooleanField(label=_("Hold registration open, whatever the dates say"), required=False)
    note = forms.CharField(
        label=_("Note while held open"),
        max_length=250,
        required=False,
        help_text=_("In English, as it stands on the meeting’s page; other languages are on the meeting’s form."),
    )

    def __init__(self, data: Any, meeting: Meeting) -> None:
        super().__init__(data)
        self.meeting = meeting
        now = {"opens": meeting.registration_opens_at, "closes": meeting.registration_closes_at}
        for name, value in now.items():
            self.fields[name].zone = meeting.zone  # type: ignore[attr-defined]
            self.fields[name].initial = value
        self.fields["held_open"].initial = meeting.registration_held_open
        self.fields["note"].initial = getattr(meeting, build_localized_fieldname("held_open_note", MAIN))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        opens, closes = data.get("opens"), data.get("closes")
        if opens and closes and closes <= opens:
            self.add_error("closes", _("Registration would close before it opens. Choose a later closing time."))
        return data

    def values(self) -> dict[str, Any]:
        """As `opening.change` takes them."""
        data = self.cleaned_data
        return {
            "registration_opens_at": data["opens"],
            "registration_closes_at": data["closes"],
            "registration_held_open": data["held_open"],
            build_localized_fieldname("held_open_note", MAIN): data["note"],
        }
