"""History that the database itself keeps: triggers refuse to change or delete a line of it.

The one exception is erasure: what a law or a promise says must go (the file of a child, a date of birth) goes inside
`forgetting`, and nowhere else. tests/test_appended.py holds the list of who uses it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def forgetting() -> Iterator[None]:
    """A transaction in which lines of history may be changed or deleted; it ends with the block."""
    with transaction.atomic():
        _set("on")
        try:
            yield
        finally:
            if not connection.needs_rollback:
                _set("off")


def _set(value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('placard.forgetting', %s, true)", [value])
