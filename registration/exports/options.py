"""The formats there are, and what can be chosen of each."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from ..lists.csv_export import DELIMITERS
from ..models import ExportFormat


class Headings(TextChoices):
    PEOPLE = "people", _("For people: headings in your language")
    MACHINES = "machines", _("For programs: names and codes that never change")


class Dialect(TextChoices):
    COMMA = "comma", _("Comma")
    SEMICOLON = "semicolon", _("Semicolon, as spreadsheets expect where the comma is decimal")
    TAB = "tab", _("Tab, to paste into a sheet")


class Card(TextChoices):
    NEW = "4.0", _("vCard 4.0")
    OLD = "3.0", _("vCard 3.0, for older address books and Outlook")


@dataclass(frozen=True)
class Options:
    headings: str = Headings.PEOPLE
    dialect: str = Dialect.COMMA
    bom: bool = False
    card: str = Card.NEW

    @property
    def delimiter(self) -> str:
        return DELIMITERS[self.dialect]

    def as_json(self) -> dict[str, Any]:
        return {name: str(value) if isinstance(value, str) else value for name, value in asdict(self).items()}


def from_json(kept: dict[str, Any]) -> Options:
    """What is not known any more is left out."""
    return Options(**{f.name: kept[f.name] for f in fields(Options) if f.name in kept})


TYPES = {
    ExportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ExportFormat.CSV: "text/csv; charset=utf-8",
    ExportFormat.PDF: "application/pdf",
    ExportFormat.JSON: "application/json",
    ExportFormat.VCARD: "text/vcard; charset=utf-8",
}
STREAMED = (ExportFormat.CSV, ExportFormat.JSON)
AT_ONCE = 2_000  # rows of what has to be built; more are for a worker
# A workbook of more takes longer than a worker has; of more cells the typesetter would take more than a gigabyte.
MOST = {ExportFormat.XLSX: 100_000, ExportFormat.PDF: 5_000, ExportFormat.VCARD: 100_000}
MOST_CELLS, CELLS_AT_ONCE = 60_000, 16_000  # of a table to print


def most(file_format: str, columns: int) -> int | None:
    """How many rows of so many columns fit; nothing where any number does."""
    rows = MOST.get(ExportFormat(file_format))
    return min(rows, MOST_CELLS // columns) if rows and file_format == ExportFormat.PDF else rows


def is_for_a_worker(file_format: str, columns: int, rows: int) -> bool:
    if file_format in STREAMED:
        return False
    return rows > AT_ONCE or (file_format == ExportFormat.PDF and rows * columns > CELLS_AT_ONCE)


def type_of(file_format: str, options: Options) -> str:
    if file_format == ExportFormat.CSV and options.dialect == Dialect.TAB:
        return "text/tab-separated-values; charset=utf-8"
    return TYPES[ExportFormat(file_format)]


def suffix_of(file_format: str, options: Options) -> str:
    return "tsv" if file_format == ExportFormat.CSV and options.dialect == Dialect.TAB else file_format


def is_for_machines(file_format: str, options: Options) -> bool:
    """JSON always is; a table to print and contacts never are."""
    if file_format in (ExportFormat.CSV, ExportFormat.XLSX):
        return options.headings == Headings.MACHINES
    return file_format == ExportFormat.JSON
