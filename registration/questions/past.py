"""What became of answers, as the history keeps it: what an ordinary one was and is; of any other only that it changed.

The history is read by more people than an answer is, and it is not forgotten with it. So no word of an answer stands
in it that only a few may read, that is a file, that tells of such an answer by having been asked for, or that somebody
under 18 gave.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import BooleanField, F, Func

from meeting.appended import forgetting
from meeting.models import Meeting, Role

from ..models import Answer, Question, QuestionKind, Registration, RegistrationEvent
from . import fields

# Needs, passports: of somebody under 18 only the safeguarding lead reads them.
RESTRICTED = 3
# Of somebody under 18 not even which: a question that is asked only after another one tells of both.
OF_A_CHILD = "answers"
Past = dict[str, Any]
Change = tuple[Answer | None, Question, Any]
BATCH = 500


class Secrecy:
    """Which questions of a meeting are ordinary. One that ever was not, in any version, never is."""

    def __init__(self, versions: Iterable[Question]) -> None:
        self.by_pk = {question.pk: question for question in versions}
        self._guarded = {question.key for question in self.by_pk.values() if not _is_ordinary(question)}

    @classmethod
    def of(cls, meeting_id: int) -> Secrecy:
        return cls(Question.objects.filter(meeting=meeting_id))

    def told_as(self, question: Question) -> Question | None:
        """The guarded question on which it hangs, the first of them; None for an ordinary one."""
        found: Question | None = None
        asked: Question | None = self.by_pk.get(question.pk, question)
        seen: set[int] = set()
        while asked is not None and asked.pk not in seen:
            found = asked if asked.key in self._guarded else found
            seen.add(asked.pk)
            asked = self.by_pk.get(asked.shown_if_id or 0)
        return found

    def may_stand(self, asked: Iterable[int | None]) -> bool:
        """Whether answers to all of these questions, by number, may stand in a history. None: nothing was answered."""
        questions = [self.by_pk.get(pk) for pk in asked if pk is not None]
        return all(question is not None and self.told_as(question) is None for question in questions)


def _is_ordinary(question: Question) -> bool:
    is_read = question.data_class < RESTRICTED and Role.ORGANISER in question.readers
    return is_read and question.kind != QuestionKind.FILE


def between(registration: Registration, given: Mapping[Question, Any]) -> Past:
    """What saving `given` will change, for the event of the edit: call it before `answers.save`, in its transaction."""
    if not given:
        return {}
    # As `answers.save` does: what two windows send at once is compared one after the other.
    Registration.objects.select_for_update(no_key=True).only("pk").get(pk=registration.pk)
    return between_all({registration: given}).get(registration.pk, {})


def between_all(given: Mapping[Registration, Mapping[Question, Any]]) -> dict[int, Past]:
    """The same for many of one meeting, by their numbers: two queries, or one where nothing changes."""
    given = {registration: theirs for registration, theirs in given.items() if theirs}
    before = _before(given)
    changed = {
        registration: [
            (before.get((registration.pk, question.key)), question, value)
            for question, value in theirs.items()
            if _differs(before.get((registration.pk, question.key)), value)
        ]
        for registration, theirs in given.items()
    }
    return _written({registration: found for registration, found in changed.items() if found})


def _before(given: Iterable[Registration]) -> dict[tuple[int, str], Answer]:
    if not given:
        return {}
    answers = Answer.objects.filter(registration__in=[r.pk for r in given]).select_related("question")
    return {(a.registration_id, a.question.key): a for a in answers.order_by("question__version")}


def _differs(before: Answer | None, value: Any) -> bool:
    if isinstance(value, Answer):  # the file that is there already
        return False
    was = None if before is None else (before.file or before.value)
    return (None if was in (None, "", []) else was) != (None if value in (None, "", []) else value)


def brought(answers: Iterable[Answer], registration: Registration) -> Past:
    """For the event of a merger: what `registration` has from now on, where it had nothing."""
    changes: list[Change] = [(None, answer.question, answer.value) for answer in answers]
    return _written({registration: changes}).get(registration.pk, {}) if changes else {}


def _written(changed: Mapping[Registration, list[Change]]) -> dict[int, Past]:
    if not changed:
        return {}
    secrecy = Secrecy.of(next(iter(changed)).meeting_id)
    return {
        registration.pk: {OF_A_CHILD: {}} if registration.is_minor else dict(_entry(secrecy, *one) for one in found)
        for registration, found in changed.items()
    }


def _entry(secrecy: Secrecy, before: Answer | None, question: Question, value: Any) -> tuple[str, Past]:
    """Under the name of its field. What is guarded has no words, and no number that tells whether it was answered."""
    for version in (question, before.question if before else question):
        if guarded := secrecy.told_as(version):
            return fields.name_of(guarded), {}
    asked = [before.question_id if before else None, None if value in (None, "", []) else question.pk]
    return fields.name_of(question), {"was": before.value if before else None, "now": value, "asked": asked}


def keep_only(meeting: Meeting, gone: Iterable[int]) -> int:
    """Take the words of answers out of the history where they may not, or no longer, stand; of how many lines.

    `gone` are the numbers of the questions whose answers are forgotten. That something changed stays.
    """
    secrecy, gone = Secrecy.of(meeting.pk), set(gone)
    told = RegistrationEvent.objects.filter(_HasWords(), meeting=meeting).only("changes")
    stripped = []
    for event in told.iterator(chunk_size=BATCH):
        kept = {name: _without_words(change, secrecy, gone) for name, change in event.changes.items()}
        if kept != event.changes:
            event.changes = kept
            stripped.append(event)
    if stripped:
        with forgetting():
            RegistrationEvent.objects.bulk_update(stripped, ["changes"], batch_size=BATCH)
    return len(stripped)


def _without_words(change: Any, secrecy: Secrecy, gone: set[int]) -> Any:
    if not isinstance(change, dict) or "asked" not in change:
        return change
    return change if secrecy.may_stand(change["asked"]) and not gone & set(change["asked"]) else {}


class _HasWords(Func):
    """Whether a line tells what an answer was or is."""

    template = "jsonb_path_exists(%(expressions)s, '$.*.asked')"
    output_field = BooleanField()

    def __init__(self) -> None:
        super().__init__(F("changes"))
