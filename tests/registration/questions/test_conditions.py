"""Which questions count: the server decides."""

import pytest
from django import forms

from registration.models import Question, QuestionKind
from registration.questions import conditions, fields
from tests.factories import CategoryFactory, MeetingFactory, QuestionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def category():
    return CategoryFactory()


@pytest.fixture
def visa(category):
    return QuestionFactory(meeting=category.meeting, key="visa", kind=QuestionKind.YES_NO, label="A visa?", order=1)


@pytest.fixture
def country(category, visa):
    return QuestionFactory(
        meeting=category.meeting, key="country", label="Issued by?", order=2, required=True, shown_if=visa,
        shown_if_answer="yes",
    )  # fmt: skip


@pytest.fixture
def place(category, country):
    return QuestionFactory(
        meeting=category.meeting, key="place", label="Where?", order=3, required=True, shown_if=country,
        shown_if_answer="Fiji",
    )  # fmt: skip


def answer(category, **typed):
    questions = fields.for_category(category.meeting, category)

    class AForm(forms.Form):
        def clean(self):
            self.counted = {q.key: value for q, value in fields.settle(self, questions).items()}

    form = AForm({f"q_{key}": value for key, value in typed.items()})
    form.fields.update(fields.form_fields(questions))
    form.is_valid()
    return form


def test_an_answer_to_a_hidden_question_is_dropped_and_none_is_missed(category, country):
    form = answer(category, visa="no", country="Fiji")
    assert form.errors == {}
    assert form.counted == {"visa": False, "country": None}


def test_a_shown_question_that_is_required_is_required(category, country):
    assert set(answer(category, visa="yes").errors) == {"q_country"}
    assert answer(category, visa="yes", country="Tonga").counted == {"visa": True, "country": "Tonga"}


def test_nonsense_in_a_hidden_question_is_nobodys_trouble(category, visa):
    QuestionFactory(meeting=category.meeting, key="day", kind=QuestionKind.DATE, shown_if=visa, shown_if_answer="yes")
    assert answer(category, visa="no", day="never").errors == {}
    assert set(answer(category, visa="yes", day="never").errors) == {"q_day"}


def test_a_chain_is_followed_to_its_start(category, place):
    assert answer(category, visa="no", country="Fiji", place="Suva").counted["place"] is None
    assert answer(category, visa="yes", country="fiji ", place="Suva").counted["place"] == "Suva"
    assert set(answer(category, visa="yes", country="Fiji").errors) == {"q_place"}


@pytest.mark.parametrize(
    ("kind", "wanted", "value", "counts"),
    [
        (QuestionKind.YES_NO, "no", False, True),
        (QuestionKind.YES_NO, "no", None, False),
        (QuestionKind.MANY_OF, "a", ["b", "a"], True),
        (QuestionKind.MANY_OF, "a", ["ab"], False),
        (QuestionKind.NUMBER, "0", 0, True),
        (QuestionKind.TEXT, "Suva", "suva", True),
        (QuestionKind.TEXT, "Suva", "", False),
        (QuestionKind.DATE, "2008-09-18", "2008-09-18", True),
    ],
)
def test_what_is_the_answer_a_condition_names(kind, wanted, value, counts):
    assert conditions.is_answer(QuestionFactory.build(kind=kind, meeting=None), wanted, value) is counts


def test_a_question_that_waits_for_one_not_asked_here_is_not_asked(category, visa, country, place):
    other = CategoryFactory(meeting=category.meeting)
    visa.categories.add(other)
    assert fields.for_category(category.meeting, category) == []
    assert [q.key for q in fields.for_category(category.meeting, other)] == ["visa", "country", "place"]
    Question.objects.filter(pk=visa.pk).update(is_retired=True)
    assert fields.for_category(category.meeting, other) == []


def test_another_meetings_question_is_not_asked_and_its_key_means_nothing(category, visa):
    QuestionFactory(meeting=MeetingFactory(), key="theirs")
    form = answer(category, visa="no", theirs="x")
    assert form.counted == {"visa": False}


def test_circles_are_seen(visa, country, place):
    assert conditions.goes_in_a_circle(visa, place)
    assert conditions.goes_in_a_circle(visa, visa)
    assert not conditions.goes_in_a_circle(place, country)
    # Even where one got into the table, asking ends.
    Question.objects.filter(pk=visa.pk).update(shown_if=place, shown_if_answer="Suva")
    found = Question.objects.filter(meeting=visa.meeting)
    assert conditions.counting(found, {"visa": True, "country": "Fiji", "place": "Suva"}) == set()


def test_the_hint_says_when_a_question_is_asked(category, place):
    last = fields.form_fields(fields.for_category(category.meeting, category))["q_place"]
    assert "Only if you answered “Fiji” to “Issued by?”." in last.help_text
    assert last.widget.attrs["data-shown-if"] == "q_country"


@pytest.mark.parametrize("rows", [1, 3])
def test_questions_of_a_category_query_count(rows, category, django_assert_num_queries):
    for n in range(rows):
        first = QuestionFactory(meeting=category.meeting, kind=QuestionKind.ONE_OF, options={"a": "A", "b": "B"})
        QuestionFactory(meeting=category.meeting, key=f"then-{n}", shown_if=first, shown_if_answer="a")
    with django_assert_num_queries(2):  # questions, their options
        fields.form_fields(fields.for_category(category.meeting, category))
