"""The words, dates and form fields that every template draws from."""

import datetime
import zoneinfo

import pytest
from django import forms
from django.template import engines
from django.utils import translation

from meeting import dates
from meeting.templatetags import placard

BANGKOK = zoneinfo.ZoneInfo("Asia/Bangkok")
FIRST, LAST = datetime.date(2008, 9, 18), datetime.date(2008, 9, 19)


@pytest.mark.parametrize(
    ("language", "wanted"),
    [
        ("en", "18–19 September 2008"),
        ("fr", "18–19 septembre 2008"),
        ("es", "18–19 de septiembre de 2008"),
        ("ru", "18–19 сентября 2008 г."),
        ("zh-hans", "2008年9月18日至19日"),
        ("ar", "18–19 أيلول/سبتمبر 2008"),
    ],
)
def test_span_of_days_in_every_language(language, wanted):
    with translation.override(language):
        assert dates.date_range(FIRST, LAST) == wanted


def test_span_over_months_and_single_day():
    assert dates.date_range(datetime.date(2008, 9, 30), datetime.date(2008, 10, 2)) == "30 September – 2 October 2008"
    assert dates.date_range(FIRST, FIRST) == "18 September 2008"


def test_moment_and_place_are_those_of_the_zone():
    at = datetime.datetime(2008, 9, 12, 17, 30, tzinfo=datetime.UTC)
    assert dates.moment(at, BANGKOK) == "13 September 2008, 00:30"
    assert dates.zone_offset(BANGKOK, at) == "UTC+7"
    assert dates.zone_offset(zoneinfo.ZoneInfo("Asia/Kathmandu"), at) == "UTC+5:45"
    assert dates.zone_offset(zoneinfo.ZoneInfo("America/New_York"), at) == "UTC−4"
    with translation.override("ar"):
        assert dates.zone_city(BANGKOK) == "بانكوك"


@pytest.mark.parametrize(
    ("size", "wanted"),
    [
        (0, "0 bytes"),
        (1023, "1023 bytes"),
        (1024, "1\N{NO-BREAK SPACE}KB"),
        (21453, "20.95\N{NO-BREAK SPACE}KB"),
        (1024 * 1024 * 3 // 2, "1.50\N{NO-BREAK SPACE}MB"),
    ],
)
def test_true_size(size, wanted):
    assert placard.true_size(size) == wanted


def test_pill_says_its_word_beside_its_shape():
    assert placard.pill("approved") == '<span class="pill pill--approved">Approved</span>'
    assert placard.pill("draft", "<new>") == '<span class="pill pill--draft">&lt;new&gt;</span>'


def test_sections_need_a_short_line_above_a_text():
    text = "Visa\r\nAsk <early>.\n\nA sentence alone.\n\nA sentence first.\nThen another."
    assert placard.sections(text) == (
        "<section><h2>Visa</h2><p>Ask &lt;early&gt;.</p></section><p>A sentence alone.</p>"
        "<p>A sentence first.<br>Then another.</p>"
    )


class Form(forms.Form):
    name = forms.CharField(help_text="As printed.", max_length=9)
    role = forms.ChoiceField(choices=[("a", "Adviser"), ("h", "Head")], widget=forms.RadioSelect)
    title = forms.ChoiceField(choices=[("", "None"), ("Ms.", "Ms. <b>")], required=False)
    letter = forms.FileField(required=False)


def drawn(data: dict[str, str] | None) -> str:
    template = engines["django"].from_string(
        "{% load crispy_forms_tags %}{% include 'placard/errors.html' %}{{ form|crispy }}"
    )
    return template.render({"form": Form(data)})


def test_form_field_has_label_hint_and_escaped_value():
    page = drawn({"name": '"><i>', "role": "h", "title": "Ms."})
    assert '<label for="id_name">Name</label><p class="hint" id="id_name_helptext">As printed.</p>' in page
    assert 'value="&quot;&gt;&lt;i&gt;"' in page
    assert '<label for="id_title">Title <span class="optional">(optional)</span></label>' in page
    assert '<option value="Ms." selected>Ms. &lt;b&gt;</option>' in page
    assert '<input type="file" name="letter" class="drop" id="id_letter">' in page
    assert '<div class="errors"' not in page


def test_form_field_error_stands_beside_it_and_in_the_summary():
    page = drawn({"name": "", "title": ""})
    assert '<h2 id="errors-title">2 things to put right</h2>' in page
    assert '<li><a href="#id_name">This field is required.</a></li>' in page
    assert '<li><a href="#id_role_0">This field is required.</a></li>' in page
    assert '<p class="err" id="id_name_error">' in page
    assert 'aria-describedby="id_name_helptext id_name_error"' in page
    assert '<fieldset class="field field--err" aria-describedby="id_role_error"><legend>Role</legend>' in page
    assert page.count('aria-invalid="true"') == 3  # the name, and both answers
