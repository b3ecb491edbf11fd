"""Each kind of question: what it takes, what it stores, and what it answers to nonsense."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from meeting.models import EntityKind
from registration.letters.files import AcceptedFile
from registration.models import QuestionKind
from registration.questions import fields
from registration.questions.answers import read_text
from tests.factories import PDF, EntityFactory, QuestionFactory

pytestmark = pytest.mark.django_db
K = QuestionKind
MEALS = {"halal": "Halal", "no-nuts": "No nuts", "other": "Other, tell us"}


def ask(kind, *, required=False, options=None):
    question = QuestionFactory(kind=kind, required=required, options=options or {})
    return question, fields.field_for(question)


@pytest.mark.parametrize(
    ("kind", "typed", "stored"),
    [
        (K.TEXT, "  TG\u00a0910\u202e ", "TG 910"),
        (K.TEXT, "\u200b\x00", ""),
        (K.TEXT, "阿部", "阿部"),
        (K.TEXT, "<script>alert(1)</script>", "<script>alert(1)</script>"),
        (K.LONG_TEXT, " one \r\n\r\n two ", "one\n\ntwo"),
        (K.NUMBER, "0", 0),
        (K.NUMBER, "12.50", 12.5),
        (K.NUMBER, "1\u202f500", 1500),
        (K.NUMBER, "٣", 3),
        (K.NUMBER, "-2", -2),
        (K.NUMBER, "", None),
        (K.DATE, "2008-09-18", "2008-09-18"),
        (K.DATE, "18 September 2008", "2008-09-18"),
        (K.DATE, "", None),
        (K.YES_NO, "yes", True),
        (K.YES_NO, "no", False),
        (K.YES_NO, "", None),
        (K.ONE_OF, "halal", "halal"),
        (K.ONE_OF, "", None),
        (K.MANY_OF, ["other", "halal"], ["halal", "other"]),
        (K.MANY_OF, [], None),
    ],
)
def test_what_is_typed_and_what_is_stored(kind, typed, stored):
    _question, field = ask(kind, options=MEALS)
    assert field.clean(typed) == stored


@pytest.mark.parametrize(
    ("kind", "typed", "told"),
    [
        (K.TEXT, "x" * 251, "Shorten"),
        (K.LONG_TEXT, "x" * 2001, "Shorten"),
        (K.NUMBER, "many", "in digits"),
        (K.NUMBER, "NaN", "in digits"),
        (K.NUMBER, "Infinity", "in digits"),
        (K.NUMBER, "1_000", "in digits"),
        (K.NUMBER, "1e400", "too large"),
        (K.DATE, "2008-02-31", "year-month-day"),
        (K.DATE, "03/04/2008", "year-month-day"),
        (K.DATE, "0001-01-01", "Check the year"),
        (K.YES_NO, "perhaps", "Choose again"),
        (K.ONE_OF, "of-another-question", "Choose again"),
        (K.MANY_OF, ["halal", "' OR 1=1"], "Choose again"),
        (K.MANY_OF, "halal", "Choose again"),
        (K.COUNTRY, "XX", "Choose again"),
    ],
)
def test_nonsense_is_told_what_to_do(kind, typed, told):
    _question, field = ask(kind, options=MEALS)
    with pytest.raises(ValidationError, match=told):
        field.clean(typed)


@pytest.mark.parametrize("kind", K)
def test_a_required_question_names_itself(kind):
    question, field = ask(kind, required=True, options=MEALS)
    with pytest.raises(ValidationError, match=question.label):
        field.clean([] if kind == K.MANY_OF else "")


def test_a_country_is_a_state_by_its_code_in_the_readers_language():
    EntityFactory(code="FJ", kind=EntityKind.STATE, names={"en": "Fiji", "fr": "Fidji"})
    EntityFactory(code="care", kind=EntityKind.NGO, names={"en": "CARE"})
    question, field = ask(K.COUNTRY)
    assert field.clean("FJ") == "FJ"
    assert field.choices == [("", "Choose a country"), ("FJ", "Fiji")]
    with pytest.raises(ValidationError):
        field.clean("care")
    assert [read_text(question, text) for text in ("fj", "Fidji", " FIJI ")] == ["FJ"] * 3


def test_a_file_is_told_by_its_content():
    _question, field = ask(K.FILE)
    kept = field.clean(SimpleUploadedFile("passport.pdf", PDF))
    assert isinstance(kept, AcceptedFile)
    assert kept.media_type == "application/pdf"
    with pytest.raises(ValidationError, match="a program"):
        field.clean(SimpleUploadedFile("passport.pdf", b"MZ\x90"))
    with pytest.raises(ValidationError, match="empty"):
        field.clean(SimpleUploadedFile("passport.pdf", b""))


@pytest.mark.parametrize(
    ("kind", "cell", "stored"),
    [
        (K.YES_NO, "Oui", True),
        (K.YES_NO, "لا", False),
        (K.ONE_OF, " HALAL ", "halal"),
        (K.ONE_OF, "Other, tell us", "other"),
        (K.MANY_OF, "No nuts; Halal", ["halal", "no-nuts"]),
        (K.MANY_OF, "halal, no nuts", ["halal", "no-nuts"]),
        (K.MANY_OF, "Other, tell us", ["other"]),
        (K.NUMBER, "3", 3),
        (K.DATE, "2008-09-18", "2008-09-18"),
        (K.TEXT, "", None),
        (K.MANY_OF, "  ", None),
    ],
)
def test_a_cell_of_a_spreadsheet_means_the_same(kind, cell, stored):
    question, _field = ask(kind, options=MEALS)
    assert read_text(question, cell) == stored


@pytest.mark.parametrize(
    ("kind", "cell", "told"),
    [
        (K.YES_NO, "perhaps", "Write yes or no"),
        (K.ONE_OF, "vegan", "“vegan” is not offered"),
        (K.MANY_OF, "halal; vegan", "“vegan” is not offered"),
        (K.COUNTRY, "Atlantis", "no State"),
        (K.FILE, "passport.pdf", "sent with the form"),
    ],
)
def test_a_cell_that_says_nothing_is_told_why(kind, cell, told):
    question, _field = ask(kind, options=MEALS)
    with pytest.raises(ValidationError, match=told):
        read_text(question, cell)


def test_few_answers_are_buttons_with_a_way_back_and_many_are_a_list():
    _question, few = ask(K.ONE_OF, options=MEALS)
    assert few.widget.input_type == "radio"
    assert few.choices[-1] == ("", "No answer")
    _question, must = ask(K.ONE_OF, options=MEALS, required=True)
    assert ("", "No answer") not in must.choices
    _question, many = ask(K.ONE_OF, options={f"k{n}": f"Answer {n}" for n in range(8)})
    assert many.widget.input_type == "select"


def test_what_an_organiser_writes_cannot_become_markup():
    question = QuestionFactory(label="<b>Who?</b>", help="<img src=x onerror=alert(1)>")
    field = fields.field_for(question)
    assert "<img" not in field.help_text
    assert "<b>" not in field.label
