"""A day of messages in a browser: one comes back, words are changed, a letter is verified, many are written to."""

import re
from email.message import EmailMessage

import pypdfium2
import pytest

from .test_main_job import look, message, register, sign_in, text_of

pytestmark = pytest.mark.browser
WRONG, RIGHT = "s.vakalala@old.example.org", "s.vakalala@health.example.org"
DESK = "/admin/desk/eap-2008"


def came_back(mail: EmailMessage) -> bytes:
    """What the mail server of the reader sends to us about `mail` (RFC 3464)."""
    return f"""From: MAILER-DAEMON@old.example.org
To: registration@example.org
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="part"

--part
Content-Type: text/plain

Your message could not be delivered.

--part
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.old.example.org

Final-Recipient: rfc822; {WRONG}
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 No such user

--part
Content-Type: text/rfc822-headers

Message-ID: {mail["Message-ID"]}

--part--
""".encode()


def private_link(mail: EmailMessage) -> str:
    return next(line for line in text_of(mail).split() if "/r/" in line)


def person(page, reference: str) -> None:
    page.goto(f"{DESK}/registrations/{reference}/")
    look(page)


def put_the_address_right(page) -> None:
    page.get_by_role("heading", name="Our messages do not reach this person").wait_for()
    page.get_by_text("No such user").first.wait_for()
    page.get_by_text("Correct the address…").click()
    look(page)
    page.get_by_label("The right address").fill(RIGHT)
    page.get_by_role("button", name="Correct the address", exact=True).click()
    page.get_by_role("heading", name="Our messages do not reach this person").wait_for(state="detached")


def say_it_in_own_words(page) -> None:
    page.goto(f"{DESK}/words/approved/en/")
    look(page)
    body = page.locator("#id_body")
    body.fill(body.input_value() + "\n\nBring the {{ blue }} folder.")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("There is no placeholder “blue”").first.wait_for()
    look(page)
    body.fill(body.input_value().replace("{{ blue }}", "blue"))
    page.frame_locator("#look").get_by_text("Bring the blue folder.").wait_for()
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("heading", name="Versions").wait_for()
    look(page)


def issue_a_letter(page) -> str:
    """The text of the letter, as it is printed."""
    page.get_by_text("Issue a letter", exact=True).click()
    page.get_by_role("button", name="Issue", exact=True).click()
    letter = page.locator("#papers ul.docs a").first
    letter.wait_for()
    look(page)
    with page.expect_download() as download:
        letter.click()
    pdf = pypdfium2.PdfDocument(download.value.path())
    return "\n".join(sheet.get_textpage().get_text_range() for sheet in pdf)


def verify(page, code: str) -> None:
    page.goto("/verify/")
    look(page)
    page.get_by_label("Code on the letter").fill(code)
    page.get_by_role("button", name="Verify").click()


def write_to(page, name: str) -> None:
    page.goto(f"{DESK}/people/?q={name}")
    page.get_by_role("link", name="Write to these people").click()
    look(page)
    page.get_by_label("Name", exact=True).fill("Hotels")
    page.locator("#id_subject_en").fill("Hotels near {{ venue }}")
    page.locator("#id_title_en").fill("Hotels")
    page.locator("#id_body_en").fill("Rooms are kept for {{ nmae }} until Friday.")
    page.get_by_role("button", name="Look before sending").click()
    page.get_by_text("Did you mean “name”?").first.wait_for()
    look(page)
    assert page.locator("#id_subject_en").input_value() == "Hotels near {{ venue }}"
    page.locator("#id_body_en").fill("Rooms are kept for **{{ name }}** until Friday.")
    page.get_by_role("button", name="Look before sending").click()
    page.get_by_role("button", name="Send to 1 person").wait_for()
    page.frame_locator("iframe").get_by_text("Seru Vakalala", exact=True).last.wait_for()
    look(page)
    page.get_by_role("button", name="Send to 1 person").click()
    page.wait_for_url(lambda url: "/look/" not in url)
    look(page)


def test_a_day_of_messages(page, stack):
    reference = register(page, "Seru", "Vakalala", WRONG)
    arrived = message(stack.sink, reference, WRONG)
    old_link = private_link(arrived)
    assert stack.run("manage.py", "receive_bounce", reads=came_back(arrived)).strip()

    sign_in(page, stack)
    person(page, reference)
    put_the_address_right(page)
    new_link = private_link(message(stack.sink, reference, RIGHT))
    assert new_link != old_link

    page.goto(f"{DESK}/messages/?q={reference}")
    look(page)
    page.get_by_text("Came back").first.wait_for()
    page.get_by_role("link", name="we have your registration").last.click()
    page.frame_locator("iframe").get_by_role("heading", name="We have your registration").wait_for()
    look(page)

    say_it_in_own_words(page)
    person(page, reference)
    page.get_by_role("button", name="Approve").click()
    page.get_by_role("status").filter(has_text="approved").first.wait_for()
    assert WRONG not in [mail["To"] for mail in stack.sink.messages if "approved" in mail["Subject"]]
    approved = message(stack.sink, "you are approved", RIGHT)
    assert "Bring the blue folder." in text_of(approved)

    person(page, reference)
    printed = issue_a_letter(page)
    assert "Seru Vakalala" in printed
    code = re.search(r"(?:[0-9A-Z]{4}\s){6}[0-9A-Z]{2}", printed)[0]

    write_to(page, "Vakalala")
    told = message(stack.sink, "Hotels near", RIGHT)
    assert "Rooms are kept for" in text_of(told) and "Seru Vakalala" in text_of(told)
    assert told["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    stop = re.search(r"<(http[^>]+)>", told["List-Unsubscribe"])[1]

    page.context.clear_cookies()
    verify(page, code.lower())
    page.get_by_role("heading", name="genuine").first.wait_for()
    look(page)
    assert "Vakalala" not in page.content() and "Fiji" not in page.inner_text("main")

    page.goto(stop)
    look(page)
    page.get_by_role("button", name="Stop these messages").click()
    page.get_by_role("heading", name="Stopped").wait_for()
    look(page)

    page.goto(private_link(approved))
    look(page)
    page.get_by_role("link", name="you are approved").first.click()
    look(page)
    assert "/r/" not in page.inner_text("main")

    sign_in(page, stack)
    person(page, reference)
    page.get_by_text("Withdraw…").first.click()
    page.get_by_role("button", name="Withdraw", exact=True).first.click()
    page.get_by_role("status").first.wait_for()
    page.context.clear_cookies()
    verify(page, code)
    page.get_by_text("Revoked", exact=True).wait_for()
    look(page)
