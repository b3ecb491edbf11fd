"""From words to HTML and text: values are never markup, and links lead to the web or to an address."""

import time

import pytest

from registration import texts
from registration.texts.language import CLOSE, OPEN, laid_open
from registration.texts.markup import lay_out

KIND = texts.KINDS["returned"]
EVIL = '<script>alert("1")</script> **bold** [x](https://evil.example) {{ reason }} & "'


def html(body, **values):
    laid = lay_out(laid_open(body, texts.shape_of(values)), KIND, "ltr")
    return texts.fill_html(laid.html, values)


def text(body, **values):
    laid = lay_out(laid_open(body, texts.shape_of(values)), KIND, "ltr")
    return texts.fill_text(laid.text, values)


def test_paragraphs_lists_emphasis_and_links_are_marked_up():
    shown = html("One\ntwo\n\n- a\n- b\n\n**c** *d* [e](https://f.example/?g=1&h=2)")
    assert "One<br>two</p>" in shown
    assert shown.count("<li") == 2
    assert "<strong>c</strong> <em>d</em>" in shown
    assert 'href="https://f.example/?g=1&amp;h=2"' in shown


def test_the_text_part_reads_well():
    assert text("One\n- a\n- b\n\n1. c\n2. d\n\n[e](https://f.example/)") == (
        "One\n- a\n- b\n\n1. c\n2. d\n\ne: https://f.example/"
    )


@pytest.mark.parametrize("body", ["{{ name }}", "a {{ name }} b", "**{{ name }}**", "- {{ name }}", "{{ reason }}"])
def test_what_a_delegate_has_written_is_never_markup(body):
    shown = html(body, name=EVIL, reason=EVIL)
    assert "<script" not in shown
    assert 'href="https://evil' not in shown
    assert "**bold**" in shown
    assert "{{ reason }}" in shown
    assert EVIL in text(body, name=EVIL, reason=EVIL)


def test_html_that_organisers_write_is_text():
    shown = html('<b>a</b> <img src=x onerror="alert(1)">')
    assert "<b>" not in shown
    assert "<img" not in shown


@pytest.mark.parametrize("where", [
    "javascript:alert(1)", "JAVASCRIPT:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd",
    "//evil.example", "/admin/", " javascript:alert(1)", "java&#115;cript:x",
])  # fmt: skip
def test_links_lead_to_the_web_or_to_an_address_only(where):
    assert "<a " not in html(f"[x]({where})")
    assert "<a " not in html(f"<{where}>")


@pytest.mark.parametrize("where", ["https://a.example", "http://a.example", "mailto:a@b.example"])
def test_links_of_the_web_and_addresses_are_links(where):
    assert f'href="{where}"' in html(f"[x]({where})")


def test_a_link_may_be_the_address_of_the_meeting():
    assert 'href="https://m.example/a"' in html("[x]({{ meeting_link }})", meeting_link="https://m.example/a")


@pytest.mark.parametrize("name", ["name", "reason", "reference", "delegation"])
def test_a_delegate_cannot_say_where_a_link_leads(name):
    shown = html(f"[x]({{{{ {name} }}}})", **{name: "javascript:alert(1)"})
    assert "<a " not in shown


def test_a_value_in_an_address_cannot_end_it():
    shown = html("[x](https://a.example/?q={{ name }})", name='"><script>')
    assert "<script>" not in shown
    assert 'href="https://a.example/?q=&quot;&gt;&lt;script&gt;"' in shown


def test_a_mark_that_a_delegate_has_written_stands_for_nothing():
    sneaked = f"{OPEN}reason{CLOSE}"
    assert "secret" not in html("{{ name }}", name=sneaked, reason="secret")
    assert "secret" not in text("{{ name }}", name=sneaked, reason="secret")


def test_a_list_stands_line_by_line_and_somebodys_words_in_a_block_of_their_own():
    shown = html("{{ fields }}\n\n{{ reason }}", fields=["<a>", "b"], reason="one\ntwo")
    assert shown.count("<li") == 2
    assert "&lt;a&gt;" in shown
    assert 'class="quote ink"' in shown
    assert "one<br>two" in shown
    assert text("{{ fields }}", fields=["a", "b"]) == "- a\n- b"


def test_of_a_paragraph_that_says_nothing_nothing_is_left():
    assert html("{% if reason %}{{ reason }}{% endif %}\n\na", reason="").count("<p") == 1


def test_in_arabic_the_bar_of_a_quotation_stands_on_the_right():
    laid = lay_out(laid_open("{{ reason }}", ["reason"]), KIND, "rtl")
    assert "border-right" in laid.html
    assert 'dir="rtl"' in laid.html


@pytest.mark.parametrize("body", [
    "*" * 10_000, "**a " * 2_500, "[" * 10_000, "[a](" * 2_500, "<" * 10_000, "- " * 5_000, "> " * 5_000, "\\" * 10_000,
    "*a **b " * 1_400, "![" * 5_000, "1. " * 3_300, "_a_ *b* " * 1_250, "{{ reason }}" * 830,
    "\n\n".join(" " * (2 * n) + "- a" for n in range(100))[:10_000],
])  # fmt: skip
def test_no_text_of_allowed_length_takes_long(body):
    began = time.monotonic()
    html(body, reason="x" * 100)
    assert time.monotonic() - began < 2
