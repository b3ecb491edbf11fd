"""What whoever is outside may know: while a decision can still be undone, nothing of it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from itertools import pairwise
from typing import TypeVar

from django.db.models import Case, CharField, F, Q, When
from django.utils import timezone

from .models import Registration, RegistrationEvent

Action = RegistrationEvent.Action
# Each of these ends what the one before it began.
TURNS = (Action.MOVED, Action.FIRST_APPROVED, Action.UNDONE)
# What the organisers do among themselves is not told to the people concerned.
AMONG_ORGANISERS = (
    Action.KEPT_APART,
    Action.SAME_PERSON,
    Action.FIRST_APPROVED,
    Action.UNDONE,
    Action.ASSIGNED,
    Action.NOTE_REMOVED,
    Action.MAIL_SENT,
    Action.MAIL_STOPPED,
    Action.MAIL_HURRIED,
    Action.ADDRESS_WORKS,
    Action.LETTER_ISSUED,
    Action.LETTER_REVOKED,
)
Rows = TypeVar("Rows", bound=Iterable[Registration])


def as_told(registrations: Rows) -> Rows:
    """The same rows as those outside may know them: for showing, never for saving.

    One query, and none where no decision is quiet.
    """
    quiet = {r.pk: r for r in registrations if r.told_status != r.status}
    for pk, told in _told(quiet):
        _show(quiet[pk], told)
    return registrations


def _told(quiet: dict[int, Registration]) -> list[tuple[int, dict[str, object]]]:
    """What they know of each, as its newest decision has kept it."""
    if not quiet:
        return []
    moves = RegistrationEvent.objects.filter(registration__in=quiet, action=Action.MOVED, before__isnull=False)
    newest = moves.order_by("registration", "-at", "-pk").distinct("registration")
    return list(newest.values_list("registration", "before__told"))


def _show(registration: Registration, told: dict[str, object]) -> None:
    # Not an assignment: the workflow alone writes these, and nobody saves a row that is shown.
    vars(registration).update(
        status=told["status"],
        status_since=datetime.datetime.fromisoformat(str(told["since"])),
        status_reason=told["reason"],
        returned_fields=told["fields"],
        kept_waiting=told["kept_waiting"],
    )


def told_status() -> Case:
    """The same status for the database, where many are counted."""
    is_quiet = Q(quiet_until__gt=timezone.now())
    return Case(When(is_quiet, then=F("quiet_status")), default=F("status"), output_field=CharField())


def events_told(registration: Registration) -> list[RegistrationEvent]:
    """The history, oldest first, without what stays among the organisers and decisions that nobody was told of."""
    events = list(registration.events.order_by("at", "pk"))
    silent, known = _never_told(registration, events), ""
    found = []
    for event in events:
        if event.action in AMONG_ORGANISERS or event.pk in silent:
            continue
        if event.action == Action.MOVED:
            if event.to_status == known:
                continue  # back from what was never told
            known = event.to_status
        found.append(event)
    return found


def _never_told(registration: Registration, events: list[RegistrationEvent]) -> set[int]:
    """Decisions that wait to be told, or after which something else was decided before their message was to leave."""
    hurried = {event.changes.get("told") for event in events if event.action == Action.MAIL_HURRIED}
    turns = [event for event in events if event.action in TURNS]
    overtaken = {
        event.pk for event, then in pairwise(turns) if (until := _quiet_until(event)) and then.at < until
    } - hurried
    is_quiet = registration.quiet_until is not None and timezone.now() < registration.quiet_until
    return overtaken | {event.pk for event in turns[-1:] if is_quiet}


def _quiet_until(event: RegistrationEvent) -> datetime.datetime | None:
    text = (event.before or {}).get("quiet_until")
    return datetime.datetime.fromisoformat(text) if text else None
