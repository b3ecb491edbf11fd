"""The attendee list's columns: one definition for the screen and every export; which are chosen, in what order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Expression
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from meeting.models import Meeting

from ..models import Channel, Modality, RoleInDelegation, Status
from . import cells
from .asked import AnswersOf, AskedColumn
from .cells import field, local_time, words_of
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
    is_number: bool = False
    is_contact: bool = False
    on_screen: bool = False  # unless others are chosen
    is_usual: bool = True  # in exports, unless others are chosen


Columns = Sequence[Column | AskedColumn]


def _time(name: str, heading: Any, of: str, *, on_screen: bool = False, is_usual: bool = True) -> Column:
    return Column(
        name, heading, local_time(of), 17, is_time=True, is_free_text=False, on_screen=on_screen, is_usual=is_usual
    )


def _rare(name: str, heading: Any, expression: Callable[[Meeting], Any], width: int, **more: Any) -> Column:
    """A column that is there for those who choose it."""
    return Column(name, heading, expression, width, is_usual=False, **more)


COLUMNS = (
    Column("reference", _("Reference"), field("reference"), 12, is_free_text=False),
    Column("category", _("Category"), cells.category_name, 22),
    _rare("category_code", _("Code of the category"), field("delegation__category__code"), 8),
    Column("represents", _("Represents"), field("delegation__name"), 34),
    _rare("delegation", _("Reference of the delegation"), field("delegation__reference"), 12, is_free_text=False),
    _rare("entity", _("Code of the State or organization"), field("delegation__entity__code"), 16, is_free_text=False),
    _rare("iso3", _("ISO code"), field("delegation__entity__iso3"), 8, is_free_text=False),
    _rare("acronym", _("Acronym"), field("delegation__entity__acronym"), 12),
    _rare("region", _("Region"), cells.region, 22, is_free_text=False),
    Column("honorific", _("Form of address"), field("honorific"), 10, is_free_text=False, on_screen=True),
    Column("name", _("Printed name"), field("display_name"), 30, on_screen=True),
    Column("given_names", _("Given names"), field("given_names"), 22),
    Column("family_name", _("Family name"), field("family_name"), 22),
    Column("title", _("Functional title"), field("functional_title"), 34, on_screen=True),
    Column("department", _("Ministry or department"), field("department"), 30),
    Column("organisation", _("Organization"), field("organisation"), 30),
    Column("role", _("Role"), words_of("role", RoleInDelegation), 24, is_free_text=False, on_screen=True),
    _rare("precedence", _("Place in the delegation"), field("precedence"), 8, is_free_text=False, is_number=True),
    Column("modality", _("Takes part"), words_of("modality", Modality), 12, is_free_text=False, on_screen=True),
    _rare("language", _("Language of our messages"), cells.language_name, 14, is_free_text=False),
    Column("status", _("Status"), words_of("status", Status), 12, is_free_text=False, on_screen=True),
    _time("since", pgettext_lazy("column", "Since"), "status_since", on_screen=True),
    _time("submitted", pgettext_lazy("column", "Submitted"), "submitted_at"),
    _time("first_approved", _("First approval"), "first_approved_at", is_usual=False),
    _time("endorsed", pgettext_lazy("column", "Endorsed"), "endorsed_at", is_usual=False),
    _time("arrived", pgettext_lazy("column", "Arrived"), "arrived_at", is_usual=False),
    _rare("letter", _("Letter"), cells.letter, 18, is_free_text=False),
    _rare("channel", _("Typed by"), words_of("channel", Channel), 16, is_free_text=False),
    _rare("replaces", _("In place of"), field("replaces__reference"), 12, is_free_text=False),
    _rare("name_public", _("Name may be published"), cells.yes_or_no("name_public"), 8, is_free_text=False),
    _rare("contact_shared", _("Contact may be shared"), cells.yes_or_no("contact_shared"), 8, is_free_text=False),
    _rare("on_behalf", _("No mail to this person"), cells.yes_or_no("on_behalf"), 8, is_free_text=False),
    _rare("address", _("Our messages"), cells.address, 20, is_free_text=False),
    Column("email", _("Email"), field("email"), 32, is_contact=True),
    Column("phone", _("Telephone"), field("phone"), 20, is_contact=True),
)


def offered(asked: Iterable[AskedColumn], *, with_contact: bool) -> dict[str, Column | AskedColumn]:
    """All there are to choose from, by name; email and telephone only for those whose work needs them."""
    known: Columns = [*(c for c in COLUMNS if with_contact or not c.is_contact), *asked]
    return {c.name: c for c in known}


def columns_for(*, with_contact: bool, asked: Iterable[AskedColumn] = ()) -> Columns:
    """What an export holds where nothing is chosen. Answers come last."""
    return [*(c for c in COLUMNS if c.is_usual and (with_contact or not c.is_contact)), *asked]


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
