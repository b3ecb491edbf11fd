"""The rungs of a meeting: those that it has set, and for the others what the product proposes, switched off."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from meeting.models import AuditEntry, Meeting, User

from ..models import Reminder

Kind = Reminder.Kind
# For each kind its rungs, in days: after something happened, or before something will.
PROPOSED: dict[Kind, tuple[int, ...]] = {
    Kind.INVITATION: (14, 28),
    Kind.LETTER: (3, 10),
    Kind.RETURNED: (3, 7),
    Kind.CLOSING: (7, 2),
    Kind.ARRIVAL: (7,),
}
BEFORE = (Kind.CLOSING, Kind.ARRIVAL)
MOST_DAYS = 90
HOURS = 12  # a morning that was missed is made up for on the same day, not at night


@dataclass(frozen=True)
class Rung:
    """One reminder of one kind: `days` before or after, `on_since` as Reminder has it."""

    kind: Kind
    step: int
    days: int
    on_since: datetime.datetime | None = None

    @property
    def name(self) -> str:
        """In forms."""
        return f"{self.kind.value}-{self.step}"

    @property
    def is_before(self) -> bool:
        return self.kind in BEFORE


def of(meeting: Meeting) -> list[Rung]:
    """All rungs, in the order in which a meeting goes through them."""
    kept = {(r.kind, r.step): r for r in Reminder.objects.filter(meeting=meeting)}
    return [
        Rung(kind, step, row.days, row.on_since) if (row := kept.get((kind, step))) else Rung(kind, step, days)
        for kind, proposed in PROPOSED.items()
        for step, days in enumerate(proposed, start=1)
    ]


def morning(meeting: Meeting, now: datetime.datetime) -> datetime.datetime:
    """When reminders go out on this day of the meeting's own calendar."""
    local = now.astimezone(meeting.zone)
    return datetime.datetime.combine(local.date(), datetime.time(meeting.digest_hour), meeting.zone)


def at_work(meeting: Meeting, now: datetime.datetime) -> list[Rung]:
    """Those that may send something now: switched on before this morning, and the morning is not long past."""
    begins = morning(meeting, now)
    if not begins <= now < begins + datetime.timedelta(hours=HOURS):
        return []
    return [rung for rung in of(meeting) if rung.on_since and rung.on_since < begins]


@transaction.atomic
def save(meeting: Meeting, wanted: Mapping[str, tuple[int, bool]], *, by: User) -> int:
    """Set days and switch for each rung named; how many became different."""
    Meeting.objects.select_for_update(no_key=True).only("pk").get(pk=meeting.pk)
    changed = [rung for rung in of(meeting) if rung.name in wanted and _save(meeting, rung, *wanted[rung.name])]
    if changed:
        detail = {rung.name: [_said(rung.days, on=bool(rung.on_since)), _said(*wanted[rung.name])] for rung in changed}
        AuditEntry.objects.create(
            meeting=meeting, by=by, action=AuditEntry.Action.SETUP, about="reminders", detail=detail
        )
    return len(changed)


def _save(meeting: Meeting, rung: Rung, days: int, on: bool) -> bool:
    if (rung.days, bool(rung.on_since)) == (days, on):
        return False
    on_since = (rung.on_since or timezone.now()) if on else None
    values = {"days": days, "on_since": on_since}
    Reminder.objects.update_or_create(meeting=meeting, kind=rung.kind, step=rung.step, defaults=values)
    return True


def _said(days: int, on: bool) -> str:
    return f"{days} {'on' if on else 'off'}"
