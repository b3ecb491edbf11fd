"""The way in, step by step, and what is nobody's: a password alone where a second factor is asked for."""

import re
import time
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth.hashers import get_hasher
from django.test import Client
from django.urls import reverse

from meeting.account import factors, links
from meeting.models import AuditEntry, Role, StaffSession
from registration.models import OutgoingMail
from tests.factories import StaffRoleFactory, UserFactory
from tests.meeting.account.conftest import PASSWORD, Door, now_shown
from tests.test_permissions import POSTED, address, routes, world  # noqa: F401

pytestmark = pytest.mark.django_db

# What whoever is on the way in has to reach, and what says nothing about anybody.
OPEN = {"login", "logout", "jsi18n", "account:second", "account:set_up", "account:app", "account:passkey"}
OPEN |= {"account:forgotten", "account:set_password", "account:passkey_sign_in"}


def words(answer) -> str:
    """The page without what differs each time."""
    text = answer.content.decode()
    token = answer.client.cookies.get("csrftoken")
    return "\n".join(line for line in text.splitlines() if "csrfmiddlewaretoken" not in line and str(token) not in line)


def test_unknown_closed_and_wrong_get_the_same_answer_for_the_same_work(owner, monkeypatch):
    UserFactory(email="gone@mission.example", is_active=False)
    UserFactory(email="focal@mission.example", is_staff=False)
    hashed = []
    hasher = type(get_hasher("default"))
    encode = hasher.encode
    monkeypatch.setattr(hasher, "encode", lambda self, *a, **k: hashed.append(1) or encode(self, *a, **k))
    monkeypatch.setattr(hasher, "verify", lambda self, *a, **k: bool(hashed.append(1)))
    pages, work = set(), []
    for email in (owner.email, "gone@mission.example", "focal@mission.example", "nobody@mission.example"):
        hashed.clear()
        answer = Door().password(email, "wrong")
        pages.add(words(answer).replace(email, ""))
        work.append(len(hashed))
    assert len(pages) == 1
    assert "Email or password is not right" in pages.pop()
    assert len(set(work)) == 1


@pytest.mark.parametrize(
    "place", ["//evil.example/", "https://evil.example/", "javascript:alert(1)", "/\\evil.example"]
)
def test_after_signing_in_nobody_is_led_elsewhere(owner, place):
    assert Door().password(owner.email, next=place)["Location"] == "/admin/desk/"


def test_where_they_wanted_to_go_survives_the_second_factor(owner, secret):
    door = Door()
    door.password(owner.email, next="/admin/desk/ours/queue/?status=submitted&q=a")
    answer = door.code(now_shown(secret))
    assert answer["Location"] == "/admin/desk/ours/queue/?status=submitted&q=a"


def test_the_second_step_waits_ten_minutes(owner, secret):
    door = Door()
    door.password(owner.email)
    session = door.client.session
    session["staff_pending"] = session["staff_pending"] | {"at": session["staff_pending"]["at"] - 601}
    session.save()
    assert door.code(now_shown(secret))["Location"].startswith("/admin/login/")
    assert not door.is_inside()


def test_a_password_changed_in_between_ends_the_second_step(owner, secret):
    door = Door()
    door.password(owner.email)
    owner.set_password("another password altogether")
    owner.save()
    door.code(now_shown(secret))
    assert not door.is_inside()


@pytest.mark.parametrize("field", ["is_active", "is_staff"])
def test_who_is_staff_no_more_is_out_at_the_next_click(owner, inside, field):
    type(owner).objects.filter(pk=owner.pk).update(**{field: False})
    assert not inside.is_inside()


def password_step(owner, settings) -> Client:
    door = Door()
    assert door.password(owner.email)["Location"] == "/admin/account/set-up/"
    return door.client


def made_elsewhere(owner, settings) -> Client:
    client = Client()
    client.force_login(owner)
    return client


def from_before(owner, settings) -> Client:
    """A session of the time when the password was enough."""
    settings.SECOND_FACTOR_REQUIRED = False
    door = Door()
    door.password(owner.email)
    settings.SECOND_FACTOR_REQUIRED = True
    return door.client


@pytest.mark.parametrize("enter", [password_step, made_elsewhere, from_before])
def test_with_the_password_alone_no_page_of_staff_opens(world, settings, required, enter):  # noqa: F811
    client = enter(_organiser(world), settings)
    names = [n for n in routes() if n.startswith("admin:") and n.removeprefix("admin:") not in OPEN]
    names += [n for n in routes() if n.startswith("roster:")]
    assert len(names) > 100
    opened = {}
    for name in names:
        url = address(name, world)
        answer = client.post(url) if name in POSTED else client.get(url)
        signed_out = answer.status_code == 302 and "/login/" in answer["Location"]
        if not signed_out and not (answer.status_code == 403 and "You were signed out" in answer.content.decode()):
            opened[name] = (answer.status_code, answer.get("Location"))
    # A roster without its focal point: the way to sign in as one, or nothing.
    asks = {n for n, (code, to) in opened.items() if n.startswith("roster:") and (code in (404, 405) or _to_focal(to))}
    assert {n: o for n, o in opened.items() if n not in asks} == {}


def _to_focal(location) -> bool:
    return bool(location) and location.startswith(reverse("focal:sign_in"))


def _organiser(world):  # noqa: F811
    user = StaffRoleFactory(meeting=world["meeting"], role=Role.ORGANISER).user
    user.set_password(PASSWORD)
    user.save()
    return user


def test_a_new_colleague_comes_from_the_link_to_the_desk(owner, required):
    owner.set_unusable_password()
    owner.save()
    door, link = Door(), links.set_password_link(owner)
    assert door.get(link).status_code == 200
    assert door.post(link, password="short", again="short").status_code == 200
    assert door.post(link, password=PASSWORD, again=PASSWORD)["Location"] == "/admin/login/"
    assert door.get(link).status_code == 410
    assert door.password(owner.email, next="/admin/desk/ours/queue/")["Location"] == "/admin/account/set-up/"
    assert door.get("/admin/account/set-up/").status_code == 200
    assert door.get("/admin/desk/").status_code == 302
    door.get("/admin/account/app/")
    secret = door.get("/admin/account/app/").context["secret"].replace(" ", "")
    assert door.post("/admin/account/app/", code="000000").status_code == 200
    page = door.post("/admin/account/app/", code=now_shown(secret)).content.decode()
    assert page.count('class="mono"') == 10
    assert 'href="/admin/desk/ours/queue/"' in page
    assert door.is_inside()
    told = AuditEntry.objects.filter(action=AuditEntry.Action.SIGNED_IN).get()
    assert told.detail["with"] == "app"


def test_who_has_a_factor_sets_up_no_other_with_the_password_alone(owner, secret, required):
    door = Door()
    door.password(owner.email)
    for path in ("set-up/", "app/", "passkeys/new/"):
        assert "/login/" in door.get(f"/admin/account/{path}")["Location"]


def test_a_reset_link_works_once(owner):
    door = Door()
    link = links.set_password_link(owner, "password_reset")
    door.post(link, password=PASSWORD + "!", again=PASSWORD + "!")
    assert door.get(link).status_code == 410


@pytest.mark.parametrize(("kind", "hours"), [("password_reset", 1), ("staff_invitation", 72)])
def test_links_end(owner, monkeypatch, kind, hours):
    link, now = links.set_password_link(owner, kind), time.time()
    monkeypatch.setattr("django.core.signing.time.time", lambda: now + hours * 3600 - 60)
    assert Door().get(link).status_code == 200
    monkeypatch.setattr("django.core.signing.time.time", lambda: now + hours * 3600 + 60)
    assert Door().get(link).status_code == 410


def test_a_link_asks_for_the_second_factor_as_ever(owner, secret):
    door = Door()
    new = "eight herons over a still lagoon"
    door.post(links.set_password_link(owner, "password_reset"), password=new, again=new)
    assert door.password(owner.email, new)["Location"] == "/admin/account/second/"
    assert not door.is_inside()


def test_forgotten_tells_nothing_and_mails_the_owner_alone(owner):
    UserFactory(email="focal@mission.example", is_staff=False)
    pages = {
        words(Door().post("/admin/account/forgotten/", email=email))
        for email in (owner.email.lower(), "focal@mission.example", "nobody@mission.example")
    }
    assert len(pages) == 1
    mail = OutgoingMail.objects.get(kind="password_reset")
    assert mail.to == owner.email
    assert "set-password" not in mail.text  # the link is made while it is sent


def test_forgotten_mails_now_and_then(owner):
    for _ in range(3):
        Door().post("/admin/account/forgotten/", email=owner.email)
    assert OutgoingMail.objects.filter(kind="password_reset").count() in (1, 2)  # ten minutes may end in between


def test_browsers_are_seen_and_ended_one_by_one(owner, inside):
    elsewhere = Door("198.51.100.9")
    elsewhere.password(owner.email)
    stranger = StaffSession.objects.create(user=UserFactory(), session_key="x", ends_at="2099-01-01T00:00Z")
    row = StaffSession.objects.get(address="198.51.100.9")
    inside.post(f"/admin/account/sessions/{stranger.pk}/end/")
    inside.post(f"/admin/account/sessions/{row.pk}/end/")
    assert StaffSession.objects.filter(pk=stranger.pk).exists()
    assert not elsewhere.is_inside()
    assert inside.is_inside()


def test_a_new_password_ends_the_other_browsers(owner, inside):
    elsewhere = Door("198.51.100.9")
    elsewhere.password(owner.email)
    new = "eight herons over a still lagoon"
    assert inside.post("/admin/account/password/", old="wrong", password=new, again=new).status_code == 200
    inside.post("/admin/account/password/", old=PASSWORD, password=new, again=new)
    assert (inside.is_inside(), elsewhere.is_inside()) == (True, False)


def test_staying_goes_to_a_day_after_signing_in_and_no_further(inside):
    session = inside.client.session
    since = session["staff"]["since"]
    for ago, left in ((11, 12), (20, 4)):
        session = inside.client.session
        session["staff"] = session["staff"] | {"since": since - ago * 3600}
        session.save()
        ends = inside.post("/admin/account/stay/").json()["ends"]
        assert abs(ends - since - left * 3600) < 60


def test_after_its_end_a_form_is_not_swallowed(owner, inside):
    session = inside.client.session
    session["staff_ends"] = 1
    session.save()
    answer = inside.post("/admin/account/codes/")
    assert answer.status_code == 403
    assert "You were signed out" in answer.content.decode()


def test_a_link_in_a_browser_with_cookies_leads_to_the_sign_in(owner):
    door = Door()
    door.get("/admin/login/")  # brings a cookie
    assert door.post(links.set_password_link(owner), password=PASSWORD, again=PASSWORD).status_code == 302


def test_failures_and_sign_ins_stand_in_the_history(owner, secret, codes):
    door = Door()
    door.password(owner.email, "wrong")
    door.password(owner.email)
    door.code("000000")
    door.code(codes[0])
    told = AuditEntry.objects.filter(action__in=["not_in", "signed_in"]).order_by("pk")
    assert [entry.detail for entry in told] == [
        {"step": "password"},
        {"step": "factor"},
        {"with": "recovery_code", "browser": "new"},
    ]
    assert factors.codes_left(owner) == 9


def test_a_secret_that_was_shown_to_one_is_not_given_to_another(owner, required):
    other = StaffRoleFactory(user__email="next@mission.example").user
    other.set_password(PASSWORD)
    other.save()
    door = Door()
    door.password(owner.email)
    first = door.get("/admin/account/app/").context["secret"]
    assert door.get("/admin/account/app/").context["secret"] == first
    door.password(other.email)
    assert door.get("/admin/account/app/").context["secret"] != first
    assert first.replace(" ", "") not in str(dict(door.client.session))


def test_a_form_of_an_old_tab_can_be_sent_after_signing_in_in_another(owner):
    door = Door()
    door.client = Client(enforce_csrf_checks=True)

    def token(path: str) -> str:
        return re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', door.get(path).content.decode())[1]

    def sign_in() -> None:
        door.password(owner.email, csrfmiddlewaretoken=token("/admin/login/"))

    sign_in()
    old = token("/admin/account/password/")
    session = door.client.session
    session["staff_ends"] = 1
    session.save()
    sign_in()
    assert door.post("/admin/account/sessions/end-others/", csrfmiddlewaretoken=old).status_code == 403
    told = door.get("/admin/account/stay/").json()
    assert (told["who"], told["ends"] > told["now"]) == (owner.pk, True)
    again = door.post("/admin/account/sessions/end-others/", csrfmiddlewaretoken=told["token"])
    assert again["Location"] == "/admin/account/"


def test_whoever_is_signed_out_is_told_nothing_about_the_session(owner, inside):
    session = inside.client.session
    session["staff_ends"] = 1
    session.save()
    assert inside.get("/admin/account/stay/")["Location"].startswith("/admin/login/")


def test_who_starts_again_still_comes_to_the_page_with_its_whole_filter(owner, secret, required):
    wanted = "/admin/desk/ours/?q=a%26b&status=submitted#row"
    door = Door()
    door.password(owner.email, next=wanted)
    session = door.client.session
    session["staff_pending"] = session["staff_pending"] | {"at": 0}
    session.save()
    again = door.get("/admin/account/second/")["Location"]
    assert parse_qs(urlsplit(again).query) == {"next": [wanted]}
