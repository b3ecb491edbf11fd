"""The rows of a list one after the other, for what is built of them; nobody holds them all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import transaction

from .columns import Columns, asked_of, expressions
from .rows import ListQuery

Row = tuple[Any, ...]
CHUNK = 2_000


def live(wanted: ListQuery, columns: Columns) -> Iterator[Row]:
    """As the database has them, in their order. Inside a transaction the cursor lives on the server."""
    with transaction.atomic():
        yield from flat(wanted.values_list(expressions(columns, wanted.meeting)).iterator(chunk_size=CHUNK), columns)


def flat(rows: Any, columns: Columns) -> Iterator[Row]:
    """Each cell in its place: answers come as one array, the last."""
    if asked_of(columns):
        return ((*row[:-1], *row[-1]) for row in rows)
    return iter(rows)
