"""Questions inside another form: they join its fields, its layout and its checks."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from crispy_forms.layout import Fieldset, LayoutObject
from django import forms
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from meeting.dates import joined
from meeting.models import Role

from ..letters.files import AcceptedFile
from ..models import Category, Question, QuestionGroup, QuestionKind, Registration
from . import answers, fields, kept_files


class AsksQuestions(forms.BaseForm):
    """For a form about one registration: `self.answers` holds what counts once the form is valid.

    The form calls `ask_questions` when its own fields stand, and `settle_answers` at the end of its `clean`.
    """

    questions: list[Question]
    answers: dict[Question, Any]

    def ask_questions(self, category: Category, registration: Registration | None) -> None:
        self.questions = fields.for_category(category.meeting, category)
        before = answers.initial(registration) if self.questions and registration and registration.pk else {}
        self.fields.update(fields.form_fields(self.questions, before | self._kept_files()))
        for question in self._asked_for_files():
            self.fields[receipt_of(question)] = forms.CharField(widget=forms.HiddenInput, required=False)
        self.answers = {}

    def _asked_for_files(self) -> list[Question]:
        return [question for question in self.questions if question.kind == QuestionKind.FILE]

    def _kept_files(self) -> dict[str, Any]:
        receipts = {q: self.data.get(self.add_prefix(receipt_of(q)), "") for q in self._asked_for_files()}
        found = {fields.name_of(q): kept_files.find(receipt, q.pk) for q, receipt in receipts.items() if receipt}
        return {name: kept for name, kept in found.items() if kept}

    def full_clean(self) -> None:
        """Where something is wrong elsewhere, good files are kept: they need not be chosen again."""
        super().full_clean()
        if self.is_bound and self.errors:
            for question in self._asked_for_files():
                self._keep_file(question)

    def _keep_file(self, question: Question) -> None:
        name = fields.name_of(question)
        accepted = getattr(self, "cleaned_data", {}).get(name)
        if not isinstance(accepted, AcceptedFile):
            return
        kept, receipt = kept_files.keep(accepted, question.pk)
        data = QueryDict(mutable=True)
        data.update(self.data)
        data[self.add_prefix(receipt_of(question))] = receipt
        self.data, self.cleaned_data[name] = data, kept
        self[name].help_text = fields.hint(question, kept)

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
        parts.append(Why(reason))
        for question in alike:
            is_file = question.kind == QuestionKind.FILE
            parts += [fields.name_of(question), receipt_of(question)] if is_file else [fields.name_of(question)]
    return Fieldset(heading(group), *parts, css_class="group")


def receipt_of(question: Question) -> str:
    return f"{fields.name_of(question)}_receipt"


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
