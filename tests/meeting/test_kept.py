"""A meeting that is kept in the process is never an old one."""

import pytest
from django.http import Http404

from meeting.kept import published_meeting
from meeting.models import Meeting
from tests.factories import MeetingFactory

pytestmark = pytest.mark.django_db


def test_second_reading_costs_one_small_statement(django_assert_num_queries):
    meeting = MeetingFactory()
    published_meeting(meeting.slug)
    with django_assert_num_queries(1):
        assert published_meeting(meeting.slug) == meeting


def test_a_change_past_the_model_is_seen_at_once():
    meeting = MeetingFactory(registration_held_open=True)
    assert published_meeting(meeting.slug).registration_held_open
    for held in (False, True, False):
        Meeting.objects.filter(pk=meeting.pk).update(registration_held_open=held)
        assert published_meeting(meeting.slug).registration_held_open is held


def test_everybody_has_a_copy_of_their_own():
    meeting = MeetingFactory(title_en="Regional meeting")
    published_meeting(meeting.slug).title_en = "Scribbled"
    assert published_meeting(meeting.slug).title_en == "Regional meeting"


def test_what_is_not_published_is_not_there():
    meeting = MeetingFactory()
    published_meeting(meeting.slug)
    Meeting.objects.filter(pk=meeting.pk).update(is_published=False)
    with pytest.raises(Http404):
        published_meeting(meeting.slug)
