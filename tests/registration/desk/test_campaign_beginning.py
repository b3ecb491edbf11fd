"""A message to many can begin with words that are ready, in every language."""

import pytest

from meeting.models import Role, StaffRole
from registration import texts
from registration.campaigns import words
from registration.models import Campaign
from tests.factories import MeetingFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client):
    meeting = MeetingFactory()
    user = UserFactory(is_staff=True)
    StaffRole.objects.create(user=user, meeting=meeting, role=Role.ORGANISER)
    client.force_login(user)
    return client, meeting


def test_the_ready_words_stand_in_the_form_and_the_filter_stays(desk):
    client, meeting = desk
    answer = client.get(f"/admin/desk/{meeting.slug}/messages/many/new/?begin=programme_changed&role=head")
    page = answer.content.decode()
    default = texts.default("programme_changed", "en")
    assert default.subject in page and default.title in page
    assert 'value="role=head"' in page
    assert "begin=" not in page.split("<form", 2)[-1]


def test_words_of_the_meeting_come_before_those_of_the_product(desk):
    client, meeting = desk
    own = texts.Words("Rooms have changed", "Rooms", "Look at {{ meeting_link }}")
    texts.save(meeting, "programme_changed", None, "en", own, by=None)
    page = client.get(f"/admin/desk/{meeting.slug}/messages/many/new/?begin=programme_changed").content.decode()
    assert "Rooms have changed" in page


@pytest.mark.parametrize("begin", ["approved", "nothing", "campaign", "<script>"])
def test_words_about_one_decision_are_no_beginning(desk, begin):
    client, meeting = desk
    answer = client.get(f"/admin/desk/{meeting.slug}/messages/many/new/", {"begin": begin})
    assert answer.status_code == 200
    assert texts.default("approved", "en").title not in answer.content.decode()


@pytest.mark.parametrize("audience", Campaign.Audience.values)
def test_every_beginning_can_be_sent_as_it_is(audience):
    for name in words.beginnings():
        ready = words.to_begin_with(name, MeetingFactory())
        assert len(ready) == 6
        assert words.problems(ready, words.kind_of(audience)) == {}
