"""What figures need of the database directly: fictitious rows, and psycopg2 connections for the floors."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg2
from psycopg2.extensions import connection as Connection  # noqa: N812 (it is a class)

from bench.stack import SLUG, Stack

# All of them wait, so that a queue is as long as the table; what the loader's own mix of states would make shorter.
ALL_WAIT = """
UPDATE registration_registration SET status = 'submitted', status_reason = '', status_since = submitted_at
WHERE status NOT IN ('submitted', 'draft') AND meeting_id = (SELECT id FROM meeting_meeting WHERE slug = %s)
"""


def connect() -> Connection:
    from config import embedded  # not before the stack has named its folder

    return psycopg2.connect(host=str(embedded.SOCKETS), user=embedded.NAME, dbname=embedded.NAME)


@contextmanager
def autocommitting() -> Iterator[Any]:
    """A cursor outside any transaction."""
    connection = connect()
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


def fill(stack: Stack, count: int) -> None:
    """Bring the fictitious delegates to `count`, all of them waiting for a decision."""
    started = time.perf_counter()
    stack.manage("load_sample_meeting", "--delegates", str(count))
    with autocommitting() as cursor:
        cursor.execute(ALL_WAIT, [SLUG])
        cursor.execute("VACUUM ANALYZE")
    print(f"  {count:,} fictitious delegates in {time.perf_counter() - started:.1f} s", flush=True)


def value(sql: str, *params: object) -> Any:
    with autocommitting() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchone()[0]
