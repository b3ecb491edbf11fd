"""The file of a batch: one PDF to print, or a ZIP with a PDF for each. Drawn in chunks, so memory stays flat."""

from __future__ import annotations

import datetime
import tempfile
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import IO

import pypdfium2
from django.core.files import File
from django.utils import timezone

from meeting.alone import alone

from ..mail.broker import publisher
from ..models import IssuedLetter, LetterBatch
from . import drawing

Form = LetterBatch.Form
CHUNK = 40
HANDS = 2  # the typesetter works outside Python's lock
KEPT = datetime.timedelta(days=7)
LOCKS = 7351  # the class of our advisory locks
SUFFIX = {Form.PDF: "pdf", Form.ZIP: "zip"}
TYPES = {Form.PDF: "application/pdf", Form.ZIP: "application/zip"}


def make(pk: int) -> None:
    """Draw the file that was asked for, unless somebody else is at it. The letters are there: it can begin anew."""
    with alone(LOCKS, pk) as is_alone:
        batch = LetterBatch.objects.select_related("meeting").filter(pk=pk, ended_at=None).first()
        if not is_alone or batch is None:
            return
        if batch.form:
            with tempfile.TemporaryFile() as file:
                (_as_pdf if batch.form == Form.PDF else _as_zip)(batch, file)
                file.seek(0)
                batch.file.save("letters", File(file), save=False)
            batch.file_made_at = timezone.now()
        batch.ended_at = timezone.now()
        batch.save(update_fields=["file", "file_made_at", "ended_at"])


def ask_for(batch: LetterBatch, form: str) -> None:
    """Another file of the same letters, or the same once more: a letter that was revoked meanwhile is left out."""
    if LetterBatch.objects.filter(pk=batch.pk, ended_at__isnull=False).update(form=form, ended_at=None, drawn=0):
        drop(batch)
        publisher.announce("issue_letters", batch.pk)


def drop(batch: LetterBatch) -> None:
    if batch.file:
        batch.file.delete(save=False)
    LetterBatch.objects.filter(pk=batch.pk).update(file="", file_made_at=None)


def forget() -> int:
    """Delete files after a week; how many. They can be drawn again."""
    old = list(LetterBatch.objects.exclude(file="").filter(file_made_at__lt=timezone.now() - KEPT)[:200])
    for batch in old:
        drop(batch)
    return len(old)


def letters_of(batch: LetterBatch) -> list[int]:
    """Those that count today, by number."""
    valid = IssuedLetter.objects.valid().filter(pk__in=batch.rows.exclude(letter=None).values("letter"))
    return list(valid.order_by("number").values_list("pk", flat=True))


def is_stale(batch: LetterBatch) -> bool:
    """Whether a letter in its file was taken back since."""
    ours = IssuedLetter.objects.filter(pk__in=batch.rows.exclude(letter=None).values("letter"))
    return ours.revoked().filter(revoked_at__gt=batch.file_made_at).exists()


def _chunks(batch: LetterBatch) -> Iterator[list[IssuedLetter]]:
    pks = letters_of(batch)
    for start in range(0, len(pks), CHUNK):
        yield list(IssuedLetter.objects.filter(pk__in=pks[start : start + CHUNK]).order_by("number"))
        LetterBatch.objects.filter(pk=batch.pk).update(drawn=min(start + CHUNK, len(pks)))


def _as_pdf(batch: LetterBatch, file: IO[bytes]) -> None:
    """To print. The pages of the chunks are put together without their tags, which single letters have."""
    whole = pypdfium2.PdfDocument.new()
    with ThreadPoolExecutor(HANDS) as hands:
        for letters in _chunks(batch):
            shares = [letters[start : start + CHUNK // HANDS] for start in range(0, len(letters), CHUNK // HANDS)]
            for pages in hands.map(drawing.draw_together, shares):
                part = pypdfium2.PdfDocument(pages)
                whole.import_pages(part)
                part.close()
    if len(whole):
        whole.save(file)
    whole.close()


def _as_zip(batch: LetterBatch, file: IO[bytes]) -> None:
    # A PDF is compressed already.
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive, ThreadPoolExecutor(HANDS) as hands:
        for letters in _chunks(batch):
            for letter, pdf in zip(letters, hands.map(drawing.draw, letters), strict=True):
                entry = zipfile.ZipInfo(drawing.file_name(letter), date_time=letter.issued_at.timetuple()[:6])
                archive.writestr(entry, pdf)
