"""What a worker has read of a list, in pieces that stay when it is killed: the next one reads only what is missing.

Who is in the list, and in what order, is settled first; so the pieces fit together whatever happens in between.
"""

from __future__ import annotations

import datetime
import gzip
import json
from collections.abc import Callable, Iterator
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from ..lists.columns import expressions
from ..lists.reading import CHUNK, Row, flat
from ..lists.rows import ListQuery
from ..models import ExportJob
from .choosing import Choice, keys_of

Read = Callable[[], None]


def rows(job: ExportJob, choice: Choice, told: Read) -> Iterator[Row]:
    """Every row of the list: those read before from where they lie, the others from the database.

    After each piece the job says so in the database, and `told` is called.
    """
    keys = _keys(job, choice.wanted)
    count = -(-len(keys) // CHUNK)
    for number in range(_pieces(job), count):
        _put(job, number, _read(choice, keys[number * CHUNK : (number + 1) * CHUNK]))
        _note(job, pieces=number + 1)
        told()
    times = [n for n, column in enumerate(choice.columns) if column.is_time]
    for number in range(count):
        yield from _typed(_get(job, number), times)


def are_settled(job: ExportJob) -> bool:
    """Whether it is known who is in the list, which does not change from then on."""
    return bool(job.held.get("settled"))


def rows_read(job: ExportJob) -> int:
    return min(_pieces(job) * CHUNK, job.count)


def drop(job: ExportJob) -> None:
    """Take away all of them, also one that was being written; may run again."""
    parts = range(-(-job.count // CHUNK) + 1) if are_settled(job) else ()
    for part in (*parts, "keys"):
        default_storage.delete(_name(job, part))


def _pieces(job: ExportJob) -> int:
    return int(job.held.get("pieces", 0))


def _keys(job: ExportJob, wanted: ListQuery) -> list[int]:
    """Settled once: how many there are is from then on what the page shows."""
    if not are_settled(job):
        keys = keys_of(wanted)
        _put(job, "keys", keys)
        job.count = len(keys)
        _note(job, settled=True)
    found: list[int] = _get(job, "keys")
    return found


def _note(job: ExportJob, **what: Any) -> None:
    job.held = job.held | what
    job.save(update_fields=["held", "count"])


def _read(choice: Choice, keys: list[int]) -> list[Row]:
    """These rows in the order of `keys`. Whoever has gone meanwhile, or may not be read any more, is left out."""
    wanted, columns = choice.wanted, choice.columns
    found = wanted.registrations.filter(pk__in=keys).order_by()
    cells = found.values_list("pk", *expressions(columns, wanted.meeting).values())
    by_key = {row[0]: row[1:] for row in cells}
    return list(flat([by_key[key] for key in keys if key in by_key], columns))


def _name(job: ExportJob, part: int | str) -> str:
    return f"exports/{job.token.hex[:2]}/{job.token.hex}-{part}"


def _put(job: ExportJob, part: int | str, content: Any) -> None:
    """In the place of what a killed worker may have begun there."""
    default_storage.delete(_name(job, part))
    packed = gzip.compress(json.dumps(content, ensure_ascii=False, default=_plain).encode(), compresslevel=1)
    default_storage.save(_name(job, part), ContentFile(packed))


def _get(job: ExportJob, part: int | str) -> Any:
    with default_storage.open(_name(job, part)) as file:
        return json.loads(gzip.decompress(file.read()))


def _plain(value: Any) -> str:
    if isinstance(value, datetime.datetime):
        return value.isoformat()
    raise TypeError(f"Cannot be kept: {type(value).__name__}")


def _typed(found: list[list[Any]], times: list[int]) -> Iterator[Row]:
    for row in found:
        for n in times:
            if row[n]:
                row[n] = datetime.datetime.fromisoformat(row[n])
        yield tuple(row)
