"""The meeting as a calendar file that mail programs offer to keep."""

import datetime
from email.mime.text import MIMEText
from functools import lru_cache
from urllib.parse import urlsplit

import icalendar
from django.conf import settings

from meeting.models import Meeting


def attachment(meeting: Meeting, language: str) -> MIMEText:
    """Names come in the language that is active; `language` tells the versions apart."""
    part = MIMEText(_file(_Key(meeting, language)), "calendar", "utf-8")
    part.set_param("method", "PUBLISH")
    part.add_header("Content-Disposition", "attachment", filename=f"{meeting.slug}.ics")
    return part


class _Key:
    """A meeting as it stands in one language: the file is made once for each, not for each of its delegates."""

    def __init__(self, meeting: Meeting, language: str) -> None:
        self.meeting = meeting
        self.identity = (meeting.pk, meeting.changed_at, language)

    def __hash__(self) -> int:
        return hash(self.identity)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self.identity == other.identity


@lru_cache(maxsize=64)
def _file(key: _Key) -> str:
    return meeting_calendar(key.meeting).to_ical().decode()


def meeting_calendar(meeting: Meeting) -> icalendar.Calendar:
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Placard//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-timezone", meeting.time_zone)
    calendar.add_component(_time_zone(meeting))
    calendar.add_component(_days(meeting))
    return calendar


def _days(meeting: Meeting) -> icalendar.Event:
    """Whole days: a delegate who still sits in Geneva sees 18 and 19 September, not an evening on the 17th."""
    event = icalendar.Event()
    event.add("uid", f"meeting-{meeting.slug}@{urlsplit(settings.SITE_URL).hostname}")
    event.add("dtstamp", meeting.changed_at)
    event.add("last-modified", meeting.changed_at)
    event.add("dtstart", meeting.starts_on)
    event.add("dtend", meeting.ends_on + datetime.timedelta(days=1))  # the first day after
    event.add("summary", meeting.short_title or meeting.title)
    event.add("description", f"{meeting.title}\n{settings.SITE_URL}{meeting.get_absolute_url()}")
    event.add("url", f"{settings.SITE_URL}{meeting.get_absolute_url()}")
    event.add("transp", "OPAQUE")
    if meeting.venue:
        event.add("location", str(meeting.venue))
    return event


def _time_zone(meeting: Meeting) -> icalendar.Timezone:
    """The zone's rules in the year of the meeting, for programs that do not know its name."""
    return icalendar.Timezone.from_tzinfo(
        meeting.zone,
        first_date=datetime.date(meeting.starts_on.year, 1, 1),
        last_date=datetime.date(meeting.ends_on.year + 1, 1, 1),
    )
