"""What stands in the cells of the attendee list, as the database says it, for its reader: language and local time."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db.models import Case, CharField, Expression, F, Func, Q, Value, When
from django.db.models.functions import Coalesce, NullIf, TruncMinute
from django.utils.translation import get_language, gettext
from modeltranslation.utils import build_localized_fieldname

from meeting.models import Meeting

from ..letters import standing
from . import regions
from .more_filters import LETTERS, SEALED
from .reach import fails


def field(name: str) -> Callable[[Meeting], Any]:
    return lambda meeting: F(name)


def words_of(name: str, choices: type[Any]) -> Callable[[Meeting], Expression]:
    """The words of a choice in the reader's language, said by the database."""
    return lambda meeting: Case(
        *(When(**{name: choice}, then=Value(str(choice.label))) for choice in choices),
        default=Value(""),
        output_field=CharField(),
    )


def category_name(meeting: Meeting) -> Expression:
    """The heading in the reader's language, else as it was first written."""
    localized = build_localized_fieldname("delegation__category__name", get_language() or "en")
    return Coalesce(NullIf(F(localized), Value("")), F("delegation__category__name"))


def local_time(name: str) -> Callable[[Meeting], Expression]:
    return lambda meeting: TruncMinute(name, tzinfo=meeting.zone)


def yes_or_no(name: str) -> Callable[[Meeting], Expression]:
    return lambda meeting: Case(When(**{name: True}, then=Value(gettext("Yes"))), default=Value(gettext("No")))


def language_name(meeting: Meeting) -> Expression:
    """The language's own name, as the menus of languages have it."""
    names = [When(language=code, then=Value(str(name))) for code, name in settings.LANGUAGES]
    return Case(*names, default=F("language"), output_field=CharField())


def region(meeting: Meeting) -> Expression:
    """The subregion of States; empty for everybody else."""
    names = json.dumps(regions.names_by_country(get_language() or "en"))
    return Func(
        Value(names),
        F("delegation__entity__iso2"),
        template="COALESCE((%(expressions)s), '')",
        arg_joiner="::jsonb ->> ",
        output_field=CharField(),
    )


def letter(meeting: Meeting) -> Expression:
    """How the person stands on the letters, as the queue has it but for what is only proposed."""
    sent = Q(standing.has_own_letter()) | Q(standing.has_delegations_letter())
    return Case(
        When(is_minor=True, then=Value(str(SEALED))),
        When(Q(standing.is_matched()), then=Value(str(LETTERS["matched"]))),
        When(Q(standing.has_names()), then=Value(str(LETTERS["unnamed"]))),
        When(sent, then=Value(str(LETTERS["yes"]))),
        default=Value(str(LETTERS["no"])),
        output_field=CharField(),
    )


def address(meeting: Meeting) -> Expression:
    """Empty for those whom nothing is mailed, and for whoever is reached."""
    words = Value(gettext("Address does not work"))
    return Case(When(Q(fails()), on_behalf=False, then=words), default=Value(""), output_field=CharField())
