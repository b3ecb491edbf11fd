"""A child may leave at any time, says no reason, and leaves no trace but in the sealed file."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q

from meeting.appended import forgetting
from meeting.models import User

from .. import workflow
from ..models import ChildRecord, OutgoingMail, Registration, Status
from .intake import lock_record


@transaction.atomic
def withdraw(record_id: int, *, by: User) -> None:
    """The child does not come. Nobody is asked why, and nobody is written to: whoever sends says it themselves."""
    record = lock_record(record_id)
    if record.registration.status == Status.DRAFT:
        return
    workflow.withdraw(record.registration_id, by=by)
    forget(record.registration)


@transaction.atomic
def forget(registration: Registration) -> None:
    """History and messages of a withdrawn child go; a clearing holds no more, should the child come back."""
    with forgetting():
        registration.events.all().delete()
    registration.access_keys.all().delete()
    OutgoingMail.objects.filter(registration=registration).delete()
    Registration.objects.filter(pk=registration.pk).update(status_reason="")
    ChildRecord.objects.filter(registration=registration).exclude(state=ChildRecord.State.OPEN).update(
        state=ChildRecord.State.OPEN, decided_by=None, decided_at=None
    )


def forget_all() -> int:
    """The same for children whom another screen has withdrawn; how many there were."""
    gone = Registration.objects.filter(is_minor=True, status=Status.WITHDRAWN)
    traces = Q(events__isnull=False) | Q(outgoing_mails__isnull=False) | ~Q(status_reason="")
    left = list(gone.filter(traces).distinct())
    for registration in left:
        forget(registration)
    return len(left)
