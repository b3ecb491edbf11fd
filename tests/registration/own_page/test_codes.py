"""The link reads, the code changes: who gets in, who does not, and what they are told."""

import datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from registration import tasks
from registration.mail import links, outbox
from registration.models import AccessKey, ChangeCode, OutgoingMail, Registration, Status
from tests.factories import RegistrationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def registration():
    return RegistrationFactory()


@pytest.fixture
def key(registration):
    return AccessKey.objects.issue(registration)


def code_page(key, then="withdraw"):
    return f"{reverse('private:code', args=[key])}?then={then}"


def ask(client, key):
    """Ask for a code; the digits that would be in the mail."""
    client.post(code_page(key))
    return ChangeCode.objects.write(ChangeCode.objects.latest("pk").pk)


def enter(client, key, digits):
    return client.post(code_page(key), {"digits": digits})


def errors(response):
    return response.context["form"].errors["digits"]


@pytest.mark.parametrize("view", ["change", "withdraw"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_the_link_alone_changes_nothing(client, registration, key, view, method):
    response = getattr(client, method)(reverse(f"private:{view}", args=[key]))
    assert response.url == code_page(key, view)
    registration.refresh_from_db()
    assert registration.status == Status.SUBMITTED


def test_the_code_lets_in_for_what_was_wanted(client, registration, key):
    digits = ask(client, key)
    mail = OutgoingMail.objects.get()
    assert (mail.kind, mail.to) == ("change_code", registration.email)
    assert enter(client, key, digits).url == reverse("private:withdraw", args=[key])
    assert client.post(reverse("private:withdraw", args=[key])).url == reverse("private:page", args=[key])
    registration.refresh_from_db()
    assert registration.status == Status.WITHDRAWN


def test_the_digits_are_made_when_the_mail_goes_out_and_are_stored_nowhere(client, registration, key, mailoutbox):
    client.post(code_page(key))
    mail = OutgoingMail.objects.get()
    assert links.CODE in mail.text and links.CODE in mail.html
    assert ChangeCode.objects.get().digest == ""
    outbox.deliver(mail.pk)
    sent = mailoutbox[0].body
    digits = next(word for word in sent.split() if word.isdigit() and len(word) == 6)
    mail.refresh_from_db()
    assert digits not in mail.text + mail.html
    assert digits in mailoutbox[0].alternatives[0][0]
    assert enter(client, key, digits).status_code == 302


def arabic(digits):
    return "".join(chr(0x0660 + int(digit)) for digit in digits)


@pytest.mark.parametrize("typed", [arabic, lambda d: f"{d[:3]} {d[3:]} ", lambda d: f"\u200f{d[:3]}–{d[3:]}"])
def test_digits_are_understood_however_they_are_typed(client, registration, key, typed):
    assert enter(client, key, typed(ask(client, key))).status_code == 302


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "12a456", "½23456"])
def test_what_is_no_code_costs_no_try(client, registration, key, typed):
    ask(client, key)
    assert enter(client, key, typed).status_code == 422
    assert ChangeCode.objects.get().tries == 0


def test_a_wrong_code_is_told_and_the_fifth_is_the_last(client, registration, key):
    digits = ask(client, key)
    wrong = "000000" if digits != "000000" else "111111"
    assert errors(enter(client, key, wrong)) == [
        "This is not the code we sent last. Look at the newest message; you can try 4 times more."
    ]
    for _n in range(3):
        enter(client, key, wrong)
    assert errors(enter(client, key, wrong)) == ["This is not the code, and it was tried too often. Ask for a new one."]
    assert errors(enter(client, key, digits)) == ["The code was tried too often. Ask for a new one."]


def test_an_old_code_is_worth_nothing(client, registration, key):
    digits = ask(client, key)
    ChangeCode.objects.update(created_at=timezone.now() - datetime.timedelta(minutes=20, seconds=1))
    assert errors(enter(client, key, digits)) == ["This code is older than 20 minutes. Ask for a new one."]


def test_a_code_is_used_up_by_using_it(client, registration, key):
    digits = ask(client, key)
    enter(client, key, digits)
    assert errors(enter(client, key, digits)) == ["No code was sent to this browser, or it is used up. Ask for one."]


def test_a_code_is_good_in_the_browser_that_asked_for_it(client, registration, key):
    digits = ask(client, key)
    assert errors(enter(Client(), key, digits)) == ["No code was sent to this browser, or it is used up. Ask for one."]


def test_a_code_for_one_registration_opens_no_other(client, registration, key):
    other = RegistrationFactory(meeting=registration.meeting, delegation=registration.delegation)
    theirs = AccessKey.objects.issue(other)
    digits = ask(client, key)
    assert enter(client, theirs, digits).status_code == 422
    enter(client, key, digits)
    assert client.get(reverse("private:withdraw", args=[theirs])).url == code_page(theirs)


def test_after_20_minutes_the_code_is_asked_for_again(client, registration, key):
    enter(client, key, ask(client, key))
    session = client.session
    session["may_change"] = {str(registration.pk): timezone.now().timestamp() - 1}
    session.save()
    assert client.get(reverse("private:withdraw", args=[key])).url == code_page(key)


def test_one_code_a_minute(client, registration, key):
    ask(client, key)
    client.post(code_page(key))
    assert ChangeCode.objects.count() == 1
    ChangeCode.objects.update(created_at=timezone.now() - datetime.timedelta(seconds=61))
    client.post(code_page(key))
    assert ChangeCode.objects.count() == 2


def test_twelve_codes_a_day(client, registration, key):
    past = timezone.now() - datetime.timedelta(hours=2)
    ChangeCode.objects.bulk_create([ChangeCode(registration=registration) for _n in range(12)])
    ChangeCode.objects.update(created_at=past)
    client.post(code_page(key))
    assert ChangeCode.objects.count() == 12


@pytest.mark.parametrize("then", ["", "page", "https://example.org/", "code"])
def test_a_code_leads_to_known_places_only(client, registration, key, then):
    assert client.get(code_page(key, then)).url == reverse("private:page", args=[key])


@pytest.mark.parametrize("state", [{"on_behalf": True}, {"on_behalf": True, "email": ""}])
@pytest.mark.parametrize("view", ["change", "withdraw", "code"])
def test_for_whom_we_do_not_write_the_focal_point_acts(client, state, view):
    registration = RegistrationFactory(**state)
    key = AccessKey.objects.issue(registration)
    address = code_page(key) if view == "code" else reverse(f"private:{view}", args=[key])
    assert client.post(address).url == reverse("private:page", args=[key])
    page = client.get(reverse("private:page", args=[key])).content.decode()
    assert "The focal point of your delegation makes changes for you" in page
    assert reverse("private:change", args=[key]) not in page
    assert ChangeCode.objects.count() == 0
    assert Registration.objects.get().status == Status.SUBMITTED


@pytest.mark.parametrize("view", ["page", "code", "change", "withdraw", "seat", "proposal"])
def test_a_revoked_link_opens_nothing(client, registration, key, view):
    AccessKey.objects.update(revoked_at=timezone.now())
    assert client.get(reverse(f"private:{view}", args=[key])).status_code == 404


def test_the_pages_are_never_kept_by_browsers(client, registration, key):
    for view in ("page", "code", "change", "withdraw"):
        assert "no-store" in client.get(reverse(f"private:{view}", args=[key]))["Cache-Control"]


def test_codes_of_yesterday_are_forgotten():
    registration = RegistrationFactory()
    old, new = (ChangeCode.objects.create(registration=registration) for _n in range(2))
    ChangeCode.objects.filter(pk=old.pk).update(created_at=timezone.now() - datetime.timedelta(hours=25))
    tasks.forget_drafts()
    assert list(ChangeCode.objects.all()) == [new]
