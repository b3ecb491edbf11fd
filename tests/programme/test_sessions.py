"""What a session refuses, in words, before the database has to."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from meeting.models import Room, Venue
from programme.models import Session
from tests.factories import MeetingFactory, SessionFactory

pytestmark = pytest.mark.django_db
NINE = datetime.datetime(2008, 9, 18, 2, tzinfo=datetime.UTC)  # in Bangkok
HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def room():
    return Room.objects.create(venue=Venue.objects.create(name="UNCC", city="Bangkok"), name="ESCAP Hall")


def session(**values):
    return Session(**{"meeting": MeetingFactory(), "kind": "plenary", "title": "Plenary", "starts_at": NINE, **values})


@pytest.mark.parametrize("length", [-HOUR, 0 * HOUR])
def test_a_session_ends_after_it_starts(room, length):
    with pytest.raises(ValidationError, match="ends before it starts"):
        session(ends_at=NINE + length, room=room).full_clean()


@pytest.mark.parametrize("days", [-1, 2, 400])
def test_a_session_is_on_a_day_of_the_meeting(days):
    start = NINE + datetime.timedelta(days=days)
    with pytest.raises(ValidationError, match="not on a day of the meeting"):
        session(starts_at=start, ends_at=start + HOUR).full_clean()


def test_a_room_has_one_session_at_a_time_and_the_next_may_follow_at_once(room):
    taken = SessionFactory(starts_at=NINE, ends_at=NINE + HOUR, room=room)
    with pytest.raises(ValidationError, match="Another session has this room at that time"):
        session(meeting=taken.meeting, starts_at=NINE + HOUR / 2, ends_at=NINE + 2 * HOUR, room=room).full_clean()
    session(meeting=taken.meeting, starts_at=NINE + HOUR, ends_at=NINE + 2 * HOUR, room=room).full_clean()
