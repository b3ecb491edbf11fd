"""What PostgreSQL writes by itself, carried through a pipe to whoever reads it."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator

import structlog
from django.db import connection

log = structlog.get_logger("placard.lists")
BUFFER = 1 << 16


class ExportBrokenError(Exception):
    """The database stopped in the middle: the reader must not take what came for the whole list."""


def piped(copy_sql: str) -> Iterator[bytes]:
    """What COPY writes, read from a pipe. The kernel makes the database wait for a slow reader."""
    read_end, write_end = os.pipe()
    errors: list[Exception] = []
    writer = threading.Thread(target=_copy_into, args=(copy_sql, write_end, errors), name="list-copy", daemon=True)
    writer.start()
    try:
        while chunk := os.read(read_end, BUFFER):
            yield chunk
    finally:
        # Closed before the thread is waited for: a reader who left early must not keep COPY waiting.
        os.close(read_end)
        writer.join()
    if errors:
        raise ExportBrokenError from errors[0]


def _copy_into(copy_sql: str, write_end: int, errors: list[Exception]) -> None:
    try:
        with open(write_end, "wb", buffering=BUFFER) as sink, connection.cursor() as cursor:
            cursor.copy_expert(copy_sql, sink)
    except BrokenPipeError:
        log.info("export left by its reader")
    except Exception as error:
        errors.append(error)
    finally:
        connection.close()
