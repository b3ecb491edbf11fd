"""The questions of a meeting as form fields, named `q_<key>`, and which of their answers count."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from meeting.models import Meeting

from ..models import Answer, Category, Question, QuestionGroup, QuestionKind
from . import conditions, countries, kinds
from .kept_files import KeptFile

GROUP_ORDER = {group: n for n, group in enumerate(QuestionGroup.values)}
# As kinds.py says it where a choice was not made.
CHOOSE = {QuestionKind.YES_NO, QuestionKind.ONE_OF, QuestionKind.MANY_OF, QuestionKind.COUNTRY}


def name_of(question: Question) -> str:
    return f"q_{question.key}"


def for_category(meeting: Meeting, category: Category) -> list[Question]:
    """What is asked today of somebody who comes in `category`, in order, with the answers to choose from."""
    asked = Question.objects.asked().filter(Q(categories=None) | Q(categories=category), meeting=meeting).distinct()
    found = sorted(asked.prefetch_related("options"), key=place)
    return _joined(conditions.reachable(found), meeting)


def place(question: Question) -> tuple[int, int, int]:
    return GROUP_ORDER.get(question.group, 0), question.order, question.pk


def _joined(questions: list[Question], meeting: Meeting) -> list[Question]:
    """Each condition points at the question in this list: its label and options are read already."""
    by_pk = {question.pk: question for question in questions}
    for question in questions:
        question.meeting = meeting
        if question.shown_if_id:
            question.shown_if = by_pk[question.shown_if_id]
    return questions


def form_fields(questions: Iterable[Question], initial: Mapping[str, Any] | None = None) -> dict[str, forms.Field]:
    """A field for each of `questions`; `initial` holds what is answered already, by field name."""
    before = initial or {}
    return {name_of(q): field_for(q, before.get(name_of(q))) for q in questions}


def field_for(question: Question, initial: Any = None) -> forms.Field:
    """`field.question` is the question. A condition goes along for the browser; the server looks for itself."""
    # An English question on an Arabic page keeps its question mark at its end.
    asked = {"label": format_html("<bdi>{}</bdi>", question.label), "required": question.required, "initial": initial}
    field = MAKERS[QuestionKind(question.kind)](question, **asked)
    field.help_text = hint(question, initial)
    field.question = question  # type: ignore[attr-defined]
    field.error_messages.update(_in_our_words(question))
    if question.shown_if:
        field.widget.attrs |= {
            "data-shown-if": name_of(question.shown_if),
            "data-shown-if-answer": question.shown_if_answer,
        }
    return field


def hint(question: Question, initial: Any = None) -> SafeString:
    """What an organiser wrote, escaped, after the condition where there is one; and which file is here already."""
    first = question.shown_if
    condition = format_html('<span class="q-if">{}</span> ', condition_in_words(question, first)) if first else ""
    told = format_html("<bdi>{}</bdi>", question.help) if question.help else ""
    return format_html("{}{}{}", condition, told, _file_hint(question, initial))


def _file_hint(question: Question, initial: Any) -> SafeString | str:
    if question.kind != QuestionKind.FILE:
        return ""
    if isinstance(initial, Answer | KeptFile):
        kept = _("We have “%(name)s”. Choose a file only to replace it.") % {"name": initial.original_name}
        return format_html(' <span dir="auto">{}</span>', kept)
    return format_html(" {}", _("PDF, JPEG or PNG, up to 10 MB."))


def condition_in_words(question: Question, first: Question) -> str:
    words = {"answer": answer_in_words(first, question.shown_if_answer), "question": first.label}
    return _("Only if you answered “%(answer)s” to “%(question)s”.") % words


def answer_in_words(question: Question, wanted: str) -> str:
    """The answer that a condition names, as the person who is asked read it."""
    if question.kind == QuestionKind.YES_NO:
        return _("Yes") if wanted == conditions.YES else _("No")
    if question.kind == QuestionKind.COUNTRY:
        return dict(countries.of_meeting(question.meeting, get_language() or "en")).get(wanted, wanted)
    return next((option.label for option in question.options.all() if option.key == wanted), wanted)


def _in_our_words(question: Question) -> dict[str, str]:
    choose = _("Choose an answer to “%(question)s”") % {"question": question.label}
    answer = _("Answer “%(question)s”") % {"question": question.label}
    again = _("Choose again: this answer to “%(question)s” is not offered any more") % {"question": question.label}
    file = _("Choose a file for “%(question)s”") % {"question": question.label}
    by_kind = {QuestionKind.FILE: file} | dict.fromkeys(CHOOSE, choose)
    return {
        "required": by_kind.get(QuestionKind(question.kind), answer),
        "invalid_choice": again,
        "invalid_list": again,
        "max_length": _("Shorten this answer a little."),
    }


def _options(question: Question) -> list[tuple[str, str]]:
    return [(option.key, option.label) for option in question.options.all()]


def _no_answer(asked: dict[str, Any]) -> list[tuple[str, str]]:
    """A button once pressed stays pressed: who need not answer needs a way back."""
    return [] if asked["required"] else [("", _("No answer"))]


def _text(question: Question, **asked: Any) -> forms.Field:
    return kinds.TextAnswer(
        max_length=kinds.MOST_TEXT, widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}), **asked
    )


def _long_text(question: Question, **asked: Any) -> forms.Field:
    widget = forms.Textarea(attrs={"rows": 4, "dir": "auto"})
    return kinds.LongTextAnswer(max_length=kinds.MOST_LONG_TEXT, widget=widget, **asked)


def _yes_no(question: Question, **asked: Any) -> forms.Field:
    return kinds.YesNoAnswer(more=_no_answer(asked), **asked)


def _one_of(question: Question, **asked: Any) -> forms.Field:
    options = _options(question)
    is_list = len(options) > kinds.OneOfAnswer.MOST_SHOWN
    if is_list:
        return kinds.OneOfAnswer(choices=[("", _("Choose an answer")), *options], **asked)
    return kinds.OneOfAnswer(choices=[*options, *_no_answer(asked)], widget=forms.RadioSelect, **asked)


def _country(question: Question, **asked: Any) -> forms.Field:
    states = countries.of_meeting(question.meeting, get_language() or "en")
    widget = forms.Select(attrs={"class": "input--m"})
    return kinds.CountryAnswer(choices=[("", _("Choose a country")), *states], widget=widget, **asked)


MAKERS: dict[QuestionKind, Any] = {
    QuestionKind.TEXT: _text,
    QuestionKind.LONG_TEXT: _long_text,
    QuestionKind.NUMBER: lambda question, **asked: kinds.NumberAnswer(**asked),
    QuestionKind.DATE: lambda question, **asked: kinds.DateAnswer(**asked),
    QuestionKind.YES_NO: _yes_no,
    QuestionKind.ONE_OF: _one_of,
    QuestionKind.MANY_OF: lambda question, **asked: kinds.ManyOfAnswer(choices=_options(question), **asked),
    QuestionKind.FILE: lambda question, **asked: kinds.FileAnswer(**asked),
    QuestionKind.COUNTRY: _country,
}


def settle(form: forms.BaseForm, questions: Iterable[Question]) -> dict[Question, Any]:
    """The answers that count, None for the others; call it from the form's `clean`.

    A question that was not to be asked asks for nothing: what is wrong with its answer is nobody's trouble.
    """
    questions = list(questions)
    data = form.cleaned_data
    shown = conditions.counting(questions, {q.key: data.get(name_of(q)) for q in questions})
    for question in questions:
        if question.key not in shown:
            form.errors.pop(name_of(question), None)
            data[name_of(question)] = None
    given = {question: data.get(name_of(question)) for question in questions}
    return {question: None if value == "" else value for question, value in given.items()}
