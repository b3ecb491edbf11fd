"""Changes of answers in the words of one reader, who is told no answer that they may not read."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from meeting.models import Meeting, User

from ..field_words import Difference
from ..models import Question
from . import answers, texts
from .past import OF_A_CHILD, Secrecy


def is_answer(name: str) -> bool:
    """Whether a change in the history is one of an answer, by the name it stands under."""
    return name == OF_A_CHILD or name.startswith("q_")


class PastAnswers:
    """The words of one meeting's questions for one reader; without `user` only what was changed is told.

    `their_own`: whoever answered reads it, on the page that has the answers of today. Reads nothing before it is
    asked, and then the questions once, however many changes it is asked about.
    """

    def __init__(self, meeting: Meeting, user: User | None = None, *, their_own: bool = False) -> None:
        self.meeting, self.user, self.their_own = meeting, user, their_own

    def difference(self, name: str, change: Any) -> Difference:
        """Old and new, where this reader may know them; the question alone where not."""
        if not isinstance(change, dict) or not self._may_be_told(change.get("asked")):
            return Difference(self.label(name), "", "")
        was, now = change["asked"]
        return Difference(self.label(name), self._say(was, change["was"]), self._say(now, change["now"]))

    def label(self, name: str) -> str:
        """As it is asked today."""
        return self._labels.get(name) or (_("Answers to questions") if name == OF_A_CHILD else _("An answer"))

    def _may_be_told(self, asked: list[int | None] | None) -> bool:
        if asked is None or not (self.user or self.their_own) or not self._secrecy.may_stand(asked):
            return False
        return all(pk in self._readable for pk in asked if pk is not None)

    def _say(self, pk: int | None, value: Any) -> str:
        return "" if pk is None or value is None else texts.say(self._secrecy.by_pk[pk], value)

    @cached_property
    def _versions(self) -> list[Question]:
        versions = Question.objects.filter(meeting=self.meeting).order_by("version")
        return list(versions.prefetch_related("options") if self.user or self.their_own else versions)

    @cached_property
    def _labels(self) -> dict[str, str]:
        return {f"q_{question.key}": str(question.label) for question in self._versions}

    @cached_property
    def _secrecy(self) -> Secrecy:
        return Secrecy(self._versions)

    @cached_property
    def _readable(self) -> set[int]:
        if self.user is None:
            return {question.pk for question in self._versions}
        return {question.pk for question in answers.readable_among(self._versions, self.user, self.meeting)}
