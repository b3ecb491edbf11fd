"""Once a day: what waits for whom. Numbers and links, and nobody's name."""

from __future__ import annotations

import datetime

from django.utils import timezone, translation

from meeting.models import Meeting, User

from ..mail import outbox
from ..models import OutgoingMail
from . import people, waiting


def send_digests() -> int:
    """To whoever has something waiting, from the hour of each meeting on, once a day; how many.

    May run any number of times: where no worker ran in that hour, they are told later the same day.
    """
    return sum(_of_meeting(meeting) for meeting in people.meetings_at_work() if _is_due(meeting))


def _is_due(meeting: Meeting) -> bool:
    now = timezone.now().astimezone(meeting.zone)
    return now.hour >= meeting.digest_hour and meeting.digested_on != now.date()


def _of_meeting(meeting: Meeting) -> int:
    today = timezone.now().astimezone(meeting.zone).date()
    sent = _to_everybody(meeting, today)
    # Afterwards: a worker that was killed in the middle has told some, and the next one tells the others.
    Meeting.objects.filter(pk=meeting.pk).update(digested_on=today)
    return sent


def _to_everybody(meeting: Meeting, today: datetime.date) -> int:
    users = list(people.without_those_who_said_no(people.deciders(meeting), meeting, "digest"))
    keys = {_key(meeting, user, today): user for user in users}
    told = set(OutgoingMail.objects.filter(key__in=keys).values_list("key", flat=True))
    return sum(_send(meeting, user, key) for key, user in keys.items() if key not in told)


def _key(meeting: Meeting, user: User, day: datetime.date) -> str:
    """Unique in the outbox, so that nobody is told twice on one day, whoever runs this."""
    return f"digest-{meeting.pk}-{user.pk}-{day.isoformat()}"


def _send(meeting: Meeting, user: User, key: str) -> bool:
    language = people.language_of(user)
    with translation.override(language):
        found = waiting.for_whom(user, meeting)
    if found:
        values: dict[str, object] = {
            "name": str(user),
            "waiting": found,
            "link": waiting.address("queue", meeting),
            "stop_link": waiting.address("notices", meeting),
        }
        outbox.queue_to("digest", key=key, meeting=meeting, to=user.email, language=language, values=values)
    return bool(found)
