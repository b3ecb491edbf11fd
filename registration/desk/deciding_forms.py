"""What the buttons beside one person send: a decision, a colleague, a note, another category, an undo."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from meeting.models import User

from ..models import CannedReason, Category, Status
from .reasons import in_language

MOVES = [
    ("approve", _("Approve")),
    ("return", _("Return")),
    ("waitlist", _("Put on the waiting list")),
    ("reject", _("Reject")),
    ("withdraw", _("Withdraw")),
    ("un_approve", _("Take the approval back")),
    ("come_back", _("Bring back")),
    ("accept_change", _("Accept the change")),
    ("decline_change", _("Decline the change")),
]
NEED_A_REASON = {
    "reject": _("Give a reason: the delegate reads it."),
    "return": _("Say what is to be put right: the delegate reads it."),
    "un_approve": _("Give a reason: the delegate reads it."),
    "decline_change": _("Give a reason: the delegate reads it."),
}


class DecisionForm(forms.Form):
    """One decision. On the screen were the status `seen`, and the change that was asked for at `asked_at`.

    `ready` are the reasons to choose from. One chosen, with nothing written beside it, is the reason, in `language`.
    """

    move = forms.ChoiceField(choices=MOVES)
    ready = forms.ChoiceField(
        label=_("Ready reason"),
        required=False,
        error_messages={"invalid_choice": _("This reason is no longer there. Choose another, or write your own.")},
    )
    reason = forms.CharField(label=_("Reason"), max_length=2000, strip=True, required=False)
    fields_to_mend = forms.MultipleChoiceField(label=_("What is to be put right"), required=False)
    seen = forms.ChoiceField(choices=Status.choices)
    asked_at = forms.CharField(max_length=40, required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        returnable: list[tuple[str, str]],
        ready: Sequence[CannedReason] = (),
        language: str = "en",
    ) -> None:
        super().__init__(data)
        self.language, self.written = language, {str(one.pk): one for one in ready}
        self.fields["fields_to_mend"].choices = returnable  # type: ignore[attr-defined]
        self.fields["ready"].choices = [(key, one.name) for key, one in self.written.items()]  # type: ignore[attr-defined]

    def clean_asked_at(self) -> datetime.datetime | None:
        try:
            return parse_datetime(self.cleaned_data["asked_at"])
        except ValueError:
            return None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        move = cleaned.get("move", "")
        chosen = self.written.get(cleaned.get("ready", ""))
        if chosen and chosen.use == move and not cleaned.get("reason") and "reason" not in self.errors:
            cleaned["reason"] = in_language(chosen, self.language)
        if move in NEED_A_REASON and not cleaned.get("reason") and not {"reason", "ready"} & set(self.errors):
            self.add_error("reason", NEED_A_REASON[move])
        if move == "return" and chosen and not cleaned.get("fields_to_mend"):
            cleaned["fields_to_mend"] = of_reason(chosen, self)
        if move == "return" and not cleaned.get("fields_to_mend") and "fields_to_mend" not in self.errors:
            self.add_error("fields_to_mend", _("Tick what is to be put right."))
        return cleaned


def of_reason(chosen: CannedReason, form: forms.Form) -> list[str]:
    """What a ready reason asks to put right, of what can be sent back here: meant where nothing else is ticked."""
    offered = {name for name, _label in form.fields["fields_to_mend"].choices}  # type: ignore[attr-defined]
    return [name for name in chosen.fields_to_mend if name in offered]


class CategoryForm(forms.Form):
    """Another category for somebody, and why. `seen` is the number of the one on the screen."""

    category: Any = forms.ModelChoiceField(
        Category.objects.none(),
        label=_("New category"),
        error_messages={
            "required": _("Choose a category."),
            "invalid_choice": _("This category is no longer open to them. Choose another."),
        },
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        strip=True,
        error_messages={"required": _("Say why: it stands in the history.")},
    )
    seen = forms.IntegerField(required=False)

    def __init__(self, data: Any, choices: Sequence[Category]) -> None:
        super().__init__(data)
        self.fields["category"].queryset = Category.objects.filter(pk__in=[c.pk for c in choices])  # type: ignore[attr-defined]


class AssignForm(forms.Form):
    """Whose decision it is; nobody's where nothing is chosen."""

    to: Any = forms.ModelChoiceField(
        User.objects.none(),
        required=False,
        error_messages={"invalid_choice": _("This colleague does not decide here any more. Choose another.")},
    )

    def __init__(self, data: Any, colleagues: Any) -> None:
        super().__init__(data)
        self.fields["to"].queryset = colleagues  # type: ignore[attr-defined]


class NoteForm(forms.Form):
    text = forms.CharField(
        label=_("Note"), max_length=2000, strip=True, error_messages={"required": _("Write something first.")}
    )
