"""Answers to the meeting's own questions on the pages about one registration."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse

from meeting.models import User

from ..models import QuestionKind, Registration
from ..questions import answers, kinds

register = template.Library()


@register.inclusion_tag("questions/_answers.html")
def own_answers(registration: Registration, key: str, change: str = "") -> dict[str, Any]:
    """What the person answered, as rows of facts; with `change`, the address of the form, each leads to its field."""
    rows = [
        {"label": given.question.label, "text": given.text, "focus": _focus(given), "address": _own_file(given, key)}
        for given in answers.of(registration)
    ]
    return {"answered": rows, "change": change}


@register.inclusion_tag("questions/_answers_for_staff.html")
def answers_for_staff(registration: Registration, user: User) -> dict[str, Any]:
    """What this member of staff may read of the answers; nothing at all where that is nothing."""
    readable = answers.readable_by(user, registration.meeting, registration)
    found = answers.of(registration, readable) if readable else []
    rows = [{"label": given.question.label, "text": given.text, "address": _desk_file(given)} for given in found]
    return {"answered": rows}


def _focus(given: answers.Answered) -> str:
    """The id of what takes the focus: of buttons the first."""
    question = given.question
    options = len(question.options.all())
    is_short_list = question.kind == QuestionKind.ONE_OF and options <= kinds.OneOfAnswer.MOST_SHOWN
    has_buttons = is_short_list or question.kind in (QuestionKind.YES_NO, QuestionKind.MANY_OF)
    return f"id_q_{question.key}_0" if has_buttons else f"id_q_{question.key}"


def _own_file(given: answers.Answered, key: str) -> str:
    return reverse("private:answer", args=[key, given.answer.pk]) if given.answer.file else ""


def _desk_file(given: answers.Answered) -> str:
    if not given.answer.file:
        return ""
    return reverse("admin:desk:answer", args=[given.question.meeting.slug, given.answer.pk])
