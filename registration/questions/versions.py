"""Editing a question after people have answered it: what they were asked, and what they were promised, stays theirs."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.db import transaction

from meeting.models import AuditEntry, Meeting, User
from meeting.translated import in_every_language

from ..models import Answer, Category, Question, QuestionKind, QuestionOption
from . import past

CHOICES = (QuestionKind.ONE_OF, QuestionKind.MANY_OF)
WORDING = {"label", "help", "purpose", *in_every_language("label", "help", "purpose")}
# What may change without touching what an answer means or what was promised about it.
FREE = {"order", "group", "required", "categories", "shown_if", "shown_if_answer", "is_retired"}
OPTION_FIELDS = ("key", "order", *in_every_language("label"))


def is_answered(question: Question) -> bool:
    """Whether anybody answered this version."""
    return Answer.objects.filter(question=question).exists()


def needs_new_version(question: Question, changed: Collection[str], *, only_wording: bool) -> bool:
    """Whether a change of these fields would alter what was asked of those who answered."""
    material = set(changed) - FREE
    if only_wording:
        material -= WORDING
    return bool(material) and is_answered(question)


@transaction.atomic
def succeed(question: Question, options: Iterable[dict[str, Any]], categories: Iterable[Category]) -> Question:
    """Store `question`, changed in memory, as the next version of what is stored under its number.

    The version before stays as it was, with its options and answers; conditions that looked at it look at the new one.
    """
    before = Question.objects.select_for_update().get(pk=question.pk)
    categories = list(categories)
    newest = Question.objects.filter(meeting=before.meeting_id, key=before.key).order_by("-version")
    version = newest.values_list("version", flat=True)[0] + 1
    Question.objects.filter(pk=before.pk).update(is_current=False)
    question.pk, question.version, question.is_current = None, version, True
    question._state.adding = True
    question.save(force_insert=True)
    question.categories.set(categories)
    QuestionOption.objects.bulk_create(QuestionOption(question=question, **values) for values in options)
    Question.objects.filter(shown_if=before.pk, is_current=True).update(shown_if=question.pk)
    return question


def waiting_in_vain(question: Question) -> list[Question]:
    """Those asked only after an answer that this version does not offer."""
    if question.kind not in CHOICES:
        return []
    offered = question.options.values("key")
    return list(Question.objects.asked().filter(shown_if=question).exclude(shown_if_answer__in=offered))


def option_values(option: QuestionOption) -> dict[str, Any]:
    return {name: getattr(option, name) for name in OPTION_FIELDS}


def may_be_deleted(question: Question) -> bool:
    """Never where somebody answered any version of it, or another question waits for it: then it is retired."""
    versions = Question.objects.filter(meeting=question.meeting_id, key=question.key)
    waiting = Question.objects.filter(shown_if__in=versions).exclude(pk__in=versions)
    return not (Answer.objects.filter(question__in=versions).exists() or waiting.exists())


@transaction.atomic
def delete(question: Question) -> None:
    """With its earlier versions."""
    versions = Question.objects.filter(meeting=question.meeting_id, key=question.key)
    versions.update(shown_if=None, shown_if_answer="")
    past.keep_only(question.meeting, versions.values_list("pk", flat=True))
    versions.delete()


def record(meeting: Meeting, by: User | None, about: str, **detail: Any) -> None:
    AuditEntry.objects.create(
        meeting=meeting, by=by, action=AuditEntry.Action.QUESTION, about=about[:200], detail=detail
    )
