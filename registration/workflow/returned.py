"""Whoever was sent back, and in whose registration nobody has changed anything since."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q

from ..models import Answer, Letter, Registration, RegistrationEvent, Status


def untouched(registrations: Iterable[Registration]) -> set[int]:
    """Which of these came back and stand as they came back; one query, and none where nobody was returned.

    Nobody under 18: what is asked of them, and what was done about it, stands in the sealed file.
    """
    returned = [r.pk for r in registrations if r.pk and r.status == Status.RETURNED and not r.is_minor]
    if not returned:
        return set()
    asked = Registration.objects.filter(pk__in=returned, status=Status.RETURNED)
    return set(asked.exclude(_was_changed()).values_list("pk", flat=True))


def _was_changed() -> Q:
    """By a cell, an answer, a letter of their own; by the delegation's letter where a letter was asked for."""
    since = OuterRef("status_since")
    edits = RegistrationEvent.objects.filter(action=RegistrationEvent.Action.EDITED, at__gt=since)
    letters = Letter.objects.filter(received_at__gt=since)
    return (
        Q(Exists(edits.filter(registration=OuterRef("pk"))))
        | Q(Exists(Answer.objects.filter(registration=OuterRef("pk"), changed_at__gt=since)))
        | Q(Exists(letters.filter(registration=OuterRef("pk"))))
        | Q(
            Exists(letters.filter(registration=None, delegation=OuterRef("delegation"))),
            returned_fields__contains=["letter"],
        )
    )
