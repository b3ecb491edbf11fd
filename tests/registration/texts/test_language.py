"""What organisers may write, what is refused at once, and that nothing which is kept can fail or run away later."""

import time

import pytest
from django.conf import settings
from django.utils import translation

from registration import texts
from registration.texts.language import CLOSE, OPEN, laid_open

KIND = texts.KINDS["approved"]


def problems(body, kind="approved", subject="s", title="t"):
    with translation.override("en"):
        return texts.check(texts.Words(subject, title, body), texts.KINDS[kind])


def only(body, **more):
    [problem] = problems(body, **more)
    return problem


@pytest.mark.parametrize("code", [code for code, _name in settings.LANGUAGES])
@pytest.mark.parametrize("kind", [kind for kind, known in texts.KINDS.items() if known.is_edited])
def test_the_words_of_the_product_can_be_kept_as_they_are(kind, code):
    assert texts.check(texts.default(kind, code), texts.KINDS[kind]) == []


def test_a_wrong_placeholder_is_named_with_its_line_and_a_right_one():
    problem = only("Dear all\n\nYour reference is {{ referense }}.")
    assert (problem.field, problem.line) == ("body", 3)
    assert problem.message == "There is no placeholder “referense”. Did you mean “reference”?"


@pytest.mark.parametrize("bad", [
    "{{ settings }}", "{{ reference.registration }}", "{{ reference.__class__ }}", "{{ reference|upper }}",
    "{{ reference|default:meeting }}", '{{ _("x") }}', "{{ 'x' }}", "{{ 7 }}", "{{ }}", "{{ Reference }}",
    "{{ request.user }}", "{{ block.super }}", "{{ forloop.counter }}",
])  # fmt: skip
def test_nothing_but_the_name_of_a_placeholder_is_read(bad):
    assert len(problems(bad)) == 1


@pytest.mark.parametrize("bad", [
    "{% for x in fields %}{{ x }}{% endfor %}", '{% include "admin/base.html" %}', '{% extends "base.html" %}',
    "{% load static %}", "{% debug %}", "{% csrf_token %}", '{% url "admin:index" %}', "{% with a=b %}{% endwith %}",
    "{% autoescape off %}{% endautoescape %}", "{% verbatim %}{{ x }}{% endverbatim %}", "{% now 'Y' %}",
    "{% comment %}x{% endcomment %}", "{% cycle 'a' 'b' %}", "{% %}", "{%if\treference%}x{%endif%}",
])  # fmt: skip
def test_no_tag_but_if_is_read_least_of_all_one_that_loops(bad):
    assert problems(bad)


@pytest.mark.parametrize(("bad", "line"), [
    ("a\n{% if in_person %}b", 2), ("a\n\n{% endif %}", 3), ("{% else %}", 1), ("{% if %}x{% endif %}", 1),
    ("{% if in_person and %}x{% endif %}", 1), ("{% if in_person online %}x{% endif %}", 1),
    ("{% if in_person == online %}x{% endif %}", 1), ("{% if in_person|length %}x{% endif %}", 1),
    ("{% if in_person %}a{% else now %}b{% endif %}", 1), ("{% if in_person %}a{% endif in_person %}", 1),
    ("a {{ reference", 1), ("a\nreference }}", 2), ("a\n\n{% if in_person", 3), ("{{ reference\n}}", 1), ("a {# b", 1),
    ("{% if in_person %}a{% else %}b{% else %}c{% endif %}", 1),
    ("{% if in_person %}a{% else %}b{% elif online %}c{% endif %}", 1),
    ("{% if not not %}a{% endif %}", 1), ("{% if (in_person) %}a{% endif %}", 1),
])  # fmt: skip
def test_broken_conditions_are_named_by_their_line(bad, line):
    assert problems(bad)[0].line == line


def test_a_fact_has_no_text():
    assert "is a fact" in only("{{ in_person }}").message


def test_conditions_stand_five_deep_and_no_deeper():
    five = "{% if in_person %}" * 5 + "x" + "{% endif %}" * 5
    assert problems(five) == []
    assert len(problems("{% if in_person %}" + five + "{% endif %}")) == 1


@pytest.mark.parametrize("condition", [
    "not " * 2_000 + "in_person", " and ".join(["in_person"] * 600), " or ".join(["not in_person"] * 500),
])  # fmt: skip
def test_a_condition_too_long_to_be_answered_is_refused(condition):
    assert "too long" in only("{% if " + condition + " %}x{% endif %}").message


def test_a_condition_of_some_names_can_be_answered():
    body = "{% if " + " and ".join(["not in_person"] * 8) + " %}x{% endif %}"
    assert problems(body) == []
    assert laid_open(body, []) == "x"


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x1b", OPEN, CLOSE, "\ud800", "\uffff"])
def test_characters_that_nobody_can_see_are_refused_by_line(character):
    assert only(f"a\nb{character}").line == 2


@pytest.mark.parametrize("field", ["subject", "title"])
def test_subject_and_heading_stand_on_one_line_and_are_short(field):
    assert [p.field for p in problems("x", **{field: "a\nb"})] == [field]
    assert [p.field for p in problems("x", **{field: "a" * 201})] == [field]
    assert [p.field for p in problems("x", **{field: " "})] == [field]


def test_an_enormous_text_is_refused_at_once():
    began = time.monotonic()
    assert "10000" in only("{% if in_person %}" * 100_000).message
    assert time.monotonic() - began < 1


def test_without_what_the_reader_must_know_nothing_is_kept():
    assert "{{ reason }}" in only("Please correct it.", kind="returned").message
    assert problems("Please correct it: {{ reason }}", kind="returned") == []


def test_what_only_one_kind_knows_is_no_placeholder_of_another():
    assert problems("{{ until }}", kind="seat_offered") == []
    assert len(problems("{{ until }}", kind="approved")) == 1


def test_a_condition_reads_placeholders_and_nothing_else():
    body = "{% if in_person %}A{% elif online %}B{% else %}C{% endif %}"
    assert [laid_open(body, shape) for shape in (["in_person"], ["online"], [])] == ["A", "B", "C"]
