"""The same columns for programs: names for headings, codes for choices. They stay when words are changed.

Words that have no code, such as the name of a category, are for the caller to ask for in English.
"""

from __future__ import annotations

from dataclasses import replace

from django.db.models import BooleanField, Case, CharField, Value, When

from .asked import AskedColumn
from .cells import field
from .columns import Column, Columns

# As the database has them; what is a choice in words for people is one of these for programs.
CODES = ("role", "modality", "status", "channel", "language")
FACTS = ("name_public", "contact_shared", "on_behalf")


class NamedAnswer(AskedColumn):
    """An answer under the name of its question."""

    @property
    def heading(self) -> str:
        return self.name


def for_machines(columns: Columns, *, typed: bool = False) -> Columns:
    """With `typed`, yes and no are true and false; else the words `true` and `false`."""
    return [
        NamedAnswer(c.question, c.versions) if isinstance(c, AskedColumn) else _column(c, typed=typed) for c in columns
    ]


def _column(column: Column, *, typed: bool) -> Column:
    named = replace(column, heading=column.name)
    if column.name in CODES:
        return replace(named, expression=field(column.name))
    if column.name in FACTS:
        return replace(named, expression=lambda meeting: _fact(column.name, typed=typed))
    return named


def _fact(name: str, *, typed: bool) -> Case:
    if typed:
        return Case(
            When(**{name: True}, then=Value(value=True)), default=Value(value=False), output_field=BooleanField()
        )
    return Case(When(**{name: True}, then=Value("true")), default=Value("false"), output_field=CharField())
