"""Tokens for other systems: made by an organiser, shown once, used until a day, revoked at any time."""

from __future__ import annotations

import datetime
import secrets

from django.db import transaction
from django.utils import timezone

from meeting.models import AuditEntry, Meeting, User

from ..models import ApiToken
from ..models.key import digest

PREFIX = "placard_"  # by which scanners of code find one that was published by mistake
NOTED = datetime.timedelta(hours=1)  # one line of the history for all that a system reads in it


@transaction.atomic
def make(
    meeting: Meeting, *, name: str, purpose: str, fields: list[str], expires_at: datetime.datetime, by: User
) -> tuple[ApiToken, str]:
    """The row, and the token itself: this is the one chance to hand it over."""
    token = f"{PREFIX}{secrets.token_urlsafe(32)}"
    row = ApiToken.objects.create(
        meeting=meeting, name=name, purpose=purpose, fields=fields, expires_at=expires_at, made_by=by,
        digest=digest(token), ending=token[-4:],
    )  # fmt: skip
    _record(row, "made", by)
    return row, token


@transaction.atomic
def revoke(row: ApiToken, *, by: User) -> None:
    """Nothing is read with it from now on. Twice is once."""
    found = ApiToken.objects.select_for_update().get(pk=row.pk)
    if found.revoked_at is None:
        found.revoked_at, found.revoked_by = timezone.now(), by
        found.save(update_fields=["revoked_at", "revoked_by"])
        _record(found, "revoked", by)


def find(token: str) -> ApiToken | None:
    """The usable one; none for one that is unknown, over or revoked, and nobody learns which."""
    return ApiToken.objects.usable().select_related("meeting").filter(digest=digest(token)).first()


def note_use(row: ApiToken) -> None:
    """When it was used last, and a line in the history each hour that it is."""
    now = timezone.now()
    before = row.last_used_at
    if before and now - before < NOTED:
        return
    with transaction.atomic():
        noted = ApiToken.objects.filter(pk=row.pk, last_used_at=before).update(last_used_at=now)
        if noted:
            _record(row, "read", None)


def _record(row: ApiToken, did: str, by: User | None) -> None:
    AuditEntry.objects.create(
        meeting=row.meeting, by=by, action=AuditEntry.Action.API, about=str(row),
        detail={"did": did, "purpose": row.purpose, "fields": row.fields},
    )  # fmt: skip
