"""One confirmation becomes one decision on many, however often it is sent."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils import translation
from modeltranslation.utils import build_localized_fieldname

from meeting.models import Meeting, User

from ..mail.broker import publisher
from ..models import BulkDecision, BulkRow, CannedReason, Registration
from . import running

AT_ONCE = 20  # so few are decided while the reviewer waits for the page


@dataclass(frozen=True)
class Asked:
    """What is to happen to each, and the words for it."""

    move: str
    reason: str = ""
    canned: CannedReason | None = None
    fields_to_mend: tuple[str, ...] = ()
    assigned_to: User | None = None

    @property
    def texts(self) -> dict[str, str]:
        """The ready reason in each language it is written in; nothing where the reviewer wrote their own."""
        if self.canned is None or self.reason:
            return {}
        return texts_of(self.canned)


@dataclass(frozen=True)
class Seen:
    """One person, as they stood on the page that was confirmed."""

    registration: Registration
    status: str
    first_word: bool = False


def texts_of(canned: CannedReason) -> dict[str, str]:
    """As each language has it; a language without a text of its own is left out."""
    texts = {code: getattr(canned, build_localized_fieldname("text", code)) for code, _ in settings.LANGUAGES}
    return {code: text for code, text in texts.items() if text}


def start(
    meeting: Meeting, asked: Asked, rows: Iterable[Seen], *, token: uuid.UUID, by: User, query: str = ""
) -> BulkDecision:
    """The decision of this token. Few rows are decided before this returns, many by a worker. Twice is once."""
    rows = list(rows)
    bulk, is_new = _write(meeting, asked, rows, token=token, by=by, query=query)
    if is_new and len(rows) <= AT_ONCE:
        running.run(bulk.pk)
    elif is_new:
        publisher.announce("decide_many", bulk.pk)
    return bulk


@transaction.atomic
def _write(
    meeting: Meeting, asked: Asked, rows: list[Seen], *, token: uuid.UUID, by: User, query: str
) -> tuple[BulkDecision, bool]:
    values = {
        "meeting": meeting,
        "by": by,
        "move": asked.move,
        "reason": asked.reason,
        "canned": asked.canned,
        "texts": asked.texts,
        "fields_to_mend": list(asked.fields_to_mend),
        "assigned_to": asked.assigned_to,
        "language": translation.get_language() or "en",
        "query": query[:1000],
    }
    bulk, is_new = BulkDecision.objects.get_or_create(token=token, defaults=values)
    if is_new:
        # In the order of their numbers, which is the order of the locks.
        ordered = sorted(rows, key=lambda seen: seen.registration.pk)
        BulkRow.objects.bulk_create(
            BulkRow(bulk=bulk, registration=s.registration, seen=s.status, seen_first_word=s.first_word)
            for s in ordered
        )
    return bulk, is_new
