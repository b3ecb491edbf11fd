"""The whole main job in a browser: register, be told by mail, be approved, be in the list. axe looks at every page."""

import csv
import io
import time
from email.message import EmailMessage

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.factories import PDF

pytestmark = pytest.mark.browser
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def look(page) -> None:
    """No rule of axe broken, and nothing wider than the window."""
    page.wait_for_load_state("load")
    found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
    assert [(v["id"], v["nodes"][0]["html"][:200]) for v in found] == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), page.url


def message(sink, subject: str, to: str) -> EmailMessage:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        for mail in sink.messages:
            if subject in mail["Subject"] and mail["To"] == to:
                return mail
        time.sleep(0.1)
    raise AssertionError(f"No mail about {subject!r} to {to}: {[m['Subject'] for m in sink.messages]}")


def text_of(mail: EmailMessage) -> str:
    return mail.get_body(("plain",)).get_content()


def register(page, given: str, family: str, email: str) -> str:
    """From the meeting's page to the reference."""
    page.goto("/eap-2008/")
    look(page)
    page.get_by_role("link", name="Register", exact=True).first.click()
    look(page)
    page.get_by_role("radio", name="A Government").check()
    entity = page.get_by_role("combobox", name="Which State or territory?")
    entity.press_sequentially("fidj")
    page.get_by_role("option", name="Fiji").wait_for()
    look(page)
    entity.press("ArrowDown")
    entity.press("Enter")
    page.get_by_role("button", name="Continue").click()
    look(page)
    page.get_by_role("group", name="Will you be 18 or over").get_by_role("radio", name="Yes").check()
    page.get_by_label("Given names").fill(given)
    page.get_by_label("Family name").fill(family)
    page.get_by_label("Functional title").fill("Director of Social Welfare")
    page.get_by_label("Ministry or department").fill("Ministry of Health, Women and Social Welfare")
    page.get_by_role("radio", name="Adviser").check()
    page.get_by_label("Email").fill("l.waqanisau@health")
    page.get_by_label("Letter signed by").set_input_files(
        {"name": "Nomination.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    page.get_by_role("button", name="Check your answers").click()
    # One thing is wrong: it is told, the form is still filled, and the letter need not be chosen again.
    page.get_by_role("link", name="Write the whole address").wait_for()
    look(page)
    assert page.get_by_label("Given names").input_value() == given
    page.get_by_label("Email").fill(email)
    page.get_by_role("button", name="Check your answers").click()
    page.get_by_role("heading", name="Check your answers").wait_for()
    look(page)
    page.get_by_role("button", name="Send my registration").click()
    page.get_by_role("heading", name="We have your registration").wait_for()
    look(page)
    return page.locator("strong.mono").inner_text()


def sign_in(page, stack) -> None:
    page.goto("/admin/")
    look(page)
    page.get_by_label("Email").fill(stack.email)
    page.get_by_label("Password").fill(stack.password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: "/login/" not in url)


def test_register_approve_and_export(page, stack):
    to = "l.waqanisau@health.example.org"
    reference = register(page, "Litia", "Waqanisau", to)
    assert reference.startswith("EAP-")
    private = next(line for line in text_of(message(stack.sink, reference, to)).split() if "/r/" in line)

    sign_in(page, stack)
    page.goto("/admin/desk/eap-2008/queue/")
    look(page)
    page.get_by_role("link", name="Litia Waqanisau").click()
    look(page)
    page.get_by_role("button", name="Approve").click()
    page.get_by_role("status").filter(has_text="approved").first.wait_for()

    approved = message(stack.sink, "approved", to)
    calendar = [part for part in approved.walk() if part.get_content_type() == "text/calendar"]
    assert "DTSTART" in calendar[0].get_content()

    page.goto("/admin/desk/eap-2008/people/")
    look(page)
    page.locator("summary", has_text="Export").click()
    page.get_by_role("link", name="CSV").click()
    page.get_by_role("textbox", name="What is it for?").fill("For the shuttle bus company")
    look(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Export").click()
    rows = list(csv.DictReader(io.StringIO(download.value.path().read_text(encoding="utf-8-sig"))))
    assert [row["Status"] for row in rows if row["Reference"] == reference] == ["Approved"]

    page.context.clear_cookies()
    page.goto(private)
    page.get_by_role("heading", name="You are approved").wait_for()
    look(page)


def test_reject_with_a_reason(page, stack):
    to = "ratu@example.org"
    register(page, "Ratu", "Tuilagi", to)
    sign_in(page, stack)
    page.goto("/admin/desk/eap-2008/queue/")
    page.get_by_role("link", name="Ratu Tuilagi").click()
    page.get_by_text("Reject…").click()
    page.get_by_role("textbox", name="Reason", exact=True).fill("The letter names somebody else.")
    page.locator("button[name=move][value=reject]").click()
    page.get_by_role("status").filter(has_text="Tuilagi").first.wait_for()
    assert "The letter names somebody else." in text_of(message(stack.sink, "not approved", to))


@pytest.mark.parametrize("path", ["/", "/eap-2008/programme/", "/eap-2008/documents/", "/eap-2008/practical/"])
@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("width", [360, 1280])
def test_public_pages_are_sound(page, path, language, width):
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{path}?lang={language}")
    assert page.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
    look(page)


def test_the_way_works_without_javascript(chromium, stack):
    context = chromium.new_context(base_url=stack.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/eap-2008/register/")
    page.get_by_role("radio", name="A Government").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Which State or territory?").select_option(label="Fiji")
    page.get_by_role("button", name="Continue").click()
    assert page.get_by_role("heading", name="About you").is_visible()
    context.close()
