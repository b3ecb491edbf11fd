"""What the buttons under a selection send, and what is confirmed afterwards."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from meeting.models import Meeting, User

from .. import field_words
from ..many.starting import Asked, Seen
from ..models import BulkDecision, CannedReason, Channel, Question, Registration, Status
from ..models.registration import RegistrationQuerySet
from ..questions.fields import name_of, place
from . import colleagues
from .deciding_forms import of_reason
from .person import ONLY_FOCAL_POINTS

Move = BulkDecision.Move
MOST_AT_ONCE = 500
WITH_REASON = (Move.RETURN, Move.REJECT, Move.WAITLIST)
NEED_A_REASON: dict[str, Any] = {
    Move.REJECT: _("Give a reason: the delegates read it."),
    Move.RETURN: _("Say what is to be put right: the delegates read it."),
}
# What happens to whom stands in the page as it was looked at: reference, status, and a cross after a first word.
ROW = re.compile(r"(?P<reference>[A-Z0-9-]{1,12})\.(?P<status>[a-z]{1,10})(?P<first>\+?)")
NOT_HERE = _("Somebody in this selection is not at this meeting. Select again.")
NOBODY = _("Nobody is selected. Tick at least one person.")


class SelectionForm(forms.Form):
    """Several people of one meeting, and what is to happen to them: those ticked, or all that the filter leaves.

    `selected` holds their references, or the rows of the page on which they were looked at.
    """

    move = forms.ChoiceField(choices=BulkDecision.Move.choices)
    token = forms.UUIDField(required=False)
    all = forms.BooleanField(required=False)
    example = forms.CharField(max_length=10, required=False)

    def __init__(self, data: QueryDict, everybody: RegistrationQuerySet, wanted: RegistrationQuerySet) -> None:
        super().__init__(data)
        self.everybody, self.wanted = everybody, wanted
        self.more = False  # whether the filter leaves more than are taken

    def clean_token(self) -> uuid.UUID:
        return self.cleaned_data["token"] or uuid.uuid4()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        found = self._all() if cleaned.get("all") and "row" not in self.data else self._ticked()
        cleaned["people"] = [registration.take_meeting() for registration in found]
        return cleaned

    def _references(self) -> list[str]:
        data: QueryDict = self.data  # type: ignore[assignment]
        return list(dict.fromkeys([*data.getlist("selected"), *(row.partition(".")[0] for row in data.getlist("row"))]))

    def _all(self) -> Sequence[Registration]:
        found = list(self.wanted.with_all_around()[: MOST_AT_ONCE + 1])
        self.more = len(found) > MOST_AT_ONCE
        return found[:MOST_AT_ONCE]

    def _ticked(self) -> Sequence[Registration]:
        references = self._references()
        if not references:
            raise forms.ValidationError(NOBODY)
        if len(references) > MOST_AT_ONCE:
            raise forms.ValidationError(_("Decide on at most %(most)d at once.") % {"most": MOST_AT_ONCE})
        chosen = self.everybody.filter(reference__in=[r for r in references if "\0" not in r])
        found = list(chosen.with_all_around().order_by("status_since", "pk"))
        if len(found) != len(references):
            raise forms.ValidationError(NOT_HERE)
        return found


class WordsForm(forms.Form):
    """What the move needs besides: a reason, what is to be put right, a colleague. Where nothing is `needed` yet, what
    is missing is no error: the page is only looked at again.
    """

    canned: forms.ModelChoiceField[CannedReason] = forms.ModelChoiceField(CannedReason.objects.none(), required=False)
    reason = forms.CharField(max_length=2000, strip=True, required=False)
    fields_to_mend = forms.MultipleChoiceField(required=False)
    assigned_to = forms.ModelChoiceField(User.objects.none(), required=False)

    def __init__(
        self, data: QueryDict, *, meeting: Meeting, people: Sequence[Registration], move: str, needed: bool
    ) -> None:
        super().__init__(data)
        self.move, self.needed = move, needed
        self.with_reason = move in WITH_REASON
        ready = CannedReason.objects.filter(meeting=meeting, use=move) if self.with_reason else None
        self.fields["canned"].queryset = ready if ready is not None else CannedReason.objects.none()  # type: ignore[attr-defined]
        returnable = common_fields(meeting, people) if move == Move.RETURN else []
        self.fields["fields_to_mend"].choices = returnable  # type: ignore[attr-defined]
        staff = colleagues.of_meeting(meeting) if move == Move.ASSIGN else User.objects.none()
        self.fields["assigned_to"].queryset = staff  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.move == Move.RETURN and cleaned.get("canned") and not cleaned.get("fields_to_mend"):
            cleaned["fields_to_mend"] = of_reason(cleaned["canned"], self)
        if not self.needed:
            return cleaned
        if self.move in NEED_A_REASON and not (cleaned.get("reason") or cleaned.get("canned")):
            self.add_error("reason", NEED_A_REASON[self.move])
        if self.move == Move.RETURN and not cleaned.get("fields_to_mend") and "fields_to_mend" not in self.errors:
            self.add_error("fields_to_mend", _("Tick what is to be put right."))
        if self.move == Move.ASSIGN and not cleaned.get("assigned_to") and "assigned_to" not in self.errors:
            self.add_error("assigned_to", _("Choose a colleague."))
        return cleaned

    @property
    def asked(self) -> Asked:
        """What was asked for, as far as it is understood."""
        cleaned = self.cleaned_data
        return Asked(
            move=self.move,
            reason=cleaned.get("reason", ""),
            canned=cleaned.get("canned"),
            fields_to_mend=tuple(cleaned.get("fields_to_mend", ())),
            assigned_to=cleaned.get("assigned_to"),
        )


def common_fields(meeting: Meeting, people: Sequence[Registration]) -> list[tuple[str, str]]:
    """What can be sent back to every one of `people` to be put right, with its name."""
    some_typed_alone = any(r.channel == Channel.SELF for r in people)
    names = [n for n in field_words.RETURNABLE if not some_typed_alone or n not in ONLY_FOCAL_POINTS]
    categories = {r.delegation.category_id for r in people}
    asked = Question.objects.asked().filter(meeting=meeting).prefetch_related("categories")
    own = [q for q in asked if not q.categories.all() or categories <= {c.pk for c in q.categories.all()}]
    return [(n, field_words.label(n)) for n in names] + [(name_of(q), str(q.label)) for q in sorted(own, key=place)]


def seen(data: QueryDict, people: Sequence[Registration]) -> list[Seen]:
    """How each stood on the page that was confirmed; for whom the page said nothing, as they stand now."""
    rows = (ROW.fullmatch(text) for text in data.getlist("row"))
    said = {row["reference"]: row for row in rows if row and row["status"] in Status.values}
    return [
        Seen(r, said[r.reference]["status"], bool(said[r.reference]["first"]))
        if r.reference in said
        else Seen(r, r.status, bool(r.first_approved_by_id))
        for r in people
    ]
