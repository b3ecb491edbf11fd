"""What a clerk sees of an address that does not work, and does about it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from meeting.models import Role
from registration.bounces.addresses import mark_wrong
from registration.focal import people
from registration.lists import filters
from registration.models import (
    DelegationEvent,
    FocalPoint,
    Invitation,
    MailState,
    OutgoingMail,
    RegistrationEvent,
    Status,
    UnreachableAddress,
)
from registration.outside import AMONG_ORGANISERS
from tests.factories import (
    DelegationFactory,
    MeetingFactory,
    RegistrationFactory,
    StaffRoleFactory,
    UserFactory,
)
from tests.registration.exports import in_csv

pytestmark = pytest.mark.django_db
WORDS = "Our messages do not reach this person"
MARK = "Address does not work"


@pytest.fixture
def found():
    return RegistrationFactory(email="Litia@example.org", status=Status.APPROVED, phone="+679 123")


@pytest.fixture
def clerk(client, found):
    user = StaffRoleFactory(meeting=found.meeting).user
    client.force_login(user)
    return user


def fail(email="litia@example.org", **values):
    return UnreachableAddress.objects.create(email=email, why="bounced", **values)


def page(found, name="registration"):
    return reverse(f"admin:desk:{name}", args=[found.meeting.slug, found.reference])


def test_the_page_says_what_came_back_and_what_to_do_next(client, clerk, found, write):
    mail = write(MailState.BOUNCED, registration=found)
    write(MailState.HELD, held_for="address", registration=found)
    fail(answer="550 5.1.1 no such user", mail=mail)
    FocalPoint.objects.create(delegation=found.delegation, user=UserFactory(email="focal@x.org"), phone="+679 9")
    shown = client.get(page(found)).content.decode()
    for part in (
        WORDS,
        "came back",
        "550 5.1.1 no such user",
        "1 message is held",
        "+679 123",
        "focal@x.org",
        "+679 9",
    ):
        assert part in shown


def test_a_message_of_another_meeting_is_not_called_ours(client, clerk, found, write):
    fail(mail=write(MailState.BOUNCED))
    shown = client.get(page(found)).content.decode()
    assert "A message to this address came back" in shown
    assert "Our message of" not in shown


def test_what_its_reader_said_is_told(client, clerk, found):
    mark_wrong(found.email)
    assert "said that it is the wrong one" in client.get(page(found)).content.decode()


def test_an_address_that_works_is_not_spoken_of(client, clerk, found):
    fail("other@example.org")
    assert WORDS not in client.get(page(found)).content.decode()


def test_whom_no_mail_may_reach_has_no_address_to_put_right(client, clerk, found):
    fail()
    found.on_behalf = True
    found.save()
    assert WORDS not in client.get(page(found)).content.decode()


def test_who_may_not_see_addresses_is_not_told_of_them(client, found):
    fail(answer="550 no such user")
    client.force_login(StaffRoleFactory(meeting=found.meeting, role=Role.AUDITOR).user)
    assert "550 no such user" not in client.get(page(found)).content.decode()


def test_who_only_reads_has_no_buttons(client, found):
    fail()
    client.force_login(StaffRoleFactory(meeting=found.meeting, role=Role.LISTS).user)
    shown = client.get(page(found)).content.decode()
    assert WORDS in shown
    assert "It works again" not in shown


def test_an_address_that_works_costs_the_page_nothing(client, clerk, found):
    client.get(page(found))
    with CaptureQueriesContext(connection) as asked:
        client.get(page(found))
    assert not [q for q in asked if 'FROM "registration_unreachableaddress"' in q["sql"][:200]]


# Correcting


def test_the_corrected_address_gets_what_was_held(client, clerk, found, write):
    fail()
    held = write(MailState.HELD, held_for="address", registration=found, kind="programme_changed")
    answer = client.post(page(found, "address_correct"), {"email": "litia@fiji.example", "seen": found.email})
    assert answer.status_code == 302
    found.refresh_from_db()
    held.refresh_from_db()
    assert found.email == held.to == "litia@fiji.example"
    assert held.state == MailState.QUEUED
    event = found.events.get()
    assert (event.action, event.by) == (RegistrationEvent.Action.EDITED, clerk)
    assert UnreachableAddress.objects.filter(email="litia@example.org").exists()  # it still does not work


@pytest.mark.parametrize("wrong", ["", "nonsense", "litia@EXAMPLE.org", "gone@example.org", "a" * 300 + "@example.org"])
def test_another_address_has_to_be_one_that_may_work(client, clerk, found, wrong):
    fail()
    fail("gone@example.org")
    answer = client.post(page(found, "address_correct"), {"email": wrong, "seen": found.email})
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="right-address-error"' in shown and f'value="{wrong}"' in shown  # what was typed is still there
    found.refresh_from_db()
    assert found.email == "Litia@example.org"


def test_an_address_that_somebody_has_put_right_meanwhile_asks_for_nothing(client, clerk, found):
    answer = client.post(page(found, "address_correct"), {"email": "", "seen": found.email}, follow=True)
    assert "Nothing is known against this address" in answer.content.decode()
    assert client.get(page(found, "address_correct")).status_code == 302


def test_whoever_looked_at_an_older_page_overwrites_nothing(client, clerk, found):
    client.post(page(found, "address_correct"), {"email": "litia@fiji.example", "seen": "older@example.org"})
    found.refresh_from_db()
    assert found.email == "Litia@example.org"


# It works again


def test_saying_that_it_works_again_releases_everything_at_every_meeting(client, clerk, found, write):
    fail()
    here = write(MailState.HELD, held_for="address", registration=found)
    OutgoingMail.objects.filter(pk=here.pk).update(kind="approved")
    there = write(MailState.HELD, held_for="address")
    answer = client.post(page(found, "address_works"), follow=True)
    assert "2 messages that were held leave now" in answer.content.decode()
    assert set(OutgoingMail.objects.values_list("state", flat=True)) == {MailState.QUEUED}
    assert there.pk
    assert not UnreachableAddress.objects.exists()
    assert list(found.events.values_list("action", "by")) == [("mail_works", clerk.pk)]


def test_what_the_organisers_found_out_stands_in_their_history_and_not_on_the_person_s_page(client, clerk, found):
    fail()
    client.post(page(found, "address_works"))
    assert "The address found to work again by" in client.get(page(found)).content.decode()
    assert RegistrationEvent.Action.ADDRESS_WORKS in AMONG_ORGANISERS


def test_saying_it_twice_is_once(client, clerk, found):
    fail()
    client.post(page(found, "address_works"))
    client.post(page(found, "address_works"))
    assert found.events.count() == 1


@pytest.mark.parametrize("act", ["address_works", "address_correct"])
def test_only_whoever_decides_here_can(client, found, act):
    fail()
    for user, told in (
        (StaffRoleFactory(meeting=found.meeting, role=Role.AUDITOR).user, 403),
        (StaffRoleFactory(meeting=MeetingFactory()).user, 404),
    ):
        client.force_login(user)
        assert client.post(page(found, act), {"email": "a@b.example"}).status_code == told
    assert UnreachableAddress.objects.exists()


# Lists


@pytest.mark.parametrize("screen", ["queue", "people"])
def test_lists_mark_and_find_whom_we_do_not_reach(client, screen):
    delegation = DelegationFactory()
    bad = RegistrationFactory(delegation=delegation, email="litia@example.org", display_name="Litia Bad")
    RegistrationFactory(delegation=delegation, email="fine@example.org", display_name="Sione Fine")
    client.force_login(StaffRoleFactory(meeting=delegation.meeting).user)
    address = reverse(f"admin:desk:{screen}", args=[delegation.meeting.slug])
    assert 'class="mark mark--gone"' not in client.get(address).content.decode()
    fail()
    shown = client.get(address).content.decode()
    assert shown.count('class="mark mark--gone"') == 1
    narrowed = client.get(address, {"mail": "returned"}).content.decode()
    assert "Litia Bad" in narrowed and "Sione Fine" not in narrowed
    assert bad.email not in shown


@pytest.mark.django_db(transaction=True)  # the export reads over a connection of its own
@pytest.mark.parametrize("few", [500, 0])
def test_exports_know_the_filter_however_many_they_are(client, monkeypatch, few):
    monkeypatch.setattr(filters, "FEW", few)
    delegation = DelegationFactory()
    RegistrationFactory(delegation=delegation, email="litia@example.org", display_name="Litia Bad")
    RegistrationFactory(delegation=delegation, display_name="Sione Fine")
    fail()
    client.force_login(StaffRoleFactory(meeting=delegation.meeting).user)
    written = str(in_csv(client, delegation.meeting, {"mail": "returned"}))
    assert "Litia Bad" in written and "Sione Fine" not in written


def test_beside_the_queue_stands_how_many_we_do_not_reach(client):
    delegation = DelegationFactory()
    RegistrationFactory(delegation=delegation, email="litia@example.org")
    RegistrationFactory(delegation=delegation, status=Status.RETURNED)
    client.force_login(StaffRoleFactory(meeting=delegation.meeting).user)
    address = reverse("admin:desk:queue", args=[delegation.meeting.slug])
    assert "Our messages" not in dict(client.get(address).context["columns"])
    fail()
    (way,) = dict(client.get(address).context["columns"])["Our messages"]
    assert (str(way.count), way.query, way.is_current) == ("1", "mail=returned", False)
    (chosen,) = dict(client.get(address, {"mail": "returned"}).context["columns"])["Our messages"]
    assert (chosen.query, chosen.is_current) == ("", True)


def test_a_roster_shows_whoever_looks_after_it_whom_we_do_not_reach(client, looked_after):
    delegation, _focal, _user = looked_after
    person = RegistrationFactory(delegation=delegation, email="litia@example.org")
    roster = reverse("roster:workspace", args=[delegation.meeting.slug, delegation.reference])
    row = reverse("roster:row", args=[delegation.meeting.slug, delegation.reference, person.reference])
    assert MARK not in client.get(roster).content.decode()
    assert "do not arrive" not in client.get(row).content.decode()
    fail()
    shown = client.get(roster).content.decode()
    assert shown.count(MARK) == 1
    assert "&lt;svg" not in shown
    assert "do not arrive" in client.get(row).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("screen", "queries"), [("queue", 21), ("people", 21)])
def test_lists_ask_nothing_more_for_more_of_them(client, rows, screen, queries, django_assert_num_queries):
    delegation = DelegationFactory()
    for registration in RegistrationFactory.create_batch(rows, delegation=delegation):
        fail(registration.email)
    client.force_login(StaffRoleFactory(meeting=delegation.meeting).user)
    address = reverse(f"admin:desk:{screen}", args=[delegation.meeting.slug])
    client.get(address)
    with django_assert_num_queries(queries):
        client.get(address, {"mail": "returned"})


# Focal points and invitations


@pytest.fixture
def looked_after(client):
    delegation = DelegationFactory()
    user = StaffRoleFactory(meeting=delegation.meeting).user
    client.force_login(user)
    focal = FocalPoint.objects.create(
        delegation=delegation, user=UserFactory(email="focal@example.org", is_staff=False)
    )
    return delegation, focal, user


def test_the_page_of_a_delegation_says_whose_address_does_not_work(client, looked_after):
    delegation, _focal, user = looked_after
    Invitation.objects.create(delegation=delegation, email="mission@example.org", sent_by=user)
    address = reverse("admin:desk:delegation", args=[delegation.meeting.slug, delegation.reference])
    assert "do not arrive" not in client.get(address).content.decode()
    fail("focal@example.org")
    fail("mission@example.org")
    assert client.get(address).content.decode().count("do not arrive") == 2


def test_the_address_of_a_focal_point_works_again(client, looked_after, write):
    delegation, focal, _user = looked_after
    fail("focal@example.org")
    held = write(MailState.HELD, held_for="address", to="focal@example.org", focal_user=focal.user)
    address = reverse("admin:desk:delegation_address_works", args=[delegation.meeting.slug, delegation.reference])
    assert client.post(address, {"email": "stranger@example.org"}).status_code == 404
    client.post(address, {"email": "focal@example.org"})
    held.refresh_from_db()
    assert held.state == MailState.QUEUED
    event = DelegationEvent.objects.get()
    assert (event.action, event.detail) == ("mail_works", {})  # auditors read this, and no addresses


def test_whoever_takes_over_reads_what_did_not_arrive(looked_after, write):
    delegation, focal, user = looked_after
    person = RegistrationFactory(delegation=delegation, on_behalf=True)
    held = write(MailState.HELD, held_for="address", registration=person, to="focal@example.org", focal_user=focal.user)
    successor = people.hand_over(focal.pk, email="new@example.org", by=user, as_organiser=True)
    held.refresh_from_db()
    assert (held.state, held.to, held.focal_user) == (MailState.QUEUED, "new@example.org", successor.user)
