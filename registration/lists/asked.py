"""Answers to the meeting's own questions as columns: every version of a question in one, each answer in its own words.

PostgreSQL reads a person's answers once, whatever the number of columns, and hands them over as one array of texts.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import F, Func, TextField
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from meeting.models import Meeting, User

from ..models import Answer, Question, QuestionKind, Registration
from ..questions import answers, countries, fields, texts

RESTRICTED = answers.RESTRICTED
WIDTHS = {QuestionKind.TEXT: 30, QuestionKind.LONG_TEXT: 50, QuestionKind.MANY_OF: 40, QuestionKind.FILE: 24}


@dataclass(frozen=True)
class AskedColumn:
    """A question as a column. Like `columns.Column`, but filled from an array."""

    question: Question
    versions: tuple[Question, ...]
    is_time: bool = False
    is_contact: bool = False

    @property
    def name(self) -> str:
        return fields.name_of(self.question)

    @property
    def heading(self) -> str:
        return self.question.label

    @property
    def width(self) -> int:
        return WIDTHS.get(QuestionKind(self.question.kind), 16)

    @property
    def is_restricted(self) -> bool:
        return any(version.data_class >= RESTRICTED for version in self.versions)

    @property
    def is_free_text(self) -> bool:
        return any(version.kind not in (QuestionKind.NUMBER, QuestionKind.DATE) for version in self.versions)

    @property
    def only_kind(self) -> str:
        """The kind of all versions; empty where they differ, and cells are text."""
        kinds = {version.kind for version in self.versions}
        return kinds.pop() if len(kinds) == 1 else ""


def columns_of(meeting: Meeting, user: User) -> list[AskedColumn]:
    """A column for each question whose answers `user` may read, in the order of the form, the no longer asked too."""
    readable = sorted(answers.readable_questions(user, meeting), key=lambda q: q.key)
    columns = []
    for _key, group in groupby(readable, key=lambda q: q.key):
        versions = sorted(group, key=lambda q: q.version)
        columns.append(AskedColumn(versions[-1], tuple(versions)))
    return sorted(columns, key=lambda column: fields.place(column.question))


def fill(rows: Sequence[Registration], columns: Sequence[AskedColumn]) -> None:
    """Give each row `asked`: its answers in words, one for each column. One query, none without columns."""
    questions = {version.pk: version for column in columns for version in column.versions}
    found: dict[tuple[int, str], str] = {}
    if questions and rows:
        for answer in Answer.objects.filter(registration__in=[row.pk for row in rows], question__in=questions):
            answer.question = questions[answer.question_id]
            found[answer.registration_id, answer.question.key] = texts.in_words(answer)
    for row in rows:
        shown = [c for c in columns if not (row.is_minor and c.is_restricted)]
        row.asked = [found.get((row.pk, c.question.key), "") if c in shown else "" for c in columns]  # type: ignore[attr-defined]


class AnswersOf(Func):
    """The answers of one registration as an array of texts, in the order of `columns`."""

    output_field = ArrayField(TextField())

    def __init__(self, columns: Iterable[AskedColumn]) -> None:
        super().__init__(F("pk"), F("is_minor"))
        self.columns = tuple(columns)

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> Any:  # type: ignore[override]
        (pk, _none), (minor, _none) = (compiler.compile(e) for e in self.get_source_expressions())
        cells = [_cell(column, minor) for column in self.columns]
        params = [param for _sql, values in cells for param in values]
        sql = ", ".join(sql for sql, _values in cells)
        everything = [version.pk for column in self.columns for version in column.versions]
        return (
            f"(SELECT ARRAY[{sql}]::text[] FROM registration_answer a"  # noqa: S608 (no word of it comes from outside)
            f" WHERE a.registration_id = {pk} AND a.question_id = ANY(%s))",
            [*params, everything],
        )


Sql = tuple[str, list[Any]]


def _cell(column: AskedColumn, minor: str) -> Sql:
    """One column: the text of whichever version was answered."""
    by_kind = sorted(column.versions, key=lambda q: q.kind)
    parts = [_text(QuestionKind(kind), list(group)) for kind, group in groupby(by_kind, key=lambda q: q.kind)]
    hidden = f" AND NOT {minor}" if column.is_restricted else ""
    sql = ", ".join(f"max({text}) FILTER (WHERE a.question_id = ANY(%s){hidden})" for text, _params, _pks in parts)
    return f"COALESCE({sql})", [param for _sql, params, pks in parts for param in [*params, pks]]


def _text(kind: QuestionKind, versions: list[Question]) -> tuple[str, list[Any], list[int]]:
    sql, params = TEXTS.get(kind, _plain)(versions)
    return sql, params, [version.pk for version in versions]


PLAIN = "a.value #>> '{}'"


def _plain(versions: list[Question]) -> Sql:
    return PLAIN, []


def _yes_no(versions: list[Question]) -> Sql:
    return "CASE WHEN a.value = 'true' THEN %s WHEN a.value = 'false' THEN %s END", [_("Yes"), _("No")]


def _file(versions: list[Question]) -> Sql:
    return "NULLIF(a.original_name, '')", []


def _labels(versions: list[Question]) -> str:
    """The words of each answer of each version, to be looked up by both."""
    return json.dumps({f"{q.pk}:{option.key}": option.label for q in versions for option in q.options.all()})


def _one_of(versions: list[Question]) -> Sql:
    return f"COALESCE(%s::jsonb ->> (a.question_id || ':' || ({PLAIN})), {PLAIN})", [_labels(versions)]


def _many_of(versions: list[Question]) -> Sql:
    return (
        "(SELECT string_agg(COALESCE(%s::jsonb ->> (a.question_id || ':' || chosen.key), chosen.key), '; '"
        " ORDER BY chosen.n) FROM jsonb_array_elements_text(a.value) WITH ORDINALITY AS chosen (key, n))",
        [_labels(versions)],
    )


def _country(versions: list[Question]) -> Sql:
    names = dict(countries.of_meeting(versions[0].meeting, get_language() or "en"))
    return f"COALESCE(%s::jsonb ->> ({PLAIN}), {PLAIN})", [json.dumps(names)]


TEXTS = {
    QuestionKind.YES_NO: _yes_no,
    QuestionKind.ONE_OF: _one_of,
    QuestionKind.MANY_OF: _many_of,
    QuestionKind.COUNTRY: _country,
    QuestionKind.FILE: _file,
}
