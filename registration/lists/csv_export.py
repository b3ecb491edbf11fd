"""CSV of any size: PostgreSQL writes it, a pipe carries it, and nobody holds more than a buffer of it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from django.db import connection

from .asked import AskedColumn
from .columns import Columns, asked_of, expressions
from .copying import piped
from .guard import guarded, guarded_sql
from .rows import ListQuery

BYTE_ORDER_MARK = "\ufeff"
DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t"}


def stream(wanted: ListQuery, columns: Columns, *, delimiter: str = ",", bom: bool = False) -> Iterator[bytes]:
    """The list as CSV in chunks. Opens a connection of its own, and closes it when done or when the reader goes."""
    sql = copy_statement(wanted, columns, delimiter=delimiter)
    yield heading_row(columns, delimiter=delimiter, bom=bom)
    yield from piped(sql)


def heading_row(columns: Columns, *, delimiter: str = ",", bom: bool) -> bytes:
    line = io.StringIO()
    headings = [guarded(str(c.heading)) for c in columns]
    csv.writer(line, delimiter=delimiter, lineterminator="\n").writerow(headings)
    return (BYTE_ORDER_MARK * bom + line.getvalue()).encode()


def copy_statement(wanted: ListQuery, columns: Columns, *, delimiter: str = ",") -> str:
    """COPY of the list, each value quoted by the driver."""
    select = select_statement(wanted, columns, guard=True)
    asked = asked_of(columns)
    if asked:
        select = _apart(select, len(columns) - len(asked), asked)
    return f"COPY ({select}) TO STDOUT WITH (FORMAT csv, DELIMITER '{delimiter}')"


def select_statement(wanted: ListQuery, columns: Columns, *, guard: bool = False) -> str:
    query = wanted.values_list(expressions(columns, wanted.meeting, guard=guard)).query
    with connection.cursor() as cursor:
        return str(cursor.mogrify(*query.sql_with_params()).decode())


def _apart(select: str, plain: int, asked: Sequence[AskedColumn]) -> str:
    """The same rows in the same order, with the array of answers taken apart."""
    names = [f"c{n}" for n in range(plain)]
    cells = [f"answers[{n}]" for n in range(1, len(asked) + 1)]
    safe = [guarded_sql(cell) if c.is_free_text else cell for c, cell in zip(asked, cells, strict=True)]
    return f"SELECT {', '.join([*names, *safe])} FROM ({select}) AS list ({', '.join([*names, 'answers'])})"  # noqa: S608
