"""Of several workers one goes on: a lock in the database that goes with its connection, so a killed one leaves none."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def alone(kind: int, number: int) -> Iterator[bool]:
    """Whether nobody else is at this `number` of this `kind`, for as long as the block lasts. Waits for nobody."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [kind, number])
        got = bool(cursor.fetchone()[0])
        try:
            yield got
        finally:
            if got:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [kind, number])
