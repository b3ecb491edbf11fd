"""What the desk's buttons send."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from ..models import Registration, Status
from ..models.registration import RegistrationQuerySet

MOST_AT_ONCE = 500
MOVES = [("approve", _("Approve")), ("reject", _("Reject"))]


# What can be decided about one person; several at once are approved or rejected.
MOVES_OF_ONE = [
    *MOVES,
    ("return", _("Return")),
    ("withdraw", _("Withdraw")),
    ("come_back", _("Bring back")),
    ("accept_change", _("Accept the change")),
    ("decline_change", _("Decline the change")),
]
NEED_A_REASON = {
    "reject": _("Give a reason: the delegate reads it."),
    "return": _("Say what is to be put right: the delegate reads it."),
    "decline_change": _("Give a reason: the delegate reads it."),
}


class DecisionForm(forms.Form):
    """One decision. On the screen were the status `seen`, and the change that was asked for at `asked_at`."""

    move = forms.ChoiceField(choices=MOVES_OF_ONE)
    reason = forms.CharField(label=_("Reason"), max_length=2000, strip=True, required=False)
    fields_to_mend = forms.MultipleChoiceField(label=_("What is to be put right"), required=False)
    seen = forms.ChoiceField(choices=Status.choices)
    asked_at = forms.CharField(max_length=40, required=False)

    def __init__(self, data: Any = None, *, returnable: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["fields_to_mend"].choices = returnable  # type: ignore[attr-defined]

    def clean_asked_at(self) -> datetime.datetime | None:
        try:
            return parse_datetime(self.cleaned_data["asked_at"])
        except ValueError:
            return None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        move = cleaned.get("move", "")
        if move in NEED_A_REASON and not cleaned.get("reason"):
            self.add_error("reason", NEED_A_REASON[move])
        if move == "return" and not cleaned.get("fields_to_mend") and "fields_to_mend" not in self.errors:
            self.add_error("fields_to_mend", _("Tick what is to be put right."))
        return cleaned


class SelectionForm(forms.Form):
    """Several people of one meeting, and what is to happen to them."""

    move = forms.ChoiceField(choices=MOVES)
    selected = forms.ModelMultipleChoiceField(Registration.objects.none(), to_field_name="reference")

    def __init__(self, data: Any, registrations: RegistrationQuerySet) -> None:
        super().__init__(data)
        self.fields["selected"].queryset = registrations  # type: ignore[attr-defined]
        self.fields["selected"].error_messages.update(
            required=_("Nobody is selected. Tick at least one person."),
            invalid_choice=_("Somebody in this selection is not at this meeting. Select again."),
        )

    def clean_selected(self) -> list[Registration]:
        selected = self.cleaned_data["selected"].with_all_around().order_by("status_since", "pk")
        rows = list(selected[: MOST_AT_ONCE + 1])
        if len(rows) > MOST_AT_ONCE:
            raise forms.ValidationError(_("Decide on at most %(most)d at once.") % {"most": MOST_AT_ONCE})
        return rows


class ConfirmedForm(SelectionForm):
    """The same after it was looked at: now with the reason."""

    reason = forms.CharField(label=_("Reason"), max_length=2000, strip=True, required=False)

    def clean_selected(self) -> list[Registration]:
        return [row.take_meeting() for row in super().clean_selected()]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("move") == "reject" and not cleaned.get("reason"):
            self.add_error("reason", _("Give a reason: the delegates read it."))
        return cleaned
