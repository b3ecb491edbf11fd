"""What an export holds: rows and columns as `wanted_by` says, fitted to its format."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.http import QueryDict
from django.utils import translation

from meeting.models import Meeting, User

from ..lists.asked import columns_of
from ..lists.columns import Columns, asked_of
from ..lists.filters import PeopleFilter
from ..lists.machine import for_machines
from ..lists.rows import ListQuery
from ..lists.wanted import wanted_by
from ..models import ExportFormat
from . import pdf, vcard
from .options import Options, is_for_a_worker, is_for_machines, most


@dataclass(frozen=True)
class Choice:
    """One export, before it is made."""

    wanted: ListQuery
    columns: Columns
    format: str
    options: Options
    query: str = ""
    view: str = ""
    told: tuple[str, ...] = ()  # its filters in words, where they are printed

    def count(self) -> int:
        return self.wanted.count()

    def most(self) -> int | None:
        """Rows that fit into the format."""
        return most(self.format, len(self.columns))

    def is_for_a_worker(self, count: int) -> bool:
        return is_for_a_worker(self.format, len(self.columns), count)

    @property
    def restricted(self) -> list[str]:
        return [c.name for c in asked_of(self.columns) if c.is_restricted]

    @property
    def has_contact(self) -> bool:
        return any(c.is_contact for c in self.columns)

    @property
    def wants_contact(self) -> bool:
        """Whether email and telephone are in it: as columns, or as what contacts are."""
        return self.has_contact or self.format == ExportFormat.VCARD

    def categories(self) -> list[int]:
        """Those of whose people something is in the file."""
        found = self.wanted.registrations.order_by().values_list("delegation__category", flat=True)
        return sorted(set(found.distinct()))

    @contextmanager
    def spoken(self) -> Iterator[None]:
        """The language of words in the cells: for programs always the same one."""
        machine = is_for_machines(self.format, self.options)
        with translation.override("en") if machine else nullcontext():
            yield


def choose(
    user: User, meeting: Meeting, data: QueryDict, file_format: str, options: Options, *, view: str = ""
) -> Choice:
    """Of those whom `user` may read, with the columns that may leave. In the language of its reader."""
    wanted, columns = wanted_by(user, meeting, data)
    if file_format == ExportFormat.VCARD:
        wanted, columns = vcard.sharing(wanted), ()
    elif file_format == ExportFormat.PDF:
        columns = pdf.columns_for(wanted, columns)
    if is_for_machines(file_format, options):
        columns = for_machines(columns, typed=file_format == ExportFormat.JSON)
    told = _filters(user, meeting, data) if file_format == ExportFormat.PDF else ()
    return Choice(wanted, columns, file_format, options, data.urlencode(), view, told)


def _filters(user: User, meeting: Meeting, data: QueryDict) -> tuple[str, ...]:
    asked = PeopleFilter(data, meeting, columns_of(meeting, user), user)
    status = [asked.in_words("status")] if "status" in asked.active() else []
    return (*status, *(chip["text"] for chip in asked.chips()))


def keys_of(wanted: ListQuery) -> list[int]:
    """The numbers of the rows, in order."""
    named: dict[str, Any] = {"key": F("pk")}
    return [pk for (pk,) in wanted.values_list(named)]
