"""The attendee list's columns: one definition for the screen, CSV and XLSX."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, CharField, Expression, F, Value, When
from django.db.models.functions import Coalesce, NullIf, TruncMinute
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from modeltranslation.utils import build_localized_fieldname

from meeting.models import Meeting

from ..models import Modality, RoleInDelegation, Status
from .asked import AnswersOf, AskedColumn
from .guard import Guarded


@dataclass(frozen=True)
class Column:
    """`name` is for machines and stays; `heading` is for people. `width` is in characters."""

    name: str
    heading: Any
    expression: Callable[[Meeting], Any]
    width: int
    is_time: bool = False
    is_free_text: bool = True
    is_contact: bool = False
    on_screen: bool = False


Columns = Sequence[Column | AskedColumn]


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


COLUMNS = (
    Column("reference", _("Reference"), field("reference"), 12, is_free_text=False),
    Column("category", _("Category"), category_name, 22),
    Column("represents", _("Represents"), field("delegation__name"), 34),
    Column("honorific", _("Form of address"), field("honorific"), 10, is_free_text=False, on_screen=True),
    Column("name", _("Printed name"), field("display_name"), 30, on_screen=True),
    Column("given_names", _("Given names"), field("given_names"), 22),
    Column("family_name", _("Family name"), field("family_name"), 22),
    Column("title", _("Functional title"), field("functional_title"), 34, on_screen=True),
    Column("department", _("Ministry or department"), field("department"), 30),
    Column("organisation", _("Organization"), field("organisation"), 30),
    Column("role", _("Role"), words_of("role", RoleInDelegation), 24, is_free_text=False, on_screen=True),
    Column("modality", _("Takes part"), words_of("modality", Modality), 12, is_free_text=False, on_screen=True),
    Column("status", _("Status"), words_of("status", Status), 12, is_free_text=False, on_screen=True),
    Column(
        "since",
        pgettext_lazy("column", "Since"),
        local_time("status_since"),
        17,
        is_time=True,
        is_free_text=False,
        on_screen=True,
    ),
    Column(
        "submitted",
        pgettext_lazy("column", "Submitted"),
        local_time("submitted_at"),
        17,
        is_time=True,
        is_free_text=False,
    ),
    Column("email", _("Email"), field("email"), 32, is_contact=True),
    Column("phone", _("Telephone"), field("phone"), 20, is_contact=True),
)


def columns_for(*, with_contact: bool, asked: Iterable[AskedColumn] = ()) -> Columns:
    """What an export holds; email and telephone only for those whose work needs them. Answers come last."""
    return [*(c for c in COLUMNS if with_contact or not c.is_contact), *asked]


def screen_columns() -> list[Column]:
    return [c for c in COLUMNS if c.on_screen]


def expressions(columns: Columns, meeting: Meeting, *, guard: bool = False) -> dict[str, Expression]:
    """Each column's SQL under a name that no field of the model has; with `guard`, free text made safe for CSV.

    Answers are one array, the last.
    """
    named = {f"col_{c.name}": (c, c.expression(meeting)) for c in columns if isinstance(c, Column)}
    found = {name: Guarded(sql) if guard and c.is_free_text else sql for name, (c, sql) in named.items()}
    asked = asked_of(columns)
    return found | {"col_answers": AnswersOf(asked)} if asked else found


def asked_of(columns: Iterable[Column | AskedColumn]) -> list[AskedColumn]:
    return [c for c in columns if isinstance(c, AskedColumn)]
