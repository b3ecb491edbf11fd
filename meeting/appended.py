"""History that the database itself keeps: triggers refuse to change or delete a line of it.

The one exception is erasure: what a law or a promise says must go (the file of a child, a date of birth, a row that was
never sent) goes inside `forgetting`, and nowhere else. tests/test_appended.py holds the list of who uses it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def forgetting() -> Iterator[None]:
    """A transaction in which lines of history may be changed or deleted; it ends with the block.

    Inside another one, that one goes on afterwards. After an exception nothing has to be taken back: the setting is
    part of the transaction, and is rolled back with it.
    """
    with transaction.atomic():
        before = _set("on")
        yield
        if not connection.needs_rollback:
            _set(before)


def _set(value: str) -> str:
    """Write the setting, until the transaction ends; what it was."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting('placard.forgetting', true), '')")
        before: str = cursor.fetchone()[0]
        cursor.execute("SELECT set_config('placard.forgetting', %s, true)", [value])
    return before
