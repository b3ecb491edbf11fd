"""An answer in words for whoever reads it, and from the words of a spreadsheet."""

from __future__ import annotations

import datetime
import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from meeting.dates import joined, long_date

from .. import words
from ..models import Answer, Question, QuestionKind, QuestionOption
from . import countries, fields

APART = re.compile(r"[;\n\r،؛；、|]")


def in_words(answer: Answer) -> str:
    """The answer as text in the reader's language, by the options of the version under which it was given."""
    question, value = answer.question, answer.value
    if question.kind == QuestionKind.FILE:
        return answer.original_name
    return "" if value is None else say(question, value)


def say(question: Question, value: Any) -> str:
    """The same of a value alone, of any question but one for a file."""
    if question.kind == QuestionKind.YES_NO:
        return _("Yes") if value else _("No")
    if question.kind == QuestionKind.NUMBER:
        return number_format(value)
    if question.kind == QuestionKind.DATE:
        return long_date(datetime.date.fromisoformat(value))
    if question.kind == QuestionKind.COUNTRY:
        return dict(countries.of_meeting(question.meeting, get_language() or "en")).get(value, value)
    labels = {option.key: option.label for option in question.options.all()}
    if question.kind == QuestionKind.MANY_OF:
        return joined([labels.get(key, key) for key in value])
    return labels.get(value, value) if question.kind == QuestionKind.ONE_OF else str(value)


def read(question: Question, text: str) -> Any:
    """What a cell says, as an answer stores it; None for an empty one. A ValidationError says what to do."""
    text = text.strip()
    if not text:
        return None
    if question.kind == QuestionKind.FILE:
        raise ValidationError(_("A file cannot come in a cell: it is sent with the form."))
    return READERS.get(QuestionKind(question.kind), _read_plain)(question, text)


def _read_plain(question: Question, text: str) -> Any:
    field = fields.field_for(question)
    field.required = False
    value = field.clean(text)
    return None if value == "" else value


def _read_yes_no(question: Question, text: str) -> bool:
    found = words.answers().get(words.fold(text) or text)
    if found is None:
        raise ValidationError(_("Write yes or no"))
    return found


def _read_one_of(question: Question, text: str) -> str:
    found = _keys(question).get(words.fold(text))
    if found is None:
        labels = joined([f"“{option.label}”" for option in question.options.all()])
        raise ValidationError(
            _("“%(text)s” is not offered. Choose from %(labels)s.") % {"text": text, "labels": labels}
        )
    return found


def _read_many_of(question: Question, text: str) -> list[str]:
    """Parted by semicolons or lines; by commas only where no answer has one in it."""
    keys = _keys(question)
    pieces = [piece for piece in APART.split(text) if piece.strip()]
    if len(pieces) == 1 and words.fold(text) not in keys:
        pieces = [piece for piece in text.split(",") if piece.strip()]
    chosen = {_read_one_of(question, piece.strip()) for piece in pieces}
    return [option.key for option in question.options.all() if option.key in chosen]


def _read_country(question: Question, text: str) -> str:
    found = countries.find(text)
    if found is None:
        raise ValidationError(_("We know no State or territory called “%(text)s”.") % {"text": text})
    return found


def _keys(question: Question) -> dict[str, str]:
    """The key of each option by everything it is called, in any language."""
    return {words.fold(name): option.key for option in question.options.all() for name in _names(option)}


def _names(option: QuestionOption) -> list[str]:
    own = [value for name, value in vars(option).items() if name.startswith("label") and value]
    return [option.key, option.label, *own]


READERS: dict[QuestionKind, Any] = {
    QuestionKind.YES_NO: _read_yes_no,
    QuestionKind.ONE_OF: _read_one_of,
    QuestionKind.MANY_OF: _read_many_of,
    QuestionKind.COUNTRY: _read_country,
}
