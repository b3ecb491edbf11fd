"""Focal points are asked to look at their own part, answer, and are read at the desk."""

import pytest
from django.urls import reverse

from meeting.models import Role
from registration.focal.access import SESSION_KEY
from registration.models import FocalPoint, ListCheck, OutgoingMail
from registration.versions import checks
from registration.versions.making import make
from tests.factories import StaffRoleFactory, UserFactory
from tests.registration.participants.making import person, state

pytestmark = pytest.mark.django_db


@pytest.fixture
def focal(fiji):
    user = UserFactory(is_staff=False)
    FocalPoint.objects.create(delegation=fiji, user=user, name="Sera", language="fr")
    return user


@pytest.fixture
def kept(meeting, members, fiji, organiser):
    person(fiji, "Ana", "Silva")
    person(state(members, "AUS", en="Australia"), "Mere", "Tora")
    return make(meeting, "provisional", ["en", "fr"], by=organiser)


def enter(client, focal):
    """As the mailed link does."""
    session = client.session
    session[SESSION_KEY] = focal.pk
    session.save()


def own(fiji, name="list_check"):
    return reverse(f"roster:{name}", args=[fiji.meeting.slug, fiji.reference])


def test_whoever_looks_after_a_delegation_in_the_list_is_asked_once(kept, fiji, focal, organiser):
    FocalPoint.objects.create(delegation=fiji, user=UserFactory(is_staff=False), is_alternate=True)
    assert checks.ask(kept, by=organiser) == 1
    assert checks.ask(kept, by=organiser) == 0
    mails = OutgoingMail.objects.filter(kind="list_check")
    assert mails.count() == 2
    assert set(mails.values_list("language", flat=True)) == {"en", "fr"}
    assert "Fiji" in mails.get(language="en").text


def test_whoever_came_later_is_asked_later(kept, members, focal, organiser):
    checks.ask(kept, by=organiser)
    australia = members.delegations.get(entity__code="AUS")
    FocalPoint.objects.create(delegation=australia, user=UserFactory(is_staff=False))
    assert checks.ask(kept, by=organiser) == 1
    assert OutgoingMail.objects.filter(kind="list_check").count() == 2


def test_a_focal_point_sees_the_own_part_and_nothing_of_others(client, kept, fiji, focal, organiser):
    enter(client, focal)
    assert client.get(own(fiji)).status_code == 404
    checks.ask(kept, by=organiser)
    assert own(fiji) in client.get(own(fiji, "workspace")).content.decode()
    shown = client.get(own(fiji)).content.decode()
    assert "Ana Silva" in shown
    assert "Mere Tora" not in shown


def test_all_is_right(client, kept, fiji, focal, organiser):
    checks.ask(kept, by=organiser)
    enter(client, focal)
    assert client.post(own(fiji), {"right": "yes", "note": ""}).status_code == 302
    check = ListCheck.objects.get()
    assert (check.answer, check.note, check.answered_by) == ("right", "", focal)


def test_corrections_are_read_at_the_desk_first(client, kept, fiji, focal, organiser):
    checks.ask(kept, by=organiser)
    enter(client, focal)
    client.post(own(fiji), {"correct": "yes", "note": "Ana is Minister <b>now</b>."})
    client.force_login(organiser)
    page = client.get(reverse("admin:desk:participants_checks", args=[kept.meeting.slug, kept.token])).content.decode()
    assert "Ana is Minister &lt;b&gt;now&lt;/b&gt;." in page
    listed = client.get(reverse("admin:desk:participants", args=[kept.meeting.slug])).content.decode()
    assert "0 say it is right, 1 ask for corrections" in listed


@pytest.mark.parametrize(
    "said", [{"correct": "yes", "note": "  "}, {"right": "yes", "note": "Ana is Minister"}, {"note": "x" * 2001}]
)
def test_what_is_unclear_is_asked_again_and_nothing_typed_is_lost(client, kept, fiji, focal, organiser, said):
    checks.ask(kept, by=organiser)
    enter(client, focal)
    answer = client.post(own(fiji), said)
    assert answer.status_code == 422
    assert said["note"].strip() in answer.content.decode()
    assert ListCheck.objects.get().answer == ""


def test_the_last_word_counts(client, kept, fiji, focal, organiser):
    checks.ask(kept, by=organiser)
    enter(client, focal)
    client.post(own(fiji), {"correct": "yes", "note": "Ana is Minister"})
    client.post(own(fiji), {"right": "yes", "note": "Ana is Minister"})  # as it stood in the field
    assert (ListCheck.objects.get().answer, ListCheck.objects.get().note) == ("right", "")


def test_another_delegation_is_not_there(client, kept, members, fiji, focal, organiser):
    checks.ask(kept, by=organiser)
    enter(client, focal)
    australia = members.delegations.get(entity__code="AUS")
    ListCheck.objects.create(version=kept, delegation=australia)
    assert client.get(own(australia)).status_code == 404
    assert client.post(own(australia), {"right": "yes"}).status_code == 404


def test_only_organisers_ask(client, kept, fiji, focal):
    client.force_login(StaffRoleFactory(meeting=kept.meeting, role=Role.LISTS).user)
    address = reverse("admin:desk:participants_ask", args=[kept.meeting.slug, kept.token])
    assert client.post(address).status_code == 403
    assert not ListCheck.objects.exists()
