"""A history as CSV for an auditor: what the filter leaves, in UTF-8, streamed, harmless in a spreadsheet."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Iterable, Iterator
from itertools import islice

from django.utils import translation

from meeting.models import AuditEntry

from ..lists.guard import guarded
from .lines import Line, every, in_one_cell
from .reading import HistoryFilter, Reader

AT_ONCE = 1_000
# In English whatever the reader's language: whoever compares two exports needs the same headings.
COLUMNS = (
    "at_utc", "at_local", "actor", "actor_email", "act", "more", "reference", "name", "old", "new", "reason", "source",
)  # fmt: skip


def record(reader: Reader, asked: HistoryFilter) -> None:
    """Written before the first line leaves: an export that broke off has shown lines too."""
    detail = {"format": "csv", "filter": asked.active()}
    action = AuditEntry.Action.EXPORT
    AuditEntry.objects.create(meeting=reader.meeting, by=reader.user, action=action, about="History", detail=detail)


def stream(reader: Reader, asked: HistoryFilter) -> Iterator[bytes]:
    """In the language the reader has now: when the lines are drawn, the request is over."""
    return _in_language(translation.get_language() or "en", reader, asked)


def _in_language(language: str, reader: Reader, asked: HistoryFilter) -> Iterator[bytes]:
    yield _row(COLUMNS)
    lines = every(reader, asked, AT_ONCE)
    while True:
        with translation.override(language):
            chunk = b"".join(_row(cells(line, reader)) for line in islice(lines, AT_ONCE))
        if not chunk:
            return
        yield chunk


def cells(line: Line, reader: Reader) -> tuple[str, ...]:
    subject, said = line.subject, line.said
    return (
        line.at.astimezone(datetime.UTC).isoformat(timespec="microseconds"),
        line.at.astimezone(reader.meeting.zone).isoformat(timespec="seconds"),
        line.who,
        reader.address_of(line.by) if line.by else "",
        said.what,
        said.more,
        subject.reference if subject else "",
        subject.name if subject else "",
        in_one_cell(said.changes, "was"),
        in_one_cell(said.changes, "becomes"),
        said.reason,
        line.source,
    )


def _row(values: Iterable[str]) -> bytes:
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerow([guarded(value) for value in values])
    return written.getvalue().encode()
