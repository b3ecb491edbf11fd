"""Signing in by a mailed link: one use, twenty minutes, and nobody learns who has an account."""

import datetime
import re
import threading
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from meeting.models import User
from registration.focal import signing_in
from registration.mail import outbox
from registration.mail.links import PLACEHOLDER
from registration.models import FocalPoint, Invitation, MailedKey, OutgoingMail
from tests.factories import DelegationFactory, MeetingFactory, UserFactory

pytestmark = pytest.mark.django_db

SIGN_IN = "/delegations/sign-in/"
MINE = "/delegations/"


def enter(key):
    return reverse("focal:enter", args=[key])


def ask(client, email, **more):
    return client.post(SIGN_IN, {"email": email, **more})


def mails():
    return OutgoingMail.objects.filter(kind="sign_in")


def age(**by):
    for mail in mails():
        OutgoingMail.objects.filter(pk=mail.pk).update(created_at=mail.created_at - datetime.timedelta(**by))


def test_a_link_is_mailed_and_signs_in(client, litia, delegation, sink):
    ask(client, "Litia@Mission.example")
    outbox.deliver(mails().get().pk)
    [message] = sink.messages
    assert message["To"] == "litia@mission.example"
    link = re.search(r"http\S+/delegations/enter/\S+/", message.get_body(("plain",)).get_content())[0]
    assert link in message.get_body(("html",)).get_content()
    path = link.removeprefix("http://localhost:8000")
    assert client.get(path).status_code == 200
    assert client.post(path).headers["Location"] == MINE
    assert delegation.name in client.get(MINE).content.decode()


def test_the_stored_message_holds_no_key(client, litia):
    ask(client, litia.email)
    assert PLACEHOLDER in mails().get().text
    assert not MailedKey.objects.exists()


def test_looking_at_the_link_uses_nothing_up(client, litia):
    key = MailedKey.objects.issue(user=litia)
    for _ in range(3):
        assert "Sign in" in client.get(enter(key)).content.decode()
        assert client.head(enter(key)).status_code == 200
    assert client.get(MINE).status_code == 302
    assert client.post(enter(key)).status_code == 302


def used(key):
    signing_in.use_up(key)


def too_old(key):
    MailedKey.objects.update(expires_at=timezone.now() - datetime.timedelta(seconds=1))


def revoked(key):
    MailedKey.objects.update(revoked_at=timezone.now())


def closed(key):
    User.objects.update(is_active=False)


@pytest.mark.parametrize("spoil", [used, too_old, revoked, closed])
def test_a_link_that_is_no_longer_good_says_so_and_offers_another(client, litia, spoil):
    key = MailedKey.objects.issue(user=litia)
    spoil(key)
    for response in (client.get(enter(key)), client.post(enter(key))):
        assert response.status_code == 410
        assert SIGN_IN in response.content.decode()
    assert client.get(MINE).status_code == 302


def test_keys_are_forgotten_after_a_day(litia, delegation):
    invitation = Invitation.objects.create(delegation=delegation, email="a@b.example", sent_by=UserFactory())
    keys = [MailedKey.objects.issue(**to) for to in ({"user": litia}, {"user": litia}, {"invitation": invitation})]
    old = MailedKey.objects.for_key(keys[0])
    old.update(expires_at=timezone.now() - datetime.timedelta(days=2))
    assert MailedKey.objects.forget() == 1
    assert not old.exists()
    assert MailedKey.objects.count() == 2


def test_a_made_up_key_opens_nothing(client):
    assert client.post(enter("made-up")).status_code == 410


def test_a_link_is_good_for_twenty_minutes(litia):
    MailedKey.objects.issue(user=litia)
    key = MailedKey.objects.get()
    assert key.expires_at - key.created_at == pytest.approx(
        datetime.timedelta(minutes=20), abs=datetime.timedelta(seconds=1)
    )


def test_the_key_of_an_invitation_signs_nobody_in(client, delegation):
    invitation = Invitation.objects.create(delegation=delegation, email="a@b.example", sent_by=UserFactory())
    key = MailedKey.objects.issue(invitation=invitation)
    assert client.get(enter(key)).status_code == 410
    assert client.post(enter(key)).status_code == 410
    assert MailedKey.objects.get().used_at is None


@pytest.mark.django_db(transaction=True)
def test_of_two_uses_at_once_one_wins(litia):
    key, start, answers = MailedKey.objects.issue(user=litia), threading.Barrier(4), []

    def use():
        client = Client()
        start.wait()
        answers.append(client.post(enter(key)).status_code)
        connection.close()

    threads = [threading.Thread(target=use) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [302, 410, 410, 410]


# Who is known stays unknown


def test_known_and_unknown_addresses_get_the_same_answer(client, delegation):
    unknown = ask(client, "litia@mission.example")
    FocalPoint.objects.create(delegation=delegation, user=UserFactory(email="litia@mission.example"))
    known, too_soon = ask(client, "litia@mission.example"), ask(client, "litia@mission.example")
    assert mails().count() == 1
    answers = [unknown, known, too_soon]
    assert unknown.content == known.content == too_soon.content
    of_its_own = ("X-Request-ID", "Expires")  # a number, and the time of day
    headers = [{name: v for name, v in answer.headers.items() if name not in of_its_own} for answer in answers]
    assert headers[0] == headers[1] == headers[2]
    cookies = [{c.key: c["path"] for c in answer.cookies.values()} for answer in answers]
    assert cookies[0] == cookies[1] == cookies[2]


def test_the_same_work_is_done_for_everybody(client, delegation, monkeypatch):
    rendered = []
    monkeypatch.setattr(outbox, "render_for", lambda *a: rendered.append(a) or outbox_render(*a))
    ask(client, "nobody@mission.example")
    assert len(rendered) == 1
    assert not OutgoingMail.objects.exists()


outbox_render = outbox.render_for


def test_an_answer_takes_its_time(client, db, monkeypatch):
    slept = []
    monkeypatch.setattr("registration.focal.signing_in.ANSWER_SECONDS", 5)
    monkeypatch.setattr("registration.focal.signing_in.time.sleep", slept.append)
    ask(client, "nobody@mission.example")
    assert 4 < slept[0] <= 5


def test_without_any_meeting_nothing_breaks(client, db):
    assert ask(client, "nobody@mission.example").status_code == 200


def test_at_most_one_link_a_minute_and_five_an_hour(client, litia):
    for _ in range(3):
        ask(client, litia.email)
    assert mails().count() == 1
    for _ in range(6):
        age(minutes=2)
        ask(client, litia.email)
    assert mails().count() == 5
    age(minutes=55)
    ask(client, litia.email)
    assert mails().count() == 6


@pytest.mark.django_db(transaction=True)
def test_asking_three_times_at_once_is_asking_once(litia):
    start = threading.Barrier(3)

    def go():
        start.wait()
        ask(Client(), litia.email)
        connection.close()

    threads = [threading.Thread(target=go) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert mails().count() == 1


def test_who_looks_after_nothing_today_gets_no_link(client, litia):
    tomorrow = timezone.now().date() + datetime.timedelta(days=2)
    FocalPoint.objects.update(active_from=tomorrow)
    ask(client, litia.email)
    assert not mails().exists()


@pytest.mark.parametrize("email", ["", "nonsense", "a@b.example\nBcc: c@d.example", "a@b.example, c@d.example"])
def test_what_is_no_address_is_asked_for_again(client, db, email):
    response = ask(client, email)
    assert response.status_code == 200
    assert "Write" in response.content.decode()
    assert not OutgoingMail.objects.exists()


# Where one goes on


def sign_in_from(client, user, address):
    ask(client, user.email, next=address)
    return client.post(enter(MailedKey.objects.issue(user=user))).headers["Location"]


def test_one_goes_on_where_one_was_stopped(client, litia, delegation):
    wanted = reverse("roster:focal_points", args=[delegation.meeting.slug, delegation.reference])
    asked = client.get(wanted)
    assert asked.headers["Location"].startswith(SIGN_IN)
    assert f'value="{wanted}"' in client.get(asked.headers["Location"]).content.decode()
    assert sign_in_from(client, litia, wanted) == wanted
    assert client.get(wanted).status_code == 200


def test_what_was_sent_without_a_session_leads_back_to_the_roster(client, litia, delegation):
    sent = client.post(reverse("roster:focal_points", args=[delegation.meeting.slug, delegation.reference]), {"x": "y"})
    roster = reverse("roster:workspace", args=[delegation.meeting.slug, delegation.reference])
    assert sign_in_from(client, litia, parse_qs(urlsplit(sent.headers["Location"]).query)["next"][0]) == roster


@pytest.mark.parametrize(
    "address",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "http:evil.example"],
)
def test_next_never_leads_elsewhere(client, litia, address):
    assert address not in client.get(SIGN_IN, {"next": address}).content.decode()
    assert sign_in_from(client, litia, address) == MINE


def test_a_forged_cookie_leads_nowhere(client, litia):
    client.cookies["after_sign_in"] = "https://evil.example/"
    assert client.post(enter(MailedKey.objects.issue(user=litia))).headers["Location"] == MINE


# What a link never gives


def test_a_link_never_opens_the_admin(client, delegation, signed_in):
    root = User.objects.create_superuser("root@example.org", "a long password", name="Root")
    FocalPoint.objects.create(delegation=delegation, user=root)
    signed_in(root)
    assert client.get(MINE).status_code == 200
    for address in ("/admin/", "/admin/desk/", reverse("admin:desk:queue", args=[delegation.meeting.slug])):
        assert client.get(address).status_code in (302, 403)
    assert reverse("admin:login") in client.get("/admin/").headers["Location"]


def test_a_link_does_not_make_an_organiser_of_other_delegations(client, delegation, signed_in):
    root = User.objects.create_superuser("root@example.org", name="Root")
    FocalPoint.objects.create(delegation=delegation, user=root)
    other = DelegationFactory(category=delegation.category)
    signed_in(root)
    assert client.get(reverse("roster:focal_points", args=[other.meeting.slug, other.reference])).status_code == 404


def test_staff_who_sign_in_by_link_stay_staff(client, litia, signed_in):
    staff = UserFactory()
    client.force_login(staff)
    signed_in(litia)
    assert client.get("/admin/").status_code == 200
    client.post("/delegations/sign-out/")
    assert client.get(MINE).status_code == 302
    assert client.get("/admin/").status_code == 200


def test_signing_out_forgets_the_session(client, litia, signed_in):
    signed_in(litia)
    client.post("/delegations/sign-out/")
    assert client.get(MINE).status_code == 302
    assert client.get("/delegations/sign-out/").status_code == 405


def test_the_session_gets_a_new_key(client, litia, signed_in):
    session = client.session
    session["planted"] = True
    session.save()
    before = session.session_key
    signed_in(litia)
    assert client.session.session_key != before


# Access ends at once


@pytest.mark.parametrize(
    "ending",
    [
        {"ended_at": timezone.now()},
        {"active_to": timezone.now().date() - datetime.timedelta(days=1)},
        {"active_from": timezone.now().date() + datetime.timedelta(days=2)},
    ],
)
def test_the_delegation_of_a_past_focal_point_is_not_there(client, litia, delegation, signed_in, ending):
    workspace = reverse("roster:focal_points", args=[delegation.meeting.slug, delegation.reference])
    signed_in(litia)
    assert client.get(workspace).status_code == 200
    FocalPoint.objects.update(**ending)
    assert client.get(workspace).status_code == 404
    assert delegation.name not in client.get(MINE).content.decode()


def test_a_closed_account_is_asked_to_sign_in(client, litia, delegation, signed_in):
    signed_in(litia)
    User.objects.filter(pk=litia.pk).update(is_active=False)
    assert client.get(MINE).status_code == 302


def test_a_delegation_under_the_name_of_another_meeting_is_not_there(client, litia, delegation, signed_in):
    signed_in(litia)
    elsewhere = MeetingFactory()
    assert client.get(reverse("roster:focal_points", args=[elsewhere.slug, delegation.reference])).status_code == 404


def test_somebody_else_s_delegation_is_not_there(client, litia, signed_in):
    other = DelegationFactory()
    signed_in(litia)
    assert client.get(reverse("roster:focal_points", args=[other.meeting.slug, other.reference])).status_code == 404
