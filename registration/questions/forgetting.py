"""Answers are kept as long as their question promised, and then deleted with their files."""

from __future__ import annotations

import datetime
from collections import Counter

from django.db.models import DateField, ExpressionWrapper, F, QuerySet
from django.utils import timezone

from meeting.models import Meeting

from ..models import Answer
from . import answers, past, versions

CHUNK = 500
Counts = dict[Meeting, Counter[str]]


def due(today: datetime.date) -> QuerySet[Answer]:
    """Answers whose time is over. What counts is the promise of the version that was answered."""
    last_day = ExpressionWrapper(F("question__meeting__ends_on") + F("question__keep_days"), output_field=DateField())
    return Answer.objects.annotate(last_day=last_day).filter(last_day__lt=today)


def counts(today: datetime.date | None = None) -> Counts:
    """How many would be deleted, by meeting and question. Deletes nothing."""
    found: Counts = {}
    for answer in due(today or timezone.now().date()).select_related("question__meeting").iterator():
        found.setdefault(answer.question.meeting, Counter())[answer.question.key] += 1
    return found


def forget(today: datetime.date | None = None) -> Counts:
    """Delete them, and what the history tells of them; how many goes into the history. Twice is once."""
    gone: Counts = {}
    today = today or timezone.now().date()
    while chunk := list(due(today).select_related("question__meeting")[:CHUNK]):
        answers.forget(chunk)
        for answer in chunk:
            gone.setdefault(answer.question.meeting, Counter())[answer.question.key] += 1
    for meeting, numbers in gone.items():
        versions.record(meeting, None, "", what="answers deleted: their time was over", counts=dict(numbers))
    _out_of_the_history(today)
    return gone


def _out_of_the_history(today: datetime.date) -> None:
    """An answer that was changed stands in the history; there it is kept no longer than it was promised."""
    for meeting in Meeting.objects.filter(questions__isnull=False).distinct():
        since_the_end = (today - meeting.ends_on).days
        past.keep_only(meeting, meeting.questions.filter(keep_days__lt=since_the_end).values_list("pk", flat=True))
