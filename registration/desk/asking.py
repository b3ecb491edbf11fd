"""The standard groups of questions: switched on for a meeting with one button."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from meeting.models import Meeting

from .. import rules
from ..models import QuestionGroup
from ..questions import standard
from .access import StaffRequest, desk_view


class StandardQuestionsForm(forms.Form):
    """Which groups a meeting asks; those of which nothing is missing are not offered."""

    groups = forms.MultipleChoiceField(
        label=gettext_lazy("Groups of questions"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Tick at least one group.")},
    )

    def __init__(self, data: Any, meeting: Meeting) -> None:
        super().__init__(data)
        offered = [(group, QuestionGroup(group).label) for group in standard.GROUPS if standard.missing(meeting, group)]
        self.fields["groups"].choices = offered  # type: ignore[attr-defined]


@require_http_methods(["GET", "POST"])
@desk_view(rules.can_organise)
def standard_questions(request: StaffRequest, meeting: Meeting) -> HttpResponseBase:
    form = StandardQuestionsForm(request.POST if request.method == "POST" else None, meeting)
    if request.method == "POST" and form.is_valid():
        added = sum(standard.switch_on(meeting, group, request.user) for group in form.cleaned_data["groups"])
        messages.success(request, ngettext("%d question added.", "%d questions added.", added) % added)
        return redirect(f"{reverse('admin:registration_question_changelist')}?meeting__id__exact={meeting.pk}")
    context = {"meeting": meeting, "section": "setup", "form": form, "groups": _shown(form)}
    return render(request, "desk/standard_questions.html", context, status=422 if form.errors else 200)


def _shown(form: StandardQuestionsForm) -> list[dict[str, Any]]:
    """Each group that is offered, with what it asks."""
    return [{"box": box, "questions": _labels(str(box.data["value"]))} for box in form["groups"]]


def _labels(group: str) -> str:
    language = get_language() or "en"
    return " · ".join(ready.label.get(language, ready.label["en"]) for ready in standard.GROUPS[group])
