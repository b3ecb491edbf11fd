"""What is chosen for a paper, and what somebody notes for one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from meeting.models import Meeting, User

from ..handouts import labels, plates
from ..models import Category, Delegation, Statement
from ..models.limits import known_to

WHAT = {
    plates.DELEGATIONS: _("One for each delegation"),
    plates.PEOPLE: _("One for each person"),
    plates.OFFICERS: _("One for each officer"),
}


class PaperForm(forms.Form):
    """Everything that papers take; each takes its own of it. What is not sent is as usual."""

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, required=False)
    category: Any = forms.ModelChoiceField(
        Category.objects.none(), label=_("Category"), required=False, empty_label=_("All categories")
    )
    delegation: Any = forms.ModelChoiceField(
        Delegation.objects.none(),
        label=_("Of one delegation only"),
        to_field_name="reference",
        required=False,
        empty_label=_("All delegations"),
    )
    what = forms.ChoiceField(
        label=_("Nameplates"), choices=list(WHAT.items()), required=False, initial=plates.DELEGATIONS,
        widget=forms.RadioSelect,
    )  # fmt: skip
    languages = forms.MultipleChoiceField(
        label=_("Names in"), choices=settings.LANGUAGES, required=False, widget=forms.CheckboxSelectMultiple
    )
    everybody = forms.BooleanField(label=_("Also for those whom nobody has registered for yet"), required=False)
    session = forms.MultipleChoiceField(label=_("Sessions"), required=False, widget=forms.CheckboxSelectMultiple)
    stock = forms.ChoiceField(
        label=_("Sheet of labels"), choices=[(code, s.name) for code, s in labels.STOCKS.items()], required=False
    )
    first = forms.IntegerField(
        label=_("Begin with label number"), min_value=1, max_value=30, required=False, initial=1,
        help_text=_("Where some of a sheet are used already."),
    )  # fmt: skip

    def __init__(self, data: Any, meeting: Meeting, user: User, *, is_sent: bool = False) -> None:
        super().__init__(data if data or is_sent else None)
        categories = Category.objects.filter(known_to(user, "meeting", "pk"), meeting=meeting)
        self.fields["category"].queryset = categories  # type: ignore[attr-defined]
        delegations = Delegation.objects.filter(meeting=meeting).within_limits(user)
        self.fields["delegation"].queryset = delegations.order_by("category__order", "sort_key")  # type: ignore[attr-defined]
        self.sessions = {str(session.pk): session for session in sessions_of(meeting)}
        self.fields["session"].choices = [(pk, session.title) for pk, session in self.sessions.items()]  # type: ignore[attr-defined]
        for name in ("language", "category", "delegation", "stock", "first"):
            self.fields[name].widget.attrs["class"] = "input"
        self.fields["language"].initial = usual_language()
        self.fields["languages"].initial = [usual_language()]

    def chosen(self) -> dict[str, Any]:
        """For a form that is valid."""
        said = self.cleaned_data
        language = said["language"] or usual_language()
        sessions = said["session"] or list(self.sessions)
        return said | {
            "language": language,
            "languages": said["languages"] or [language],
            "category": said["category"].pk if said["category"] else None,
            "what": said["what"] or plates.DELEGATIONS,
            "sessions": [self.sessions[pk] for pk in sessions],
            "stock": labels.STOCKS[said["stock"] or next(iter(labels.STOCKS))],
            "first": said["first"] or 1,
        }

    def first_error(self) -> str:
        """The field and what is wrong with it, in one sentence."""
        name, errors = next(iter(self.errors.items()))
        return f"{self.fields[name].label}: {errors[0]}"


def usual_language() -> str:
    return get_language() or "en"


def sessions_of(meeting: Meeting) -> Any:
    """Those that people sign in to: no breaks, and not the children's own."""
    held: Any = meeting.sessions  # type: ignore[attr-defined]  # of the programme, which stands above this app
    return (
        held.exclude(kind__in=("break", "registration", "children")).select_related("room").order_by("starts_at", "pk")
    )


class SeatForm(forms.Form):
    language = forms.ChoiceField(label=_("Order of names in"), choices=settings.LANGUAGES)
    first = forms.CharField(label=_("Begins with"), max_length=16, required=False)
    by_lot = forms.BooleanField(required=False)


class StatementForm(forms.ModelForm):
    class Meta:
        model = Statement
        fields = ["delegation", "item"]
        error_messages = {
            NON_FIELD_ERRORS: {"unique_together": _("This is noted already.")},
            "delegation": {"invalid_choice": _("This delegation is not of this meeting. Choose one of the list.")},
        }

    def __init__(self, data: Any, meeting: Meeting, user: User) -> None:
        super().__init__(data, instance=Statement(meeting=meeting, by=user))
        field: Any = self.fields["delegation"]
        field.queryset = Delegation.objects.filter(meeting=meeting).within_limits(user).order_by("sort_key", "pk")
        field.to_field_name = "reference"
        for each in self.fields.values():
            each.widget.attrs["class"] = "input"
