"""The papers of a file: taken in sealed, read by few, withdrawn at any time, destroyed with the record."""

from __future__ import annotations

import datetime
from functools import partial
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from meeting.models import User
from meeting.sealed import seal_bytes, unseal_bytes

from ..letters import pages
from ..letters.files import AcceptedFile
from ..models import ChildConsent, ChildRecord
from .scrubbing import forget_file

Kind = ChildConsent.Kind


def given(record: ChildRecord) -> dict[str, ChildConsent]:
    """The papers that hold today, by kind."""
    return {paper.kind: paper for paper in record.consents.all() if paper.withdrawn_at is None}


@transaction.atomic
def give(record: ChildRecord, kind: str, accepted: AcceptedFile, *, given_on: datetime.date, by: User) -> ChildConsent:
    """Keep this paper in the place of one of its kind that was there before; the earlier file is destroyed."""
    destroy_papers(record.consents.filter(kind=kind))
    return record.consents.create(
        kind=kind,
        file=ContentFile(seal_bytes(accepted.content), name="paper"),
        original_name=accepted.original_name,
        media_type=accepted.media_type,
        given_on=given_on,
        recorded_by=by,
    )


def content(paper: ChildConsent) -> bytes:
    """The paper as it was sent."""
    with paper.file.open("rb") as sealed:
        return unseal_bytes(sealed.read())


def take_back(paper: ChildConsent) -> None:
    """Withdrawn: the file is destroyed; that there was one, and until when, stays in the record."""
    forget_file(paper.file)
    paper.file, paper.original_name, paper.withdrawn_at = "", "", timezone.now()
    paper.save(update_fields=["file", "original_name", "withdrawn_at"])


def take_letters(record: ChildRecord, by: User | None) -> None:
    """A letter sent with this one registration names the child: it becomes the endorsement, or goes."""
    newest_first = list(record.registration.letters.order_by("-version", "-pk"))
    if newest_first and by is not None:
        letter = newest_first[0]
        with letter.file.open("rb") as stored:
            accepted = AcceptedFile(stored.read(), letter.media_type, letter.original_name)
        give(record, Kind.ENDORSEMENT, accepted, given_on=letter.dated_on or letter.received_at.date(), by=by)
    for letter in newest_first:
        forget_file(letter.file)
        transaction.on_commit(partial(pages.forget, letter), robust=True)  # pictures of its pages
        letter.delete()


def destroy(record: ChildRecord) -> None:
    """The record with all its papers and files."""
    destroy_papers(record.consents.all())
    record.delete()


def destroy_papers(papers: Any) -> None:
    for paper in papers:
        forget_file(paper.file)
    papers.delete()
