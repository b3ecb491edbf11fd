"""CSV of any size: PostgreSQL writes it, a pipe carries it, and nobody holds more than a buffer of it."""

from __future__ import annotations

import csv
import io
import os
import threading
from collections.abc import Iterator, Sequence

import structlog
from django.db import connection

from .asked import AskedColumn
from .columns import Columns, asked_of, expressions
from .guard import guarded, guarded_sql
from .rows import ListQuery

log = structlog.get_logger("placard.lists")
BUFFER = 1 << 16
BYTE_ORDER_MARK = "\ufeff"


class ExportBrokenError(Exception):
    """The database stopped in the middle: the reader must not take what came for the whole list."""


def stream(wanted: ListQuery, columns: Columns, *, bom: bool = False) -> Iterator[bytes]:
    """The list as CSV in chunks. Opens a connection of its own, and closes it when done or when the reader goes."""
    sql = copy_statement(wanted, columns)
    yield heading_row(columns, bom=bom)
    yield from piped(sql)


def heading_row(columns: Columns, *, bom: bool) -> bytes:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow([guarded(str(c.heading)) for c in columns])
    return (BYTE_ORDER_MARK * bom + line.getvalue()).encode()


def copy_statement(wanted: ListQuery, columns: Columns) -> str:
    """COPY of the list, each value quoted by the driver."""
    query = wanted.values_list(expressions(columns, wanted.meeting, guard=True)).query
    with connection.cursor() as cursor:
        select = cursor.mogrify(*query.sql_with_params()).decode()
    asked = asked_of(columns)
    return f"COPY ({_apart(select, len(columns) - len(asked), asked) if asked else select}) TO STDOUT WITH (FORMAT csv)"


def _apart(select: str, plain: int, asked: Sequence[AskedColumn]) -> str:
    """The same rows in the same order, with the array of answers taken apart."""
    names = [f"c{n}" for n in range(plain)]
    cells = [f"answers[{n}]" for n in range(1, len(asked) + 1)]
    safe = [guarded_sql(cell) if c.is_free_text else cell for c, cell in zip(asked, cells, strict=True)]
    return f"SELECT {', '.join([*names, *safe])} FROM ({select}) AS list ({', '.join([*names, 'answers'])})"  # noqa: S608


def piped(copy_sql: str) -> Iterator[bytes]:
    """What COPY writes, read from a pipe. The kernel makes the database wait for a slow reader."""
    read_end, write_end = os.pipe()
    errors: list[Exception] = []
    writer = threading.Thread(target=_copy_into, args=(copy_sql, write_end, errors), name="csv-copy", daemon=True)
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
