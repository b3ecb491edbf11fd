"""What the buttons under a selection send."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import Registration
from ..models.registration import RegistrationQuerySet

MOST_AT_ONCE = 500
MOVES = [("approve", _("Approve")), ("reject", _("Reject"))]


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
