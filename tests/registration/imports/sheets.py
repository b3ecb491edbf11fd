"""Files as people send them, made on the spot."""

from __future__ import annotations

import io

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile

from registration.imports import commit, service
from registration.models import ImportRow, RosterImport
from tests.factories import UserFactory

HEADS = ["Given names", "Family name", "Functional title", "Email", "Date of birth"]
SOMEBODY = ["Litia", "Waqanisau", "Director", "litia@health.gov.fj", "1975-05-31"]


def xlsx(rows=(), change=None) -> bytes:
    """A workbook of these rows; `change(book, sheet)` makes it clumsy."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    if change:
        change(book, book.active)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def csv(rows, delimiter=",", encoding="utf-8") -> bytes:
    return "".join(delimiter.join(row) + "\r\n" for row in rows).encode(encoding)


def upload(content: bytes, name="roster.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def started(where, content: bytes, *, by=None, needs_word=True) -> RosterImport:
    """Taken in and read. `where` is a delegation or a meeting."""
    delegation = where if hasattr(where, "category") else None
    meeting = where.meeting if delegation else where
    job = service.start(meeting, delegation, upload(content), by or UserFactory(), needs_word=needs_word)
    service.preview(job.pk)
    job.refresh_from_db()
    return job


def written(job: RosterImport, *, by=None, only_good=False) -> RosterImport:
    assert service.confirm(job, by or job.by, only_good=only_good)
    commit.write(job.pk)
    job.refresh_from_db()
    return job


def taken(where, rows, **how) -> RosterImport:
    """Rows below HEADS, all the way to the roster."""
    job = started(where, xlsx([HEADS, *rows]), **how)
    assert job.state == RosterImport.State.LOOKED_AT, job.problem
    return written(job)


def outcomes(job: RosterImport) -> list[str]:
    return list(job.rows.values_list("outcome", flat=True))


def row(job: RosterImport, number: int) -> ImportRow:
    return job.rows.get(number=number)
