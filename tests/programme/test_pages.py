"""The programme as everybody sees it, and its hours on the meeting's page."""

import datetime

import pytest
from django.urls import reverse

from meeting.models import Room, Theme, Venue
from programme.models import by_day
from programme.views import clock
from tests.factories import MeetingFactory, SessionFactory

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)


def at(hour: int, day: int = 18) -> datetime.datetime:
    """That hour on the clocks of Bangkok."""
    return datetime.datetime(2008, 9, day, hour, tzinfo=datetime.timezone(7 * HOUR))


def session(meeting, hour: int, day: int = 18, hours: int = 1, **fields):
    return SessionFactory(meeting=meeting, starts_at=at(hour, day), ends_at=at(hour, day) + hours * HOUR, **fields)


def programme_of(client, meeting, **query) -> str:
    return client.get(reverse("programme:detail", args=[meeting.slug]), query).content.decode()


@pytest.fixture
def meeting():
    return MeetingFactory()


@pytest.mark.parametrize("rows", [1, 3])
def test_programme_query_count(client, meeting, rows, django_assert_num_queries):
    venue = Venue.objects.create(name="Centre", city="Bangkok")
    theme = Theme.objects.create(meeting=meeting, number=1, title="Law")
    for n in range(rows):
        slot = session(meeting, 9 + n, title=f"Groups {n}", kind="groups")
        for part in range(rows):
            room = Room.objects.create(venue=venue, name=f"Room {n}.{part}")
            group = session(meeting, 9 + n, part_of=slot, kind="group", room=room, title=f"Group {n}.{part}")
            group.themes.add(theme)
    with django_assert_num_queries(7):
        page = programme_of(client, meeting)
    assert page.count('<div class="slot"') == rows
    assert page.count("<b>Room ") == rows * rows


def test_programme_stands_day_by_day_in_the_meetings_own_time(client, meeting):
    session(meeting, 9, title="Opening")
    session(meeting, 0, day=19, title="Night watch")  # still the 18th in UTC
    page = programme_of(client, meeting)
    first, second = page.index("Thursday 18 September</h2>"), page.index("Friday 19 September</h2>")
    assert first < page.index("<h3>Opening</h3>") < second < page.index("<h3>Night watch</h3>")
    assert ">09:00 <span>to 10:00</span></time>" in page
    assert "Times are those of Bangkok (UTC+7)." in page


def test_one_day_can_be_asked_for(client, meeting):
    session(meeting, 9, title="Opening")
    session(meeting, 9, day=19, title="Closing")
    page = programme_of(client, meeting, day="2008-09-19")
    assert "Closing" in page
    assert "Opening" not in page
    assert '<a href="?day=2008-09-19" aria-current="page">Friday 19</a>' in page


@pytest.mark.parametrize("day", ["2008-09-20", "tomorrow", "2008-09-18'--"])
def test_day_without_a_programme_is_not_there(client, meeting, day):
    session(meeting, 9)
    assert client.get(reverse("programme:detail", args=[meeting.slug]), {"day": day}).status_code == 404


def test_pause_is_quiet_and_closed_session_says_so(client, meeting):
    session(meeting, 12, title="Lunch", kind="break")
    session(meeting, 13, title="Drafting", access="closed")
    page = programme_of(client, meeting)
    assert page.count('<div class="slot slot--pause"') == 1
    assert "Closed</span>" in page


def test_empty_programme_says_what_will_be_there(client, meeting):
    assert "The programme is not published yet" in programme_of(client, meeting)


def test_programme_of_unpublished_meeting_is_not_there(client):
    hidden = MeetingFactory(is_published=False)
    session(hidden, 9)
    assert client.get(reverse("programme:detail", args=[hidden.slug])).status_code == 404


def test_now_and_next_on_a_meeting_day_only(meeting):
    opening, coffee, panel = session(meeting, 9), session(meeting, 10, kind="break"), session(meeting, 11)
    days = by_day(meeting.sessions.for_programme(), meeting)
    during = clock(days, meeting, at(9))
    assert (during.now, during.next) == (opening, panel)
    assert clock(days, meeting, at(10)).now == coffee
    assert (clock(days, meeting, at(12)).now, clock(days, meeting, at(12)).next) == (None, None)
    assert clock(days, meeting, at(9, day=20)) is None


def test_glance_leaves_out_coffee_and_groups_but_not_lunch(client, meeting):
    slot = session(meeting, 9, title="Parallel groups", kind="groups")
    session(meeting, 9, part_of=slot, title="Group one", kind="group")
    SessionFactory(meeting=meeting, title="Coffee", kind="break", starts_at=at(10), ends_at=at(10) + HOUR / 2)
    session(meeting, 12, title="Lunch", kind="break")
    page = client.get(meeting.get_absolute_url()).content.decode()
    glance = page[page.index('id="glance"') :]
    assert "<span>Parallel groups</span>" in glance
    assert '<li class="pause"><time datetime="2008-09-18T05:00:00+00:00">12:00</time><span>Lunch</span></li>' in glance
    assert "Group one" not in glance
    assert "Coffee" not in glance
