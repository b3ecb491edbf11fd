"""A version goes to the public page by a deliberate act, and is taken off it by another."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from meeting.models import AuditEntry, Meeting, User

from ..models import ListVersion


def published(meeting: Meeting) -> ListVersion | None:
    """The version on the public page: the one that was published last and not taken off."""
    there = ListVersion.objects.filter(meeting=meeting, published_at__isnull=False, unpublished_at=None)
    return there.order_by("-published_at", "-pk").first()


@transaction.atomic
def publish(version: ListVersion, *, by: User) -> None:
    """It takes the place of the one before, which is taken off. Twice is once."""
    Meeting.objects.select_for_update(no_key=True).get(pk=version.meeting_id)
    version.refresh_from_db()
    if version.published_at and not version.unpublished_at:
        return
    now = timezone.now()
    others = ListVersion.objects.filter(meeting=version.meeting_id, published_at__isnull=False, unpublished_at=None)
    others.update(unpublished_at=now)
    version.published_at, version.published_by, version.unpublished_at = now, by, None
    version.save(update_fields=["published_at", "published_by", "unpublished_at"])
    _record(version, by, "published")


@transaction.atomic
def unpublish(version: ListVersion, *, by: User) -> None:
    """The public page is gone with the next request. Twice is once."""
    found = ListVersion.objects.select_for_update().get(pk=version.pk)
    if found.published_at and not found.unpublished_at:
        found.unpublished_at = timezone.now()
        found.save(update_fields=["unpublished_at"])
        _record(found, by, "unpublished")


def _record(version: ListVersion, by: User, did: str) -> None:
    AuditEntry.objects.create(
        meeting=version.meeting, by=by, action=AuditEntry.Action.LIST, about=str(version),
        detail={"did": did, "count": version.people, "languages": version.languages},
    )  # fmt: skip
