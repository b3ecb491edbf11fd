"""JSON of any size: each person is one object that PostgreSQL writes; names and types stay for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from ..models import QuestionKind
from .asked import AskedColumn
from .columns import Column, Columns, asked_of
from .copying import piped
from .csv_export import select_statement
from .machine import FACTS
from .rows import ListQuery

# Neither can stand in JSON, so COPY quotes and doubles nothing.
AS_IT_IS = r"WITH (FORMAT csv, QUOTE E'\x01', DELIMITER E'\x02')"


def stream(wanted: ListQuery, columns: Columns, head: dict[str, Any]) -> Iterator[bytes]:
    """`head`, what the columns are, and the people, in chunks; one person in a line."""
    sql = copy_statement(wanted, columns)
    known = head | {"columns": [{"name": c.name, "type": type_of(c)} for c in columns]}
    yield json.dumps(known, ensure_ascii=False)[:-1].encode() + b', "people": [\n'
    yield from _joined(piped(sql))
    yield b"]}\n"


def type_of(column: Column | AskedColumn) -> str:
    if column.is_time:
        return "datetime"
    if column.name in FACTS:
        return "boolean"
    kind = column.only_kind if isinstance(column, AskedColumn) else ""
    if kind == QuestionKind.DATE:
        return "date"
    return "number" if kind == QuestionKind.NUMBER or getattr(column, "is_number", False) else "text"


def copy_statement(wanted: ListQuery, columns: Columns) -> str:
    asked = asked_of(columns)
    plain = [f"c{n}" for n in range(len(columns) - len(asked))]
    cells = [*plain, *(_answer(n, column) for n, column in enumerate(asked, start=1))]
    named = ", ".join(f'{cell} AS "{column.name}"' for cell, column in zip(cells, columns, strict=True))
    given = ", ".join([*plain, "answers"] if asked else plain)
    select = f"SELECT {named} FROM ({select_statement(wanted, columns)}) AS list ({given})"  # noqa: S608 (names are ours)
    return f"COPY (SELECT row_to_json(person) FROM ({select}) AS person) TO STDOUT {AS_IT_IS}"  # noqa: S608


def _answer(number: int, column: AskedColumn) -> str:
    return f"answers[{number}]" + ("::numeric" if column.only_kind == QuestionKind.NUMBER else "")


def _joined(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Lines as items of an array: a comma before each but the first."""
    kept = b""
    for chunk in chunks:
        text = kept + chunk
        kept = b"\n" if text.endswith(b"\n") else b""
        yield text[: len(text) - len(kept)].replace(b"\n", b",\n")
    yield kept
