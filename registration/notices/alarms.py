"""Somebody waits longer than the meeting promises: whoever decides is told, once for each time it waits."""

from __future__ import annotations

from collections import defaultdict

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from meeting.models import Meeting, Role, User

from ..mail import outbox
from ..models import LateAlarm, Registration
from . import people, waiting

AT_ONCE = 500  # of one meeting in one run; the next run takes the rest
LISTED = 40


def raise_alarms() -> int:
    """One message to each who decides about what has become late since the last run; how many messages."""
    return sum(_of_meeting(meeting) for meeting in people.meetings_at_work())


@transaction.atomic
def _of_meeting(meeting: Meeting) -> int:
    # One run at a time for each meeting, so that what is written down below is told by whoever has written it.
    Meeting.objects.select_for_update(no_key=True).get(pk=meeting.pk)
    late = list(_became_late(meeting)[:AT_ONCE])
    if not late:
        return 0
    alarms = LateAlarm.objects.bulk_create(LateAlarm(registration=r, since=r.status_since) for r in late)
    told = _whom_to_tell(meeting, late)
    for user, registrations in told.items():
        _tell(meeting, user, registrations, key=f"alarm-{meeting.pk}-{user.pk}-{alarms[0].pk}")
    return len(told)


def _became_late(meeting: Meeting) -> QuerySet[Registration]:
    told = LateAlarm.objects.filter(registration=OuterRef("pk"), since=OuterRef("status_since"))
    found = Registration.objects.filter(waiting.ours(meeting) & waiting.late(meeting), meeting=meeting)
    return found.exclude(Exists(told)).select_related("delegation").order_by("status_since", "pk")


def _whom_to_tell(meeting: Meeting, late: list[Registration]) -> dict[User, list[Registration]]:
    """Whose it is; where that is nobody who still decides, all organisers. Who wants no alarms gets none."""
    deciding = set(people.deciders(meeting).values_list("pk", flat=True))
    wanted = {user.pk: user for user in people.without_those_who_said_no(people.deciders(meeting), meeting, "alarms")}
    organisers = [pk for pk in people.deciders(meeting, Role.ORGANISER).values_list("pk", flat=True) if pk in wanted]
    told = defaultdict(list)
    for registration in late:
        owner = registration.assigned_to_id
        for pk in [owner] if owner in deciding else organisers:
            if pk in wanted:
                told[wanted[pk]].append(registration)
    return told


def _tell(meeting: Meeting, user: User, registrations: list[Registration], *, key: str) -> None:
    listed = [(r.reference, waiting.address("registration", meeting, r.reference)) for r in registrations[:LISTED]]
    values = {
        "name": str(user),
        "n": len(registrations),
        "days": meeting.decision_days,
        "listed": listed,
        "more": len(registrations) - len(listed),
        "link": f"{waiting.address('queue', meeting)}?waiting=late",
        "stop_link": waiting.address("notices", meeting),
    }
    language = people.language_of(user)
    outbox.queue_to("alarm", key=key, meeting=meeting, to=user.email, language=language, values=values)
