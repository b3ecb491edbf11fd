"""Questions inside another form: they join its fields, its layout and its checks."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from crispy_forms.layout import Fieldset, LayoutObject
from django import forms
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from meeting.dates import joined
from meeting.models import Role

from ..models import Category, Question, QuestionGroup, Registration
from . import answers, fields


class AsksQuestions(forms.BaseForm):
    """For a form about one registration: `self.answers` holds what counts once the form is valid.

    The form calls `ask_questions` when its own fields stand, and `settle_answers` at the end of its `clean`.
    """

    questions: list[Question]
    answers: dict[Question, Any]

    def ask_questions(self, category: Category, registration: Registration | None) -> None:
        self.questions = fields.for_category(category.meeting, category)
        before = answers.initial(registration) if self.questions and registration and registration.pk else {}
        self.fields.update(fields.form_fields(self.questions, before))
        self.answers = {}

    def settle_answers(self) -> None:
        self.answers = fields.settle(self, self.questions)

    def question_fieldsets(self) -> list[Fieldset]:
        """A group of the page for each group of questions, with why they are asked."""
        groups = groupby(self.questions, key=lambda question: question.group)
        return [_fieldset(group, list(asked)) for group, asked in groups]


def _fieldset(group: str, asked: list[Question]) -> Fieldset:
    """The questions in their order; before those that are asked for the same reason, the reason."""
    parts: list[Any] = []
    for reason, alike in groupby(asked, key=reason_of):
        parts += [Why(reason), *(fields.name_of(question) for question in alike)]
    return Fieldset(heading(group), *parts, css_class="group")


def heading(group: str) -> str:
    return str(QuestionGroup(group).label) if group else _("For this meeting")


@dataclass(frozen=True)
class Reason:
    """Why something is asked, who reads the answer and until when: promised beside the question."""

    purpose: str
    readers: str
    days: int


def reason_of(question: Question) -> Reason:
    readers = joined([str(Role(role).label) for role in question.readers])
    return Reason(question.purpose, readers, question.keep_days)


class Why(LayoutObject):
    def __init__(self, reason: Reason) -> None:
        self.reason = reason

    def render(self, form: Any, context: Any, **kwargs: Any) -> str:
        return render_to_string("questions/_why.html", {"reason": self.reason})
