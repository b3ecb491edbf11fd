"""Which questions count, given what was answered to the others: the server decides, a browser only shows it sooner."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from meeting.collation import fold

from ..models import Question, QuestionKind

YES, NO = "yes", "no"
# A file has no answer that could be compared.
CAN_BE_ASKED_ABOUT = tuple(kind for kind in QuestionKind if kind != QuestionKind.FILE)


def counting(questions: Iterable[Question], values: Mapping[str, Any]) -> set[str]:
    """The keys of those of `questions` that are asked, given `values` by key. A chain is followed to its start."""
    by_pk = {question.pk: question for question in questions}
    return {question.key for question in by_pk.values() if _is_asked(question, by_pk, values, frozenset())}


def _is_asked(question: Question, by_pk: dict[int, Question], values: Mapping[str, Any], seen: frozenset[int]) -> bool:
    if question.shown_if_id is None:
        return True
    first = by_pk.get(question.shown_if_id)
    if first is None or question.pk in seen:
        return False
    answered = is_answer(first, question.shown_if_answer, values.get(first.key))
    return answered and _is_asked(first, by_pk, values, seen | {question.pk})


def is_answer(question: Question, wanted: str, value: Any) -> bool:
    """Whether `value` is the answer that a condition names: a key, yes or no, or the same text."""
    if value is None or value == "":
        return False
    if question.kind == QuestionKind.YES_NO:
        return bool(value) == (wanted == YES)
    if question.kind == QuestionKind.MANY_OF:
        return wanted in value
    return fold(str(value)) == fold(wanted)


def reachable(questions: list[Question]) -> list[Question]:
    """Without those whose condition looks at a question that is not among them: they can never be asked."""
    while True:
        known = {question.pk for question in questions}
        kept = [q for q in questions if q.shown_if_id is None or q.shown_if_id in known]
        if len(kept) == len(questions):
            return kept
        questions = kept


def goes_in_a_circle(question: Question, shown_if: Question | None) -> bool:
    """Whether asking `question` only after `shown_if` would make it wait for itself, in any version of it."""
    seen: set[int] = set()
    while shown_if is not None and shown_if.pk not in seen:
        if shown_if.pk == question.pk or (shown_if.key, shown_if.meeting_id) == (question.key, question.meeting_id):
            return True
        seen.add(shown_if.pk)
        shown_if = shown_if.shown_if
    return shown_if is not None
