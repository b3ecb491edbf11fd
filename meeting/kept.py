"""A meeting's row is the widest there is, with every text in six languages: read again only when it has changed.

PostgreSQL tells whether it has: a row that is written, by whomever and however, moves to another place in its table.
"""

from __future__ import annotations

import copy
import time
from dataclasses import dataclass

from django.db import connection
from django.db.models import Func, TextField
from django.http import Http404

from .models import Meeting

SECONDS = 20  # what hangs on the row, its venue, shows by then
# By hand, because the ORM takes several times as long to write it as the database to answer it.
PUBLISHED = "SELECT id, xmin::text || ctid::text FROM meeting_meeting WHERE slug = %s AND is_published"


class RowVersion(Func):
    """Another text after each change of the row that the given field belongs to."""

    output_field = TextField()
    arity = 1

    def as_sql(self, compiler, connection, **context):  # type: ignore[no-untyped-def, override]
        row = compiler.quote_name_unless_alias(self.get_source_expressions()[0].alias)
        return f"{row}.xmin::text || {row}.ctid::text", []


@dataclass(frozen=True)
class Kept:
    version: str
    until: float
    meeting: Meeting


_kept: dict[int, Kept] = {}


def published_meeting(slug: str) -> Meeting:
    """The published meeting at this address, with its venue; 404 when there is none."""
    with connection.cursor() as cursor:
        cursor.execute(PUBLISHED, [slug])
        found = cursor.fetchone()
    if found is None:
        raise Http404
    return meeting_at(*found)


def meeting_at(pk: int, version: str) -> Meeting:
    """The meeting as it stood when `version` was read, with its venue. A copy: the caller's own."""
    known = _kept.get(pk)
    if known is None or known.version != version or known.until < time.monotonic():
        meeting = Meeting.objects.select_related("venue").get(pk=pk)
        meeting.row_version = version
        known = _kept[pk] = Kept(version, time.monotonic() + SECONDS, meeting)
    return copy.copy(known.meeting)
