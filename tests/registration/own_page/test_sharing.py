"""What others may see of a delegate: asked before sending, kept, taken back on one's own page."""

import pytest
from django.urls import reverse

from registration import workflow
from registration.models import AccessKey, ParticipantsSetup, Publication, RegistrationEvent, Status
from registration.workflow import MoveNotAllowed
from tests.factories import CategoryFactory, ChildFactory, DelegationFactory, MeetingFactory, RegistrationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting():
    found = MeetingFactory()
    ParticipantsSetup.objects.create(meeting=found, with_contact=True)
    return found


@pytest.fixture
def delegation(meeting):
    return DelegationFactory(category=CategoryFactory(meeting=meeting, publication=Publication.CONSENT))


@pytest.fixture
def who(delegation):
    return RegistrationFactory(delegation=delegation, status=Status.APPROVED)


def page(client, registration):
    key = AccessKey.objects.issue(registration)
    return key, client.get(reverse("private:page", args=[key])).content.decode()


def say(client, registration, **said):
    key = AccessKey.objects.issue(registration)
    return client.post(reverse("private:sharing", args=[key]), said, follow=True)


def told(registration):
    registration.refresh_from_db()
    return registration.name_public, registration.contact_shared, registration.gender


def test_nothing_is_ticked_before_somebody_does(client, who):
    _key, shown = page(client, who)
    assert 'name="name_public"' in shown
    assert "checked" not in shown
    assert told(who) == (False, False, "")


def test_yes_and_no_again_by_the_link_alone(client, who):
    answer = say(client, who, name_public="on", contact_shared="on", gender="woman")
    assert "It is kept." in answer.content.decode()
    assert told(who) == (True, True, "woman")
    say(client, who, gender="woman")
    assert told(who) == (False, False, "woman")
    events = RegistrationEvent.objects.filter(registration=who, action="edited").order_by("pk")
    assert [event.changes for event in events] == [
        {"name_public": [False, True], "contact_shared": [False, True]},
        {"name_public": [True, False], "contact_shared": [True, False]},
    ]


def test_gender_is_told_nowhere(client, who):
    say(client, who, gender="woman")
    assert not RegistrationEvent.objects.filter(registration=who, action="edited").exists()


def test_twice_is_once(client, who):
    say(client, who, name_public="on")
    say(client, who, name_public="on")
    assert RegistrationEvent.objects.filter(registration=who, action="edited").count() == 1


def test_whoever_has_withdrawn_takes_back_as_well(client, delegation):
    gone = RegistrationFactory(delegation=delegation, status=Status.WITHDRAWN, name_public=True)
    say(client, gone)
    assert told(gone)[0] is False


@pytest.mark.parametrize("publication", [Publication.ALL, Publication.NOBODY])
def test_where_it_makes_no_difference_nobody_is_asked(client, meeting, publication):
    who = RegistrationFactory(delegation__category=CategoryFactory(meeting=meeting, publication=publication))
    _key, shown = page(client, who)
    assert 'name="name_public"' not in shown
    say(client, who, name_public="on")
    assert told(who)[0] is False


def test_contact_is_asked_for_only_where_the_list_has_it(client, meeting, who):
    ParticipantsSetup.objects.update(with_contact=False)
    _key, shown = page(client, who)
    assert 'name="contact_shared"' not in shown
    say(client, who, contact_shared="on")
    assert told(who)[1] is False


@pytest.mark.parametrize("said", [{"gender": "x" * 500}, {"gender": "king"}])
def test_nonsense_changes_nothing_of_it(client, who, said):
    say(client, who, name_public="on", **said)
    assert told(who) == (True, False, "")


def test_of_a_child_nothing_is_shown_and_nobody_asks(client, delegation):
    child = ChildFactory(delegation=delegation)
    with pytest.raises(MoveNotAllowed):
        workflow.share(child.pk, {"name_public": True})
    key = AccessKey.objects.issue(child)
    assert client.post(reverse("private:sharing", args=[key]), {"name_public": "on"}).status_code == 404
    assert told(child)[0] is False


def test_only_these_three_are_kept_so(who):
    with pytest.raises(ValueError, match="status"):
        workflow.share(who.pk, {"status": "approved"})


def test_it_is_asked_on_the_page_to_check_and_kept_with_sending(client, delegation):
    draft = RegistrationFactory(delegation=delegation, status=Status.DRAFT)
    key = AccessKey.objects.issue(draft)
    address = reverse("registration:check", args=[draft.meeting.slug, key])
    assert 'name="name_public"' in client.get(address).content.decode()
    client.post(address, {"name_public": "on", "gender": "man"})
    draft.refresh_from_db()
    assert draft.status == Status.SUBMITTED
    assert told(draft) == (True, False, "man")
