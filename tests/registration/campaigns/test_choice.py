"""Who does not want information says so once; decisions and reminders still come."""

import pytest
from django.test import Client
from django.urls import reverse

from registration.campaigns import choice, running
from registration.mail.stopping import mail_of, url_to_stop
from registration.models import AccessKey, MailState, MessageChoice, OutgoingMail
from tests.factories import RegistrationFactory

from . import made

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _unannounced(unannounced):
    """What is announced reaches no broker."""


@pytest.fixture
def mail():
    registration = RegistrationFactory(email="Delegate@Example.org")
    running.run(made.sent_off(registration.meeting).pk)
    return OutgoingMail.objects.get()


def path(mail):
    return url_to_stop(mail).removeprefix("http://localhost:8000")


def test_one_post_of_a_mail_program_is_enough(mail):
    stranger = Client(enforce_csrf_checks=True)
    answer = stranger.post(path(mail), "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 200
    assert MessageChoice.objects.get().email == "delegate@example.org"
    assert OutgoingMail.objects.get().state == MailState.CANCELLED  # it had not left
    stranger.post(path(mail))
    assert MessageChoice.objects.count() == 1
    stranger.post(path(mail), {"wanted": "yes"})
    assert not MessageChoice.objects.exists()


def test_to_look_at_the_address_changes_nothing(mail, client):
    assert "Stop these messages" in client.get(path(mail)).content.decode()
    assert not MessageChoice.objects.exists()


def test_an_address_that_somebody_made_up_opens_nothing(mail, client):
    assert client.post(path(mail).replace(f"/{mail.pk}:", f"/{mail.pk + 1}:")).status_code == 404
    assert client.post("/r/stop/1/").status_code == 404
    assert mail_of("x:y") is None


def test_only_messages_to_many_carry_it(mail):
    for kind in ("approved", "reminder_letter", "sign_in"):
        assert url_to_stop(OutgoingMail(pk=1, kind=kind, registration_id=mail.registration_id)) == ""
    assert url_to_stop(OutgoingMail(pk=1, kind="campaign")) == ""  # a test to its writer
    assert url_to_stop(OutgoingMail(pk=1, kind="campaign_focal", focal_user_id=1))


def test_a_delegate_stops_it_on_their_own_page_and_wants_it_again(client):
    registration = RegistrationFactory()
    key = AccessKey.objects.issue(registration)
    page, act = reverse("private:page", args=[key]), reverse("private:information", args=[key])
    assert "Stop this information" in client.get(page).content.decode()
    assert client.get(act).status_code == 405
    told = client.post(act, {"wanted": "no"}, follow=True).content.decode()
    assert "You get no more information from the organisers. What concerns you still comes." in told
    assert not choice.wants(registration.meeting, registration.email)
    assert "I want it again" in client.get(page).content.decode()
    client.post(act, {"wanted": "yes"})
    assert choice.wants(registration.meeting, registration.email)


def test_who_is_read_for_has_nothing_to_stop(client):
    registration = RegistrationFactory(email="", on_behalf=True)
    key = AccessKey.objects.issue(registration)
    assert "Stop this information" not in client.get(reverse("private:page", args=[key])).content.decode()
    assert client.post(reverse("private:information", args=[key])).status_code == 404


def test_it_holds_for_one_meeting(mail, client):
    client.post(path(mail))
    elsewhere = RegistrationFactory(email=mail.to)
    campaign = made.sent_off(elsewhere.meeting)
    running.run(campaign.pk)
    assert made.told(campaign) == [(elsewhere.pk, "queued")]
