"""What others may see of somebody, as that person says: by nobody else, at any time, and taken back as easily."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from ..models import Registration, Status
from .base import Action, MoveNotAllowed, lock, note

CHOICES = {"name_public", "contact_shared", "gender"}
# Only counted: the history says nothing of it either.
UNTOLD = {"gender"}


@transaction.atomic
def share(registration_id: int, said: dict[str, Any]) -> Registration:
    """Keep what the person says about these CHOICES. Twice is once; whoever has withdrawn may take back as well."""
    if unknown := set(said) - CHOICES:
        raise ValueError(f"not for sharing: {sorted(unknown)}")
    registration = lock(registration_id)
    if registration.is_minor:
        raise MoveNotAllowed(_("Nothing is shown of anybody under 18."))
    changes = {
        name: [getattr(registration, name), value]
        for name, value in said.items()
        if getattr(registration, name) != value
    }
    if not changes:
        return registration
    for name, (_was, value) in changes.items():
        setattr(registration, name, value)
    registration.save(update_fields=[*changes, "changed_at"])
    told = {name: change for name, change in changes.items() if name not in UNTOLD}
    if told and registration.status != Status.DRAFT:
        note(registration, Action.EDITED, by=None, changes=told)
    return registration
