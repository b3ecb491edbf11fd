"""One file of a list. What can stream does; the rest is built in a temporary file."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from typing import IO, Any

from django.db.models import F
from django.utils import timezone

from meeting.models import Meeting

from ..lists import csv_export, json_export, xlsx_export
from ..lists.reading import CHUNK, Row
from ..models import ExportFormat
from . import pdf, vcard
from .choosing import Choice
from .options import Options, suffix_of


def stream(choice: Choice) -> Iterator[bytes]:
    """CSV or JSON in chunks, at any size."""
    with choice.spoken():
        if choice.format == ExportFormat.CSV:
            options = choice.options
            chunks = csv_export.stream(choice.wanted, choice.columns, delimiter=options.delimiter, bom=options.bom)
        else:
            chunks = json_export.stream(choice.wanted, choice.columns, head(choice))
        first = next(chunks)  # words are in the language that is active now, not when the rest is read
    return _after(first, chunks)


def _after(first: bytes, chunks: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from chunks


def build(choice: Choice, rows: Iterable[Row] | None = None) -> IO[bytes]:
    """Any other, at its start. `rows` are those of the list where somebody has read them already."""
    with choice.spoken():
        if choice.format == ExportFormat.XLSX:
            return xlsx_export.write(choice.wanted, choice.columns, rows)
        if choice.format == ExportFormat.PDF:
            return io.BytesIO(pdf.write(choice.wanted, choice.columns, rows, view=choice.view, told=choice.told))
        return io.BytesIO(b"".join(contacts(choice)))


def contacts(choice: Choice) -> Iterator[bytes]:
    named: dict[str, Any] = {name: F(name) for name in vcard.FIELDS}
    found = choice.wanted.values_list(named)
    people = (dict(zip(vcard.FIELDS, row, strict=True)) for row in found.iterator(chunk_size=CHUNK))
    return vcard.cards(choice.wanted.meeting, people, choice.options.card)


def head(choice: Choice) -> dict[str, Any]:
    """What a program needs to know of the people it reads."""
    meeting = choice.wanted.meeting
    return {
        "meeting": {
            "slug": meeting.slug, "title": str(meeting), "starts_on": meeting.starts_on.isoformat(),
            "ends_on": meeting.ends_on.isoformat(), "time_zone": str(meeting.zone),
        },
        "written_at": timezone.now().isoformat(timespec="seconds"),
        "view": choice.view,
        "filter": choice.wanted.asked,
    }  # fmt: skip


def file_name(meeting: Meeting, file_format: str, options: Options) -> str:
    """No view and no name in it: a folder of such files tells as little as it can."""
    today = timezone.now().astimezone(meeting.zone).date()
    return f"{meeting.slug}-people-{today:%Y-%m-%d}.{suffix_of(file_format, options)}"
