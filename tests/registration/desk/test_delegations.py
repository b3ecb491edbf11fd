"""Delegations at the desk: what is missing, and their seats."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from meeting.models import AuditEntry, Role
from registration.models import FocalPoint, Invitation, SeatOffer, Status
from tests.factories import (
    CategoryFactory,
    DelegationFactory,
    LetterFactory,
    MeetingFactory,
    RegistrationFactory,
    StaffRoleFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting():
    return MeetingFactory()


@pytest.fixture
def organiser(client, meeting):
    user = StaffRoleFactory(meeting=meeting, role=Role.ORGANISER).user
    client.force_login(user)
    return user


@pytest.fixture
def category(meeting):
    return CategoryFactory(meeting=meeting, required_documents=["nomination"], delegation_quota=2)


def page(client, meeting, **asked):
    response = client.get(reverse("admin:desk:delegations", args=[meeting.slug]), asked)
    assert response.status_code == 200
    return response


def shown(response):
    return [row.delegation for row in response.context["rows"]]


def seats(client, delegation, **data):
    address = reverse("admin:desk:delegation_quota", args=[delegation.meeting.slug, delegation.reference])
    return client.post(address, {"limit": "own", "reason": "Asked by the mission", **data}, follow=True)


def test_what_is_missing_can_be_asked_for(client, meeting, category, organiser):
    quiet = DelegationFactory(category=category)
    Invitation.objects.create(delegation=quiet, email="mission@example.org", sent_by=organiser)
    ready = DelegationFactory(category=category)
    LetterFactory(registration=RegistrationFactory(delegation=ready))
    FocalPoint.objects.create(delegation=ready, user=UserFactory(is_staff=False))
    crowded = DelegationFactory(category=category)
    RegistrationFactory(delegation=crowded, status=Status.WAITLISTED)
    assert set(shown(page(client, meeting))) == {quiet, ready, crowded}
    assert shown(page(client, meeting, needs="answer")) == [quiet]
    assert set(shown(page(client, meeting, needs="focal_point"))) == {quiet, crowded}
    assert set(shown(page(client, meeting, needs="letter"))) == {quiet, crowded}
    assert shown(page(client, meeting, needs="seats")) == [crowded]
    assert shown(page(client, meeting, q=ready.entity.name())) == [ready]


def test_a_letter_of_the_whole_delegation_counts_as_its_letter(client, meeting, category, organiser):
    delegation = DelegationFactory(category=category)
    LetterFactory(registration=None, delegation=delegation, meeting=meeting)
    assert shown(page(client, meeting, needs="letter")) == []


def test_delegations_of_another_meeting_are_not_there(client, meeting, organiser):
    foreign = DelegationFactory()
    assert shown(page(client, meeting)) == []
    address = reverse("admin:desk:delegation", args=[meeting.slug, foreign.reference])
    assert client.get(address).status_code == 404
    assert seats(client, foreign, seats="9").status_code == 404
    wrong = reverse("admin:desk:delegation_quota", args=[meeting.slug, foreign.reference])
    assert client.post(wrong, {"limit": "own", "seats": "9", "reason": "x"}).status_code == 404
    foreign.refresh_from_db()
    assert foreign.quota is None


def queries(client, address):
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_one_delegation_costs_as_much_as_three(client, meeting, category, organiser):
    address = reverse("admin:desk:delegations", args=[meeting.slug])
    RegistrationFactory(delegation=DelegationFactory(category=category))
    alone = queries(client, address)
    for _n in range(2):
        RegistrationFactory(delegation=DelegationFactory(category=category), status=Status.WAITLISTED)
    assert queries(client, address) == alone


def test_the_list_goes_on_where_the_page_ended(client, meeting, category, organiser, monkeypatch):
    monkeypatch.setattr("registration.desk.delegations.PAGE", 2)
    all_of_them = [DelegationFactory(category=category, sort_key=key) for key in "abc"]
    first = page(client, meeting)
    assert shown(first) == all_of_them[:2]
    following = dict(pair.split("=") for pair in first.context["following"].split("&"))
    assert shown(page(client, meeting, **following)) == all_of_them[2:]


def test_more_seats_are_offered_to_who_waited_longest(client, category, organiser):
    delegation = DelegationFactory(category=category)
    RegistrationFactory.create_batch(2, delegation=delegation)
    waiting = RegistrationFactory(delegation=delegation, status=Status.WAITLISTED)
    response = seats(client, delegation, seats="3")
    assert "On offer to those who waited: 1" in response.content.decode()
    assert SeatOffer.objects.get().registration == waiting
    event = delegation.events.get()
    assert (event.by, event.detail) == (organiser, {"was": 2, "now": 3, "reason": "Asked by the mission"})


def test_fewer_seats_take_nobodys_away_and_say_so(client, category, organiser):
    delegation = DelegationFactory(category=category)
    people = RegistrationFactory.create_batch(2, delegation=delegation)
    assert (
        "2 hold a seat and 1 are allowed. Nobody loses a seat" in seats(client, delegation, seats="1").content.decode()
    )
    for person in people:
        person.refresh_from_db()
        assert person.status == Status.SUBMITTED


def test_the_limit_can_be_waived_and_follow_the_category_again(client, category, organiser):
    delegation = DelegationFactory(category=category)
    seats(client, delegation, limit="none")
    delegation.refresh_from_db()
    assert (delegation.quota_waived, delegation.seats) == (True, None)
    seats(client, delegation, limit="category")
    delegation.refresh_from_db()
    assert (delegation.quota_waived, delegation.quota, delegation.seats) == (False, None, 2)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"seats": "ten"}, "Enter a whole number."),
        ({"seats": ""}, "Write how many seats the delegation has."),
        ({"seats": "-1"}, "greater than or equal to 0"),
        ({"seats": "3", "reason": "  "}, "Give a reason: it stands in the history of the delegation."),
    ],
)
def test_what_cannot_be_understood_changes_nothing_and_comes_back(client, category, organiser, data, sentence):
    delegation = DelegationFactory(category=category)
    response = seats(client, delegation, **data)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    delegation.refresh_from_db()
    assert (delegation.quota, delegation.events.count()) == (None, 0)


def test_who_reads_sees_the_page_without_forms(client, meeting, category):
    client.force_login(StaffRoleFactory(meeting=meeting, role=Role.AUDITOR).user)
    delegation = DelegationFactory(category=category)
    address = reverse("admin:desk:delegation", args=[meeting.slug, delegation.reference])
    assert "Change the seats" not in client.get(address).content.decode()
    assert seats(client, delegation, seats="5").status_code == 403


def test_other_seats_for_a_category_need_a_reason_and_offer_what_is_free(client, meeting, organiser):
    category = CategoryFactory(meeting=meeting, quota=1)
    RegistrationFactory(delegation__category=category)
    waiting = RegistrationFactory(delegation__category=category, status=Status.WAITLISTED)
    address = reverse("admin:registration_category_change", args=[category.pk])
    data = {
        "meeting": meeting.pk, "code": category.code, "order": category.order, "name_en": category.name,
        "represents": "ngo", "kinds": ["ngo"], "typist": "each", "listing": "names", "badge_colour": "white",
        "publication": "consent",
        "is_open": "on", "quota": "2",
    }  # fmt: skip
    refused = client.post(address, data)
    assert "Say why the seats change" in refused.content.decode()
    assert not SeatOffer.objects.exists()
    assert client.post(address, data | {"reason": "A bigger room"}).status_code == 302
    assert SeatOffer.objects.get().registration == waiting
    told = AuditEntry.objects.get(action=AuditEntry.Action.QUOTA)
    assert (told.by, told.detail) == (organiser, {"was": 1, "now": 2, "reason": "A bigger room"})
