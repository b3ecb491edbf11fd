"""What staff ask about answers: a field for each question that has few answers, and which answers to show."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ..models import Answer, QuestionKind
from ..models.registration import RegistrationQuerySet
from ..questions import conditions, countries
from .asked import AskedColumn


def fields_for(columns: Iterable[AskedColumn]) -> dict[str, forms.Field]:
    found: dict[str, forms.Field] = {}
    for column in columns:
        if choices := _choices(column):
            found[column.name] = forms.ChoiceField(
                label=column.heading, choices=[("", _("Any")), *choices], required=False
            )
    return found


def _choices(column: AskedColumn) -> list[tuple[str, Any]]:
    """The answers of today's version, after them those that only earlier versions offered."""
    kind = column.question.kind
    if kind == QuestionKind.YES_NO:
        return [(conditions.YES, _("Yes")), (conditions.NO, _("No"))]
    if kind == QuestionKind.COUNTRY:
        return countries.of_meeting(column.question.meeting, get_language() or "en")
    if kind not in (QuestionKind.ONE_OF, QuestionKind.MANY_OF):
        return []
    labels: dict[str, str] = {}
    for version in reversed(column.versions):
        for option in version.options.all():
            labels.setdefault(option.key, option.label)
    return list(labels.items())


def narrow(registrations: RegistrationQuerySet, column: AskedColumn, wanted: str) -> RegistrationQuerySet:
    """Those who answered so, under whichever version."""
    given = Answer.objects.filter(registration=OuterRef("pk"), question__in=[q.pk for q in column.versions])
    found = registrations.filter(Exists(given.filter(_says(column, wanted))))
    return found.exclude(is_minor=True) if column.is_restricted else found


def _says(column: AskedColumn, wanted: str) -> Q:
    if column.question.kind == QuestionKind.YES_NO:
        return Q(value=wanted == conditions.YES)
    # A list contains a text that is one of its items; a text contains itself.
    return Q(value__contains=wanted)
