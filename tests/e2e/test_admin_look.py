"""Every page of the admin, Django's own and the desk's, in English and Arabic, on a tablet and on a desk.

Each breaks no rule of axe, is no wider than its window, and has nothing to touch that is too small for a finger.
"""

import json
from importlib.resources import files

import pytest

from tests.e2e.admin_pages import EMAIL, PASSWORD

pytestmark = pytest.mark.browser
# The rules of axe look at the words and marks of a page, not at its width: once in each language is enough.
WITH_AXE = {("en", 1280), ("ar", 768)}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LISTED = "from tests.e2e.admin_pages import main; main()"
# A target of 24 px at least (WCAG 2.5.8), but for links within a sentence.
TOO_SMALL = """() => [...document.querySelectorAll("input:not([type=hidden]), select, button, summary")]
  .filter(e => e.checkVisibility() && !e.closest(".vh"))
  .map(e => [e.outerHTML.slice(0, 120), (e.labels?.[0]?.contains(e) ? e.labels[0] : e).getBoundingClientRect()])
  .filter(([, box]) => box.width > 1 && (box.width < 24 || box.height < 24))
  .map(([html]) => html)"""


@pytest.fixture(scope="module")
def pages(stack):
    return json.loads(stack.run("manage.py", "shell", "-v", "0", "-c", LISTED))


@pytest.fixture(scope="module")
def signed_in(chromium, stack, pages, tmp_path_factory):
    """The cookies of an administrator."""
    context = chromium.new_context(base_url=stack.url)
    page = context.new_page()
    page.goto("/admin/")
    page.get_by_label("Email").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: "/login/" not in url)
    kept = tmp_path_factory.mktemp("admin") / "state.json"
    context.storage_state(path=kept)
    context.close()
    return kept


def faults(page, axe: str) -> list[str]:
    """What is wrong with the page that stands open, in words."""
    told = broken_rules(page, axe) if axe else []
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        told.append("wider than its window")
    return told


def broken_rules(page, axe: str) -> list[str]:
    page.evaluate(axe)
    found = page.evaluate("(only) => axe.run({runOnly: only, resultTypes: ['violations']})", RULES)["violations"]
    return [f"{v['id']}: {v['nodes'][0]['html'][:160]}" for v in found]


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("width", [768, 1280])
def test_every_page_can_be_used_by_everybody(chromium, stack, pages, signed_in, language, width):
    options = {"has_touch": True} if width == 768 else {}
    context = chromium.new_context(
        base_url=stack.url, bypass_csp=True, storage_state=signed_in,
        viewport={"width": width, "height": 900}, **options,
    )  # fmt: skip
    context.add_cookies([{"name": "language", "value": language, "url": stack.url}])
    page, axe, wrong = context.new_page(), axe_source() if (language, width) in WITH_AXE else "", {}
    page.set_default_timeout(15_000)
    for address in pages:
        answer = page.goto(address)
        told = faults(page, axe) if answer.status == 200 else [f"answered {answer.status}"]
        told += [f"too small to touch: {html}" for html in page.evaluate(TOO_SMALL)] if width == 768 else []
        wrong |= {address: told} if told else {}
    context.close()
    assert wrong == {}


def axe_source() -> str:
    return (files("axe_playwright_python") / "axe.min.js").read_text()


def test_the_bar_is_reached_by_keyboard_and_the_content_first(chromium, stack, signed_in):
    context = chromium.new_context(base_url=stack.url, storage_state=signed_in, viewport={"width": 768, "height": 900})
    page = context.new_page()
    for address in ("/admin/", "/admin/meeting/meeting/", "/admin/desk/eap-2008/setup/"):
        page.goto(address)
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.getAttribute('href')[0]") == "#", address
        page.keyboard.press("Enter")
        inside = "document.querySelector(location.hash).matches('main, #content-start, #main, #content')"
        assert page.evaluate(inside), address
        assert page.locator(".deskbar [aria-current=page]").count() == 1
    context.close()
