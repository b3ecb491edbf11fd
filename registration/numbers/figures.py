"""The figures: what is drawn, told in a sentence and listed as a table, all from the same rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Row:
    """One bar or column. `values` go with the figure's series; `limit` is where there should be no more."""

    label: str
    values: tuple[float, ...]
    text: str = ""  # beside the bar
    limit: float | None = None
    is_soft: bool = False  # drawn in grey: a weekend, no answer
    is_late: bool = False
    short: str = ""  # under a column, where the label is too long

    @property
    def total(self) -> float:
        return sum(self.values)


@dataclass(frozen=True)
class Figure:
    """`name` is for machines and addresses and stays; everything else is in the reader's language."""

    name: str
    title: str
    sentence: str
    first: str  # heading of the labels
    series: tuple[str, ...]
    rows: tuple[Row, ...]
    is_columns: bool = False
    limit: float | None = None  # one line across all bars
    limit_name: str = ""
    drawn: int = 0  # so many rows are drawn; the table has them all. 0: all
    digits: int = 0

    @property
    def shown(self) -> tuple[Row, ...]:
        return self.rows[: self.drawn] if self.drawn else self.rows

    @property
    def most(self) -> float:
        """What the longest bar or line stands for; never nothing."""
        limits = [row.limit for row in self.shown if row.limit is not None]
        return max([row.total for row in self.shown] + limits + [self.limit or 0, 1])

    def table(self) -> list[list[Any]]:
        """Headings first."""
        has_limits = any(row.limit is not None for row in self.rows)
        head = [self.first, *self.series, *([self.limit_name or _("Limit")] if has_limits else [])]
        return [head, *([row.label, *self._numbers(row, has_limits)] for row in self.rows)]

    def _numbers(self, row: Row, has_limits: bool) -> list[Any]:
        found: list[Any] = [round(value, self.digits) if self.digits else int(value) for value in row.values]
        return [*found, "" if row.limit is None else int(row.limit)] if has_limits else found

    def spoken(self) -> str:
        """The figure for somebody who does not see it."""
        parts = (f"{row.label}: {row.text or self._numbers(row, False)[0]}" for row in self.shown)
        return f"{self.title}. {self.sentence} {'; '.join(parts)}."
