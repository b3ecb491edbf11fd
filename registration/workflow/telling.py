"""Messages that follow from what others do to a registration: asked to endorse it, told that it was changed."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone

from meeting.models import User

from ..mail import outbox
from ..models import FocalPoint, MailState, OutgoingMail, Registration, RegistrationEvent, Status
from .base import Action

# In which somebody who corrects one field after the other makes one message of it, and takes a slip back unheard.
GATHERED = datetime.timedelta(minutes=10)
# Badge, list and desk go by them.
TOLD = {"given_names", "family_name", "display_name", "passport_name", "role", "category"}


def ask_for_endorsement(registration: Registration, event: RegistrationEvent) -> None:
    """Each focal point of the delegation, once for each sending; nobody where it is endorsed or needs no word."""
    if not registration.needs_endorsement or registration.is_minor:
        return
    delegation = registration.delegation
    for focal_point in FocalPoint.objects.active().filter(delegation=delegation).select_related("user"):
        outbox.queue_to(
            "endorsement_asked",
            key=f"endorse-{event.pk}-{focal_point.pk}",
            meeting=registration.meeting,
            to=focal_point.user.email,
            language=focal_point.language,
            values={"name": focal_point.shown_name, "delegation": delegation, "person": registration.printed_name},
            focal_user=focal_point.user,
        )


def tell_of_change(
    registration: Registration, event: RegistrationEvent, changes: dict[str, Any], *, by: User | None
) -> None:
    """Tell the person what somebody else has changed in their name, role or category."""
    if by is None or not TOLD & set(changes) or registration.status == Status.DRAFT or not _reads(registration):
        return
    waiting = _waiting(registration)
    first = min((int(mail.key.split("-")[1]) for mail in waiting), default=event.pk)
    for mail in waiting:
        outbox.stop_one(mail)
    if all_of_them := _since(registration, first):
        outbox.queue(
            "changed",
            registration,
            key=f"changed-{first}-{event.pk}",
            values={"changes": all_of_them},
            hold_until=timezone.now() + GATHERED,
        )


def _reads(registration: Registration) -> bool:
    return bool(registration.email) and not registration.on_behalf and not registration.is_minor


def _waiting(registration: Registration) -> list[OutgoingMail]:
    waits = OutgoingMail.objects.filter(registration=registration, kind="changed", state=MailState.QUEUED, attempts=0)
    return list(waits.select_for_update())


def _since(registration: Registration, first: int) -> dict[str, list[Any]]:
    """Old and new over all edits since the first that is not told yet; without what came back to itself."""
    found: dict[str, list[Any]] = {}
    for event in registration.events.filter(pk__gte=first, action=Action.EDITED).order_by("pk"):
        for name, change in event.changes.items():
            if name in TOLD and isinstance(change, list) and len(change) == 2:
                found[name] = [found.get(name, change)[0], change[1]]
    return {name: change for name, change in found.items() if change[0] != change[1]}
