"""Taking back a decision on many, person by person, for as long as its messages wait."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from django.utils import timezone

from meeting.models import User

from .. import workflow
from ..models import BulkDecision, BulkRow, RegistrationEvent
from ..models.registration import RegistrationQuerySet

UNDO_SECONDS = 15.0  # a request waits for no longer; whoever is left can be undone with another click


@dataclass
class Undone:
    done: int = 0
    refused: list[str] = field(default_factory=list)
    left: int = 0


def can_be_undone(bulk: BulkDecision, everybody: RegistrationQuerySet) -> list[BulkRow]:
    """Rows whose decision is not told yet, of those in `everybody`."""
    quiet = bulk.rows.filter(state=BulkRow.State.DONE, registration__quiet_until__gt=timezone.now())
    return list(quiet.filter(registration__in=everybody).select_related("registration").order_by("registration_id"))


def undo(bulk: BulkDecision, everybody: RegistrationQuerySet, *, by: User) -> Undone:
    """Put back what still can be, each by itself. What somebody has decided since is left as they decided."""
    result, deadline = Undone(), time.monotonic() + UNDO_SECONDS
    for row in can_be_undone(bulk, everybody):
        event = workflow.can_be_undone(row.registration)
        if event is None or not _is_ours(event, row, bulk):
            continue
        if time.monotonic() > deadline:
            result.left += 1
            continue
        try:
            workflow.undo(row.registration_id, event=event.pk, by=by)
            result.done += 1
        except workflow.MoveNotAllowed as refusal:
            result.refused.append(str(refusal))
    return result


def _is_ours(event: RegistrationEvent, row: BulkRow, bulk: BulkDecision) -> bool:
    """Whether `event` is what this row did: by the same person, between the beginning and the row's own end."""
    return event.by_id == bulk.by_id and row.decided_at is not None and bulk.created_at <= event.at <= row.decided_at
