"""Signing in as staff: an app, a passkey, a recovery code, sessions ended elsewhere, the word before a session ends."""

import re
import time

import pytest

from meeting.account import totp
from tests.e2e.test_main_job import look

pytestmark = pytest.mark.browser
PASSWORD = "seven lanterns on a quiet pier"
SAY = """
from meeting.models import Meeting, Role, StaffRole, User
user = User.objects.create_user("{email}", "{password}", name="Door Keeper", is_staff=True)
StaffRole.objects.create(user=user, meeting=Meeting.objects.get(slug="eap-2008"), role=Role.REVIEWER)
"""


def a_reviewer(stack, email: str) -> str:
    stack.run("manage.py", "shell", "-c", SAY.format(email=email, password=PASSWORD))
    return email


def give_password(page, email: str) -> None:
    page.goto("/admin/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


@pytest.fixture
def elsewhere(chromium, stack):
    context = chromium.new_context(base_url=stack.url, bypass_csp=True)
    page = context.new_page()
    page.set_default_timeout(15_000)
    yield page
    context.close()


def confirm(page) -> None:
    """The password once more, where it was long ago."""
    if page.get_by_role("heading", name="Your password once more").count():
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Go on").click()


def next_code(secret: str, used: list[str]) -> str:
    """A code that was not used yet: none is taken twice."""
    while (code := totp.code(secret, int(time.time() // totp.SECONDS))) in used:
        time.sleep(0.5)
    used.append(code)
    return code


def test_app_recovery_code_and_sessions(page, elsewhere, stack):
    email, used = a_reviewer(stack, "app@door.example.org"), []
    page.goto("/admin/")
    look(page)
    give_password(page, email)
    page.wait_for_url("**/queue/**")
    page.goto("/admin/account/")
    look(page)
    page.get_by_role("link", name="Add an authenticator app").click()
    look(page)
    secret = re.sub(r"\s", "", page.locator("bdi.mono").inner_text())
    page.get_by_role("textbox", name="Code").fill("000000")
    page.get_by_role("button", name="Use this app").click()
    page.get_by_text("This is not what the app should show now").first.wait_for()
    page.get_by_role("textbox", name="Code").fill(next_code(secret, used))
    page.get_by_role("button", name="Use this app").click()
    page.get_by_role("heading", name="Your recovery codes").wait_for()
    look(page)
    codes = page.locator(".codes bdi").all_inner_texts()
    assert len(set(codes)) == 10

    # At another computer: the password is not enough, a used code is refused, the next one opens.
    give_password(elsewhere, email)
    elsewhere.get_by_role("heading", name="Show that it is you").wait_for()
    look(elsewhere)
    elsewhere.goto("/admin/desk/eap-2008/queue/")
    assert "/login/" in elsewhere.url
    give_password(elsewhere, email)
    elsewhere.get_by_role("textbox", name="Code").fill(used[-1])
    elsewhere.get_by_role("button", name="Sign in", exact=True).click()
    elsewhere.get_by_text("This code is not right").first.wait_for()
    elsewhere.get_by_role("textbox", name="Code").fill(codes[0])
    elsewhere.get_by_role("button", name="Sign in", exact=True).click()
    elsewhere.wait_for_url("**/queue/**")

    # The first one sees the second, and ends it.
    page.goto("/admin/account/")
    page.get_by_text("9 are left").wait_for()
    look(page)
    page.get_by_role("button", name=re.compile("Sign out there")).click()
    page.get_by_text("Signed out there.").wait_for()
    elsewhere.goto("/admin/desk/eap-2008/queue/")
    assert "/login/" in elsewhere.url


def test_a_passkey_as_the_only_and_as_the_second_key(page, stack):
    email = a_reviewer(stack, "passkey@door.example.org")
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    device.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    give_password(page, email)
    page.wait_for_url("**/queue/**")
    page.goto("/admin/account/passkeys/new/")
    look(page)
    page.get_by_label("Name").fill("Key ring")
    page.get_by_role("button", name="Make the passkey").click()
    page.get_by_role("heading", name="Your recovery codes").wait_for()

    sign_out(page)
    give_password(page, email)
    page.get_by_role("button", name="Use your passkey").click()
    page.wait_for_url("**/queue/**")

    sign_out(page)
    page.goto("/admin/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/queue/**")


def sign_out(page) -> None:
    page.goto("/admin/desk/eap-2008/queue/")
    page.locator(".deskbar__me details").last.locator("summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_load_state("load")


def test_nobody_is_signed_out_in_the_middle_of_a_sentence(page, stack):
    give_password(page, a_reviewer(stack, "slow@door.example.org"))
    page.wait_for_url("**/queue/**")
    dialog = page.get_by_role("dialog")
    assert dialog.count() == 0
    page.clock.install()
    page.reload()
    page.clock.fast_forward("11:56:00")
    dialog.get_by_role("heading", name="Are you still there?").wait_for()
    look(page)
    dialog.get_by_role("button", name="Stay signed in").click()
    dialog.wait_for(state="hidden")
    # Too late after all: signed in again in another tab, the form of this one can be sent as it is.
    page.clock.fast_forward("12:10:00")
    dialog.get_by_text("You were signed out").wait_for()
    with page.context.expect_page() as opened:
        dialog.get_by_role("link", name="Sign in, in a new tab").click()
    other = opened.value
    sign_out(other)
    give_password(other, "slow@door.example.org")
    other.wait_for_url("**/queue/**")
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    dialog.wait_for(state="hidden")
    page.locator(".deskbar__me details").last.locator("summary").click()
    with page.expect_navigation() as sent:
        page.get_by_role("button", name="Sign out").click()
    assert sent.value.ok
