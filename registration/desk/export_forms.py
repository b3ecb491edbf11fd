"""What is asked before a list leaves: in which format, and what for; where it comes again also when and to whom."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meeting.models import Meeting, User

from ..exports.options import Card, Dialect, Headings, Options
from ..models import ExportFormat, SavedView, Weekday
from ..notices.people import deciders
from ..rules import EXPORTERS
from .saved_views import readable_by

SHORTEST, SHORTEST_CLOSE = 3, 10  # of a reason; of one for what is close to people


class FormatForm(forms.Form):
    """A format, what can be chosen of it, and the reason."""

    format = forms.ChoiceField(
        label=gettext_lazy("Format"),
        choices=ExportFormat.choices,
        widget=forms.RadioSelect,
        initial=ExportFormat.XLSX,
        error_messages={
            "required": gettext_lazy("Choose a format."),
            "invalid_choice": gettext_lazy("Choose a format."),
        },
    )
    headings = forms.ChoiceField(
        label=gettext_lazy("Headings"), choices=Headings.choices, initial=Headings.PEOPLE, required=False
    )
    dialect = forms.ChoiceField(
        label=gettext_lazy("Between the cells"), choices=Dialect.choices, initial=Dialect.COMMA, required=False
    )
    bom = forms.BooleanField(
        label=gettext_lazy("With a byte-order mark, for an Excel that shows Ã© where é should be"), required=False
    )
    card = forms.ChoiceField(label=gettext_lazy("Version"), choices=Card.choices, initial=Card.NEW, required=False)
    reason = forms.CharField(
        label=gettext_lazy("What is it for?"),
        max_length=200,
        min_length=SHORTEST,
        error_messages={
            "required": gettext_lazy("Say in a short sentence what it is for. It stands in the history."),
            "min_length": gettext_lazy("Say in a short sentence what it is for. It stands in the history."),
            "max_length": gettext_lazy("Say it in 200 characters or fewer."),
        },
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("headings", "dialect", "card", "weekday"):
            if name in self.fields:
                self.fields[name].one_of_several = True  # type: ignore[attr-defined]

    @property
    def options(self) -> Options:
        """Where nothing was chosen, as it is usual."""
        given = {name: self.cleaned_data.get(name) for name in ("headings", "dialect", "bom", "card")}
        return Options(**{name: value for name, value in given.items() if value})  # type: ignore[arg-type]


class ExportForm(FormatForm):
    """One export. `restricted` are the answers that leave only where they are asked for; `shows` says that some do."""

    needs = forms.BooleanField(label=gettext_lazy("With restricted answers"), required=False)
    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, wanted: str = "", offers_restricted: bool, is_close: bool) -> None:
        """`is_close`: what leaves without them is close to people as well."""
        there = wanted in ExportFormat.values
        super().__init__(data, initial={"token": uuid.uuid4(), "format": wanted if there else ExportFormat.XLSX})
        self.is_close = is_close
        if not offers_restricted:
            del self.fields["needs"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        is_close = self.is_close or given.get("needs") or given.get("format") == ExportFormat.VCARD
        if is_close and 0 < len(given.get("reason", "")) < SHORTEST_CLOSE:
            self.add_error("reason", _("Say what its restricted answers, email or telephone are needed for."))
        return given


class ScheduleForm(FormatForm):
    """An export that comes again. `bom` and the like are as in one that is made at once."""

    view = forms.ModelChoiceField(
        SavedView.objects.none(),
        label=gettext_lazy("View"),
        empty_label=None,
        error_messages={
            "required": gettext_lazy("Choose a view."),
            "invalid_choice": gettext_lazy("This view was removed. Choose another one."),
        },
    )
    weekday = forms.TypedChoiceField(
        label=gettext_lazy("Day"), choices=[("", gettext_lazy("Every day")), *Weekday.choices], coerce=int,
        empty_value=None, required=False,
    )  # fmt: skip
    hour = forms.TypedChoiceField(
        label=gettext_lazy("Time"), choices=[(n, f"{n:02}:00") for n in range(24)], coerce=int, initial=7
    )
    recipients = forms.ModelMultipleChoiceField(
        User.objects.none(),
        label=gettext_lazy("Who is mailed a link"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": gettext_lazy("Choose at least one colleague."),
            "invalid_choice": gettext_lazy("One of them may not export lists of this meeting any more. Choose again."),
        },
    )

    def __init__(self, data: Any, meeting: Meeting, user: User, *, view: str = "") -> None:
        super().__init__(data, initial={"recipients": [user.pk], "view": view})
        self.fields["view"].queryset = readable_by(user, meeting, SavedView.Screen.PEOPLE)  # type: ignore[attr-defined]
        self.fields["recipients"].queryset = deciders(meeting, *EXPORTERS)  # type: ignore[attr-defined]

    def clean_reason(self) -> str:
        """Others read it long after it was written."""
        reason: str = self.cleaned_data["reason"]
        if len(reason) < SHORTEST_CLOSE:
            raise forms.ValidationError(_("Say what it is needed for again and again, in a short sentence."))
        return reason
