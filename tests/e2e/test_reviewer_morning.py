"""A reviewer's morning: four hundred people wait in twelve categories; before lunch nobody does, and nobody was mailed
what was not meant for them."""

import json
import re
import time
from collections import Counter

import pytest

from tests.e2e.morning import CATEGORIES, ENDORSED, PEOPLE, SLUG, TWO_WORDS
from tests.e2e.test_main_job import look

pytestmark = pytest.mark.browser
QUEUE = f"/admin/desk/{SLUG}/queue/"
NOT_OURS = 17  # of the host country, whose focal point has not endorsed them yet
DECISIONS = {"approved", "rejected", "returned", "waitlisted", "unapproved"}


@pytest.fixture
def morning(stack):
    return json.loads(stack.run("-m", "tests.e2e.morning", "make"))


@pytest.fixture
def colleague(chromium, stack):
    """The second reviewer, at another desk."""
    context = chromium.new_context(base_url=stack.url, bypass_csp=True)
    page = context.new_page()
    page.set_default_timeout(15_000)
    yield page
    context.close()


def sign_in(page, email: str, password: str) -> None:
    page.goto(QUEUE)
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: "/queue/" in url)


def press(page, key: str) -> None:
    """A key that decides counts only after one has had time to look."""
    page.wait_for_load_state("load")
    page.wait_for_timeout(1100)
    page.keyboard.press(key)


def said(page, text: str):
    return page.get_by_role("status").filter(has_text=text).first


def test_four_hundred_before_lunch(page, colleague, stack, morning):
    sign_in(page, morning["first"], morning["password"])
    sign_in(colleague, morning["second"], morning["password"])
    a_look_at_the_queue(page)
    undone = a_slip_is_undone(page)
    returned = one_goes_back_with_a_ready_reason(page)
    given = some_are_for_the_colleague(page, colleague)
    the_second_is_told_calmly(page, colleague)
    for name in CATEGORIES:
        approve_category(page, name)
    the_second_word(colleague)
    what_is_left(page)
    page.set_viewport_size({"width": 800, "height": 1100})
    page.goto(QUEUE)
    look(page)
    stack.run("-m", "tests.e2e.morning", "later")
    everybody_was_told_once(stack, undone=undone, returned=returned, given=given)


def a_look_at_the_queue(page):
    page.goto(QUEUE)
    page.get_by_role("heading", name=f"{PEOPLE - NOT_OURS} wait for a decision").wait_for()
    look(page)
    counts = page.get_by_role("complementary", name="Counts")
    for name in CATEGORIES:
        counts.get_by_role("link", name=re.compile(rf"^{name}\s*(3[34]|{33 - NOT_OURS})$")).wait_for()
    counts.get_by_role("link", name=re.compile("Under 1 day")).click()
    page.wait_for_load_state("load")
    assert page.locator("tbody tr").count() > 10
    look(page)


def a_slip_is_undone(page) -> str:
    """Found although the name is mistyped; approved by a key, and taken back by another."""
    page.goto(QUEUE)
    page.keyboard.press("/")
    page.keyboard.type("Keovilai")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Ana Keovilay").click()
    page.get_by_role("heading", name="Ana Keovilay").wait_for()
    letter = page.locator(".pane--letter img").first
    letter.wait_for()
    page.wait_for_function("document.querySelector('.pane--letter img').naturalWidth > 300")
    look(page)
    address = page.get_by_text("@morning.example.org").first.inner_text()
    press(page, "a")
    said(page, "Ana Keovilay approved. The mail leaves at").wait_for()
    press(page, "u")
    said(page, "Ana Keovilay").wait_for()
    page.get_by_role("button", name="Approve").wait_for()
    return address


def one_goes_back_with_a_ready_reason(page) -> str:
    """Somebody who reads French gets the reason in French."""
    page.goto(f"{QUEUE}?q=Dorjiin")
    page.get_by_role("link", name="Bao Dorjiin").click()
    address = page.get_by_text("@morning.example.org").first.inner_text()
    press(page, "r")
    page.get_by_label("Ready reason").first.select_option(label="Not on the letter")
    assert page.get_by_label("Reason", exact=True).first.input_value() == "Votre lettre ne vous nomme pas."
    page.get_by_role("group", name="What is to be put right").get_by_role("checkbox").first.check()
    look(page)
    page.locator("button[name=move][value=return]").click()
    said(page, "Bao Dorjiin returned").wait_for()
    return address


def some_are_for_the_colleague(page, colleague) -> int:
    page.goto(f"{QUEUE}?q=Kavita")
    page.get_by_role("checkbox", name="Select all on this page").check()
    page.get_by_role("button", name="Assign").click()
    look(page)
    given = page.locator("tbody tr").count()
    page.get_by_role("combobox", name="Colleague").select_option(label="Second Reviewer")
    page.locator(".many__go button").click()
    page.get_by_role("heading", name=re.compile("assigned|given", re.IGNORECASE)).wait_for()
    colleague.goto(QUEUE)
    colleague.get_by_role("navigation", name="Views of the queue").get_by_role("link", name="Mine").click()
    colleague.wait_for_load_state("load")
    assert colleague.locator("tbody tr").count() == given
    look(colleague)
    return given


def the_second_is_told_calmly(page, colleague):
    """Both have the same person open. One approves; the other's press changes nothing and says who was quicker."""
    for each in (page, colleague):
        each.goto(f"{QUEUE}?q=Tuilagi")
        each.get_by_role("link", name="Dewi Tuilagi").click()
        each.get_by_role("heading", name="Dewi Tuilagi").wait_for()
    press(page, "a")
    said(page, "Dewi Tuilagi approved").wait_for()
    press(colleague, "a")
    told = said(colleague, "Nothing was changed by you")
    told.wait_for()
    assert "First Reviewer" in told.inner_text()


def approve_category(page, name: str) -> None:
    """Select all of a category, look at what will happen, confirm, and read the result."""
    page.goto(QUEUE)
    page.get_by_role("complementary", name="Counts").get_by_role("link", name=re.compile(rf"^{name}\b")).click()
    page.wait_for_load_state("load")
    page.get_by_role("checkbox", name="Select all on this page").check()
    page.get_by_role("button", name=re.compile(r"^Approve")).click()
    page.get_by_text("Nothing has happened yet").wait_for()
    if name in (CATEGORIES[0], TWO_WORDS, ENDORSED):
        look(page)
    page.locator(".many__go button").click()
    page.get_by_role("link", name="Go on with the queue").wait_for(timeout=60_000)
    if name == CATEGORIES[0]:
        look(page)


def the_second_word(colleague) -> None:
    """Two people approve the media; the first word was the other reviewer's."""
    approve_category(colleague, TWO_WORDS)


def what_is_left(page) -> None:
    """Only those whose focal point has not spoken: it is not ours to decide, and the queue says so."""
    page.goto(QUEUE)
    page.get_by_role("complementary", name="Counts").get_by_role("link", name=re.compile("^Us")).click()
    page.get_by_text(re.compile("All done|Nobody here fits")).first.wait_for()
    look(page)


def everybody_was_told_once(stack, *, undone: str, returned: str, given: int) -> None:
    told = wait_until_all_is_told(stack)
    statuses = Counter(status for status, *_mails in told.values())
    assert statuses == {"approved": PEOPLE - NOT_OURS - 1, "returned": 1, "submitted": NOT_OURS}
    assert given > 20
    for status, *mails in told.values():
        assert [kind for kind in mails if kind in DECISIONS] == ([] if status == "submitted" else [status])
    assert told[returned][0] == "returned"
    assert told[undone] == ["approved", "approved"]  # the slip mailed nothing; the approval meant it, once
    sent = Counter(mail["To"] for mail in stack.sink.messages if mail["To"] in told)
    assert set(sent.values()) == {1} and len(sent) == PEOPLE - NOT_OURS
    words = next(mail for mail in stack.sink.messages if mail["To"] == returned).get_body(("plain",)).get_content()
    assert "Votre lettre ne vous nomme pas." in words


def wait_until_all_is_told(stack) -> dict[str, list[str]]:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        told = json.loads(stack.run("-m", "tests.e2e.morning", "told"))
        if all(len(found) == 2 for found in told.values() if found[0] != "submitted"):
            return told
        time.sleep(3)
    raise AssertionError(Counter(tuple(found) for found in told.values()))
