"""The other buttons beside one person: return, withdraw, bring back, and what was asked to change."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from meeting.models import Role
from registration import workflow
from registration.models import ChangeProposal, OutgoingMail, Registration, SeatOffer, Status, Typist
from tests.factories import (
    CategoryFactory,
    DelegationFactory,
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
def delegation(meeting):
    return DelegationFactory(category=CategoryFactory(meeting=meeting))


@pytest.fixture
def reviewer(client, meeting):
    user = StaffRoleFactory(meeting=meeting, role=Role.REVIEWER, user__name="Suda P.").user
    client.force_login(user)
    return user


def page(registration):
    return reverse("admin:desk:registration", args=[registration.meeting.slug, registration.reference])


def send(client, registration, move, **values):
    address = reverse("admin:desk:decide", args=[registration.meeting.slug, registration.reference])
    return client.post(address, {"move": move, "seen": registration.status, **values})


def shown(client, registration):
    return client.get(page(registration)).content.decode()


def told(client, registration):
    return [str(message) for message in client.get(page(registration)).context["messages"]]


@pytest.mark.parametrize(
    ("status", "buttons"),
    [
        (Status.SUBMITTED, {"approve", "reject", "return", "waitlist", "withdraw"}),
        (Status.RETURNED, {"reject", "withdraw"}),
        (Status.WAITLISTED, {"approve", "reject", "withdraw"}),
        (Status.APPROVED, {"un_approve", "withdraw"}),
        (Status.REJECTED, {"come_back"}),
        (Status.WITHDRAWN, {"come_back"}),
    ],
)
def test_each_state_has_its_buttons(client, reviewer, delegation, status, buttons):
    me = RegistrationFactory(delegation=delegation, status=status)
    assert client.get(page(me)).context["buttons"] == buttons
    text = shown(client, me)
    every = {"approve", "reject", "return", "waitlist", "withdraw", "un_approve", "come_back"}
    assert {move for move in every if f'value="{move}"' in text} == buttons


@pytest.mark.parametrize("role", [Role.LISTS, Role.AUDITOR])
def test_who_only_reads_has_none(client, meeting, delegation, role):
    client.force_login(StaffRoleFactory(meeting=meeting, role=role).user)
    assert 'name="move"' not in shown(client, RegistrationFactory(delegation=delegation))


def test_returning_opens_the_next_and_names_the_fields(client, reviewer, delegation):
    me, following = RegistrationFactory.create_batch(2, delegation=delegation)
    response = send(client, me, "return", reason="The date is missing.", fields_to_mend=["letter", "role"])
    assert response.url == page(following)
    me.refresh_from_db()
    assert (me.status, me.returned_fields) == (Status.RETURNED, ["letter", "role"])
    assert told(client, following) == [f"{me.printed_name} returned for correction. The mail is on its way."]
    text = shown(client, me)
    assert "To be put right" in text and "They must act next" in text
    assert "Returned for correction by Suda P." in text


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"reason": "", "fields_to_mend": ["letter"]}, "Say what is to be put right: the delegate reads it."),
        ({"reason": "The date is missing."}, "Tick what is to be put right."),
        ({"reason": "The date is missing.", "fields_to_mend": ["status"]}, "not one of the available"),
    ],
)
def test_returning_without_reason_or_field_keeps_what_was_typed(client, reviewer, delegation, values, error):
    me = RegistrationFactory(delegation=delegation)
    response = send(client, me, "return", **values)
    assert response.status_code == 422
    text = response.content.decode()
    assert error in text
    assert values["reason"] in text
    assert ("checked" in text) == (values.get("fields_to_mend") == ["letter"])
    me.refresh_from_db()
    assert me.status == Status.SUBMITTED


def test_withdrawing_needs_no_reason_and_stays_on_the_person(client, reviewer, delegation):
    me = RegistrationFactory(delegation=delegation, status=Status.APPROVED)
    assert send(client, me, "withdraw").url == page(me)
    me.refresh_from_db()
    assert me.status == Status.WITHDRAWN
    assert told(client, me) == [f"{me.printed_name} withdrawn. The mail is on its way."]


def test_somebody_is_brought_back_though_registration_is_closed(client, reviewer, delegation):
    me = RegistrationFactory(delegation=delegation, status=Status.WITHDRAWN)
    delegation.category.is_open = False
    delegation.category.save()
    send(client, me, "come_back")
    me.refresh_from_db()
    assert me.status == Status.SUBMITTED


def test_whoever_was_replaced_is_shown_with_the_other_and_not_brought_back(client, reviewer, delegation):
    old = RegistrationFactory(delegation=delegation, display_name="Ana Tora")
    new = workflow.substitute(
        old.pk,
        Registration(given_names="Bale", display_name="Bale Kuli", functional_title="D", email="b@b.org", role="head"),
        by=reviewer,
    )
    text = shown(client, old)
    assert "Replaced by" in text and page(new) in text and 'value="come_back"' not in text
    text = shown(client, new)
    assert "Comes in the place of" in text and page(old) in text


# A change that was asked for


@pytest.fixture
def wish(delegation):
    me = RegistrationFactory(delegation=delegation, status=Status.APPROVED, role="adviser", family_name="Tora")
    workflow.edit(me.pk, {"role": "head"}, by=None)
    return ChangeProposal.objects.select_related("registration").get()


def test_old_and_new_stand_beside_each_other(client, reviewer, wish):
    text = shown(client, wish.registration)
    assert "We must act next: a change was asked for" in text
    assert '<td dir="auto">Adviser</td><td dir="auto" class="compare__new">Representative (head of delegation)' in text


@pytest.mark.parametrize("minutes", [-60, 5])
def test_a_change_is_accepted_also_beside_the_time_of_an_earlier_decision(client, reviewer, wish, minutes):
    until = timezone.now() + datetime.timedelta(minutes=minutes)
    Registration.objects.filter(pk=wish.registration_id).update(quiet_until=until, quiet_status=Status.SUBMITTED)
    assert send(client, wish.registration, "accept_change", asked_at=wish.made_at.isoformat()).status_code == 302


def test_accepting_writes_it_and_stays_on_the_person(client, reviewer, wish):
    me = wish.registration
    response = send(client, me, "accept_change", asked_at=wish.made_at.isoformat())
    assert response.url == page(me)
    me.refresh_from_db()
    assert me.role == "head"
    text = shown(client, me)
    assert "Change accepted by Suda P." in text
    assert "from “Adviser” to “Representative (head of delegation)”" in text


def test_declining_needs_a_reason(client, reviewer, wish):
    me = wish.registration
    assert send(client, me, "decline_change").status_code == 422
    send(client, me, "decline_change", reason="Not on the note.")
    wish.refresh_from_db()
    assert (wish.state, wish.reason) == ("declined", "Not on the note.")
    assert OutgoingMail.objects.get().kind == "change_declined"


def test_nobody_accepts_what_was_added_meanwhile(client, reviewer, wish):
    me, seen = wish.registration, wish.made_at.isoformat()
    workflow.edit(me.pk, {"family_name": "Kuli"}, by=None)
    send(client, me, "accept_change", asked_at=seen)
    assert "has asked for something more meanwhile" in told(client, me)[0]
    me.refresh_from_db()
    assert (me.role, me.family_name) == ("adviser", "Tora")


@pytest.mark.parametrize("asked_at", ["", "nonsense", "2026-99-99T00:00"])
def test_a_page_without_the_time_accepts_nothing(client, reviewer, wish, asked_at):
    send(client, wish.registration, "accept_change", asked_at=asked_at)
    wish.refresh_from_db()
    assert wish.state == "open"


def test_the_second_to_decide_is_told(client, reviewer, wish):
    workflow.withdraw_proposal(wish.pk, by=None)
    send(client, wish.registration, "accept_change", asked_at=wish.made_at.isoformat())
    assert "No change waits for a decision any more" in told(client, wish.registration)[0]


# Whose turn it is


def test_who_must_act_next_is_said(client, reviewer, delegation):
    waiting = RegistrationFactory(delegation=delegation, status=Status.WAITLISTED)
    assert "They wait for a seat" in shown(client, waiting)
    workflow.offer_free_seats(delegation)
    assert SeatOffer.objects.get().registration == waiting
    assert "They must act next: a seat is kept for them until" in shown(client, waiting)
    delegation.category.typist = Typist.ENDORSED
    delegation.category.save()
    me = RegistrationFactory(delegation=delegation)
    text = shown(client, me)
    assert "The focal point must endorse first" in text and "Has not endorsed yet" in text
    send(client, me, "approve")
    assert "waits for the word of the focal point" in told(client, me)[0]
    workflow.endorse(me.pk, by=UserFactory(name="Vilisi T."))
    assert "Endorsed by <bdi>Vilisi T.</bdi>" in shown(client, me)


def test_history_tells_contact_data_only_to_those_who_may_see_it(client, reviewer, meeting, delegation):
    me = RegistrationFactory(delegation=delegation)
    workflow.edit(me.pk, {"phone": "+679 555 0142", "department": "Health"}, by=None)
    assert "“+679 555 0142”" in shown(client, me)
    client.force_login(StaffRoleFactory(meeting=meeting, role=Role.AUDITOR).user)
    text = shown(client, me)
    assert "+679 555 0142" not in text
    assert "Ministry or department: “Health”; Telephone" in text


@pytest.mark.parametrize("n", [1, 3])
def test_query_count_with_a_wish(client, reviewer, wish, n, django_assert_num_queries):
    for number in range(n):
        workflow.edit(wish.registration_id, {"phone": str(number)}, by=reviewer)
    with django_assert_num_queries(26):
        client.get(page(wish.registration))


@pytest.mark.parametrize("n", [1, 3])
def test_what_was_asked_for_is_found_in_one_place(client, reviewer, meeting, delegation, n, django_assert_num_queries):
    for me in RegistrationFactory.create_batch(n, delegation=delegation, status=Status.APPROVED, role="adviser"):
        workflow.edit(me.pk, {"role": "head"}, by=None)
    elsewhere = RegistrationFactory(status=Status.APPROVED, role="adviser")
    workflow.edit(elsewhere.pk, {"role": "head"}, by=None)
    address = reverse("admin:desk:changes", args=[meeting.slug])
    with django_assert_num_queries(7):
        text = client.get(address).content.decode()
    assert text.count('class="compare__new"') == n
    assert elsewhere.reference not in text
    assert address in client.get(reverse("admin:desk:queue", args=[meeting.slug])).content.decode()


def test_who_exports_lists_reads_no_birth_date_in_the_history(client):
    person = RegistrationFactory(birth_date=datetime.date(1971, 7, 17))
    workflow.edit(person.pk, {"birth_date": datetime.date(1972, 8, 18), "phone": "+66 2 999 5555"}, by=None)
    for role, reads in ((Role.LISTS, False), (Role.REVIEWER, True)):
        client.force_login(StaffRoleFactory(meeting=person.meeting, role=role).user)
        page = client.get(f"/admin/desk/{person.meeting.slug}/registrations/{person.reference}/").content.decode()
        assert ("1972" in page, "5555" in page) == (reads, True)
