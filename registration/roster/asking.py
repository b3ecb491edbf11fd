"""The meeting's own questions in a roster: asked on the page of a row, wanted before it can be sent."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from meeting.models import Role, User

from ..models import Answer, Channel, Delegation, Question, Registration
from ..questions import answers, conditions, fields


def asked(delegation: Delegation) -> list[Question]:
    """What whoever comes in this category is asked."""
    return fields.for_category(delegation.meeting, delegation.category)


def asked_on_page(delegation: Delegation, registration: Registration, organiser: User | None) -> list[Question]:
    """The same for the page of a row: to an organiser who helps only what they may read, and to focal points not what
    delegates have answered themselves to a few. A question whose condition is not shown is not shown either: its
    answer would count as not given, and be lost.
    """
    questions = asked(delegation)
    if registration.pk is None:  # nothing is answered yet that could be read
        return questions
    if organiser:
        questions = _readable(questions, registration, organiser)
    elif registration.channel == Channel.SELF:
        questions = [q for q in questions if q.data_class < answers.RESTRICTED and Role.ORGANISER in q.readers]
    return conditions.reachable(questions)


def _readable(questions: list[Question], registration: Registration, organiser: User) -> list[Question]:
    """Those that this organiser may read, also in the version that was answered."""
    readable = answers.readable_by(organiser, registration.meeting, registration) if questions else set()
    mine = [question for question in questions if question.pk in readable]
    theirs = Answer.objects.filter(registration=registration).exclude(question__in=readable)
    hidden = set(theirs.values_list("question__key", flat=True)) if mine else set()
    return [question for question in mine if question.key not in hidden]


def missing(delegation: Delegation, registrations: Iterable[Registration]) -> dict[int, dict[str, str]]:
    """By row, a sentence for each answer that is wanted and not there. Five queries at most, however many rows."""
    rows = [r for r in registrations if not r.is_minor]
    questions = asked(delegation) if rows else []
    if not any(question.required for question in questions):
        return {}
    given = answers.initial_of(rows)
    return {r.pk: found for r in rows if (found := _missing_in(questions, given.get(r.pk, {})))}


def wanted(given: Mapping[Question, Any]) -> dict[str, str]:
    """The same for answers that are not stored yet."""
    return _missing_in(list(given), {fields.name_of(question): value for question, value in given.items()})


def _missing_in(questions: list[Question], given: Mapping[str, Any]) -> dict[str, str]:
    values = {question.key: given.get(fields.name_of(question)) for question in questions}
    counting = conditions.counting(questions, values)
    return {
        fields.name_of(question): _("Answer: %(question)s") % {"question": question.label}
        for question in questions
        if question.required and question.key in counting and values[question.key] in (None, "", [])
    }


def as_text(value: Any) -> str:
    """An answer as it is compared: what two editors saw, not how it is stored."""
    if value in (None, "", []):
        return ""
    return json.dumps(value, default=str, sort_keys=True)
