"""Groups of questions that most meetings ask, in six languages: switched on as they are, then an organiser's own."""

from __future__ import annotations

from django.db import transaction

from meeting.languages import columns
from meeting.models import Meeting, User

from ...models import Question, QuestionGroup, QuestionOption
from .. import versions
from . import interpretation, needs, side_events, travel
from .ready import Ready

GROUPS: dict[str, tuple[Ready, ...]] = {
    QuestionGroup.TRAVEL: travel.QUESTIONS,
    QuestionGroup.NEEDS: needs.QUESTIONS,
    QuestionGroup.INTERPRETATION: interpretation.QUESTIONS,
    QuestionGroup.SIDE_EVENTS: side_events.QUESTIONS,
}


def missing(meeting: Meeting, group: str) -> list[str]:
    """The keys of this group that the meeting does not ask now."""
    asked = set(Question.objects.asked().filter(meeting=meeting).values_list("key", flat=True))
    return [ready.key for ready in GROUPS[group] if ready.key not in asked]


@transaction.atomic
def switch_on(meeting: Meeting, group: str, by: User | None = None) -> int:
    """Ask the questions of this group at `meeting`; how many were not asked before. Nothing is ever doubled.

    One that was there and is no longer asked is asked again, as the organiser had left it.
    """
    Meeting.objects.select_for_update().only("pk").get(pk=meeting.pk)  # two buttons pressed at once are one
    added = [_ask(meeting, group, order, ready) for order, ready in enumerate(GROUPS[group], start=1)]
    keys = [key for key in added if key]
    if keys:
        versions.record(meeting, by, str(QuestionGroup(group).label), what="switched on", questions=keys)
    return len(keys)


def _ask(meeting: Meeting, group: str, order: int, ready: Ready) -> str:
    known = Question.objects.filter(meeting=meeting, key=ready.key, is_current=True).first()
    if known and not known.is_retired:
        return ""
    if known:
        Question.objects.filter(pk=known.pk).update(is_retired=False)
    else:
        _create(meeting, group, order, ready)
    return ready.key


def _create(meeting: Meeting, group: str, order: int, ready: Ready) -> None:
    first = Question.objects.get(meeting=meeting, key=ready.shown_if, is_current=True) if ready.shown_if else None
    question = Question.objects.create(
        meeting=meeting,
        key=ready.key,
        kind=ready.kind,
        group=group,
        order=order * 10,
        shown_if=first,
        shown_if_answer=ready.shown_if_answer,
        data_class=ready.data_class,
        readers=list(ready.readers),
        keep_days=ready.keep_days,
        **columns(label=ready.label, help=ready.help, purpose=ready.purpose),
    )
    QuestionOption.objects.bulk_create(
        QuestionOption(question=question, key=key, order=n * 10, **columns(label=label))
        for n, (key, label) in enumerate(ready.options.items(), start=1)
    )
