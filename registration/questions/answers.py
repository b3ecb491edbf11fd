"""What people answered: saved under the version they were asked, read by those whom the question names."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.files.storage import Storage
from django.db import transaction
from django.db.models import QuerySet

from meeting.models import Meeting, Role, User
from meeting.models.meeting import has_role

from ..letters.files import AcceptedFile
from ..models import Answer, Question, QuestionKind, Registration
from . import fields, texts
from .kept_files import KeptFile
from .past import RESTRICTED

__all__ = ["RESTRICTED", "Answered", "initial", "initial_of", "of", "read_text", "readable_by", "save"]

read_text = texts.read


@dataclass(frozen=True)
class Answered:
    """A question as it was asked, and the answer in words. Unpacks into these two."""

    question: Question
    text: str
    answer: Answer

    def __iter__(self) -> Iterator[Any]:
        return iter((self.question, self.text))


def save(registration: Registration, given: Mapping[Question, Any]) -> None:
    """Store what was answered to these questions; None, or no text, forgets. Others keep their answers.

    A person has one answer to a question: the newest replaces what was said under an earlier version. Of what the
    organisers have already, whoever calls this writes into the history what `past.between` finds.
    """
    if not given:
        return
    with transaction.atomic():
        # Two windows may send the same form under two versions.
        Registration.objects.select_for_update().only("pk").get(pk=registration.pk)
        before = list(_answers_to(registration, given))
        forgotten = [answer for answer in before if _is_replaced(answer, given)]
        _forget(forgotten)
        # An answer that stands as a value is the file that is there already.
        new = {q: v for q, v in given.items() if v not in (None, "") and not isinstance(v, Answer)}
        fresh = [_answer(registration, question, value) for question, value in new.items()]
        Answer.objects.bulk_create(fresh)


def _answers_to(registration: Registration, given: Iterable[Question]) -> Any:
    keys = {question.key for question in given}
    return Answer.objects.filter(registration=registration, question__key__in=keys).select_related("question")


def _is_replaced(answer: Answer, given: Mapping[Question, Any]) -> bool:
    return not any(q.key == answer.question.key and isinstance(v, Answer) for q, v in given.items())


def _answer(registration: Registration, question: Question, value: Any) -> Answer:
    if isinstance(value, KeptFile):
        value = value.take()
    if isinstance(value, AcceptedFile):
        return Answer(
            registration=registration,
            question=question,
            file=value.as_file(),
            original_name=value.original_name,
            media_type=value.media_type,
        )
    return Answer(registration=registration, question=question, value=value)


def _forget(answers: list[Answer]) -> None:
    """Delete answers, and their files once that is certain."""
    files = [(answer.file.storage, answer.file.name) for answer in answers if answer.file]
    Answer.objects.filter(pk__in=[answer.pk for answer in answers]).delete()
    for storage, name in files:
        transaction.on_commit(_deleting(storage, name), robust=True)


def _deleting(storage: Storage, name: str | None) -> Any:
    return lambda: storage.delete(name or "")


def initial(registration: Registration) -> dict[str, Any]:
    """What is answered already, by field name, for `fields.form_fields`."""
    return initial_of([registration]).get(registration.pk, {})


def initial_of(registrations: Iterable[Registration]) -> dict[int, dict[str, Any]]:
    """The same for several, by their keys, in one query."""
    found: dict[int, dict[str, Any]] = {}
    answers = Answer.objects.filter(registration__in=[r.pk for r in registrations]).select_related("question")
    for answer in answers.order_by("question__version"):
        value = answer if answer.question.kind == QuestionKind.FILE else answer.value
        found.setdefault(answer.registration_id, {})[fields.name_of(answer.question)] = value
    return found


def of(registration: Registration, readable: Collection[int] | None = None) -> list[Answered]:
    """The answers in words, in the order of the form; of staff only those to questions that are `readable_by` them."""
    found = Answer.objects.filter(registration=registration).select_related("question__meeting")
    if readable is not None:
        found = found.filter(question__in=readable)
    answers = sorted(found.prefetch_related("question__options"), key=lambda a: fields.place(a.question))
    return [Answered(answer.question, texts.in_words(answer), answer) for answer in answers]


def readable_by(user: User, meeting: Meeting, registration: Registration | None = None) -> set[int]:
    """The questions, in every version, whose answers `user` may read; of `registration` where it is about one."""
    mine = readable_questions(user, meeting)
    if registration and registration.is_minor and not has_role(user, meeting, Role.SAFEGUARDING):
        mine = [question for question in mine if question.data_class < RESTRICTED]
    return {question.pk for question in mine}


def readable_questions(user: User, meeting: Meeting) -> list[Question]:
    """Every version of every question whose answers `user` may read, with the answers to choose from.

    Both the version that was answered and the one of today must name a role of theirs: nobody reads what was told to
    others only, and whom an organiser strikes out reads nothing any more.
    """
    return readable_among(list(Question.objects.filter(meeting=meeting).prefetch_related("options")), user, meeting)


def readable_among(versions: list[Question], user: User, meeting: Meeting) -> list[Question]:
    """The same, of all versions of all questions of a meeting, which are read already."""
    if not versions:
        return []
    roles = _roles(user, meeting)
    today = {q.key for q in versions if q.is_current and roles & set(q.readers)}
    mine = [q for q in versions if q.key in today and roles & set(q.readers)]
    for question in mine:
        question.meeting = meeting
    return mine


def _roles(user: User, meeting: Meeting) -> set[str]:
    if user.is_active and user.is_superuser:
        return set(Role.values)
    return set(user.staff_roles.filter(meeting=meeting).values_list("role", flat=True)) if user.is_active else set()


def drop_others(registration: Registration, asked: Iterable[Question]) -> None:
    """Of a draft whose category has changed: what is not asked there is not kept."""
    keys = [question.key for question in asked]
    forget(Answer.objects.filter(registration=registration).exclude(question__key__in=keys))


def forget_all_of(registrations: QuerySet[Registration]) -> None:
    """Before registrations are deleted: their files would stay behind."""
    forget(Answer.objects.filter(registration__in=registrations))


def forget(answers: Iterable[Answer]) -> int:
    """Delete these answers with their files; how many there were."""
    gone = list(answers)
    if not gone:
        return 0
    with transaction.atomic():
        _forget(gone)
    return len(gone)
