"""Answers in the attendee list: columns, filters, CSV and XLSX, each only for those who may read them."""

import datetime

import pytest
from django.urls import reverse

from meeting.models import AuditEntry, EntityKind, Role
from registration.models import Question, QuestionKind, Registration
from registration.questions import answers
from tests.factories import (
    CategoryFactory,
    EntityFactory,
    FileAnswerFactory,
    MeetingFactory,
    QuestionFactory,
    RegistrationFactory,
    StaffRoleFactory,
)
from tests.registration import exports

K = QuestionKind
REASON = "The kitchen must know it by Monday"
BOTH = [Role.ORGANISER, Role.LISTS]


@pytest.fixture
def meeting(db):
    return MeetingFactory(slug="ours")


@pytest.fixture
def category(meeting):
    return CategoryFactory(meeting=meeting)


@pytest.fixture
def lists(client, meeting):
    user = StaffRoleFactory(meeting=meeting, role=Role.LISTS).user
    client.force_login(user)
    return user


def ask(meeting, key, kind=K.TEXT, **values):
    return QuestionFactory(
        **({"meeting": meeting, "key": key, "kind": kind, "label": key.title(), "readers": BOTH} | values)
    )


def person(category, **given):
    found = RegistrationFactory(delegation__category=category)
    asked = {q.key: q for q in Question.objects.filter(meeting=category.meeting).order_by("version")}
    answers.save(found, {asked[key]: value for key, value in given.items()})
    return found


def in_csv(client, *, needs=False, **query):
    return exports.in_csv(client, "ours", query, reason=REASON, **({"needs": "on"} if needs else {}))


def in_xlsx(client, *, needs=False, **query):
    return exports.in_xlsx(client, "ours", query, reason=REASON, **({"needs": "on"} if needs else {}))


def everything(meeting, category):
    EntityFactory(code="FJ", kind=EntityKind.STATE, names={"en": "Fiji"})
    ask(meeting, "title", label="Title of the paper", order=1)
    ask(meeting, "copies", K.NUMBER, order=2)
    ask(meeting, "day", K.DATE, order=3)
    ask(meeting, "visa", K.YES_NO, order=4)
    ask(meeting, "tongue", K.ONE_OF, options={"fr": "French", "=1": "=1+1"}, order=5)
    ask(meeting, "events", K.MANY_OF, options={"r": "Reception", "v": "Visit"}, order=6)
    ask(meeting, "country", K.COUNTRY, order=7)
    ask(meeting, "paper", K.FILE, order=8)
    found = person(
        category, title="=HYPERLINK(1)", copies=12.5, day="2008-09-18", visa=False, tongue="=1", events=["v", "r"],
        country="FJ",
    )  # fmt: skip
    FileAnswerFactory(registration=found, question=Question.objects.get(key="paper"), original_name="@paper.pdf")
    person(category)
    return found


SAFE = {
    "Title of the paper": "'=HYPERLINK(1)", "Copies": "12.5", "Day": "2008-09-18", "Visa": "No", "Tongue": "'=1+1",
    "Events": "Visit; Reception", "Country": "Fiji", "Paper": "'@paper.pdf",
}  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_csv_has_a_column_for_each_question_and_no_cell_calculates(client, lists, meeting, category):
    found = everything(meeting, category)
    rows = in_csv(client)
    row = next(row for row in rows if row["Reference"] == found.reference)
    assert {heading: row[heading] for heading in SAFE} == SAFE
    assert list(row)[-9:] == ["Telephone", *SAFE]
    other = next(row for row in rows if row["Reference"] != found.reference)
    assert {other[heading] for heading in SAFE} == {""}


@pytest.mark.django_db
def test_xlsx_has_the_same_with_numbers_and_days_as_what_they_are(client, lists, meeting, category):
    found = everything(meeting, category)
    row = next(row for row in in_xlsx(client) if row["Reference"] == found.reference)
    assert row["Title of the paper"] == "=HYPERLINK(1)"  # a text: nothing in the workbook calculates
    assert (row["Copies"], row["Day"]) == (12.5, datetime.datetime(2008, 9, 18))
    assert (row["Visa"], row["Events"], row["Country"]) == ("No", "Visit; Reception", "Fiji")


@pytest.mark.django_db(transaction=True)
def test_all_versions_are_one_column_each_answer_in_its_own_words(client, lists, meeting, category):
    old = ask(meeting, "food", K.ONE_OF, options={"halal": "Halal"}, label="Food then")
    first = person(category, food="halal")
    Question.objects.filter(pk=old.pk).update(is_current=False)
    ask(meeting, "food", K.MANY_OF, options={"halal": "Halal meat", "fish": "Fish"}, label="Food now", version=2)
    second = person(category, food=["halal", "fish"])
    rows = {row["Reference"]: row["Food now"] for row in in_csv(client)}
    assert rows == {first.reference: "Halal", second.reference: "Halal meat; Fish"}
    assert "Food then" not in in_csv(client)[0]
    assert {row["Reference"] for row in in_csv(client, q_food="halal")} == {first.reference, second.reference}
    assert {row["Reference"] for row in in_csv(client, q_food="fish")} == {second.reference}


@pytest.mark.django_db(transaction=True)
def test_what_one_may_not_read_is_not_there(client, lists, meeting, category):
    ask(meeting, "secret", readers=[Role.ORGANISER])
    person(category, secret="Hidden words")
    for query in ({}, {"needs": True}, {"show": "q_secret"}, {"q_secret": "Hidden words"}):
        [row] = in_csv(client, **query)
        assert "Secret" not in row
        assert "Hidden words" not in row.values()
        assert "Hidden words" not in str(in_xlsx(client, **query))
        assert "Secret" not in client.get(reverse("admin:desk:people", args=["ours"]), query).content.decode()


@pytest.mark.django_db(transaction=True)
def test_restricted_answers_leave_only_when_asked_for_and_that_is_written_down(client, lists, meeting, category):
    ask(meeting, "food", data_class=3)
    ask(meeting, "seat", data_class=2)
    person(category, food="Halal", seat="Aisle")
    assert {"Food", "Seat"} & set(in_csv(client)[0]) == {"Seat"}
    assert {"Food", "Seat"} & set(in_xlsx(client)[0]) == {"Seat"}
    assert in_csv(client, needs=True)[0]["Food"] == "Halal"
    assert in_xlsx(client, show="q_food")[0]["Food"] == "Halal"
    assert [entry.detail.get("restricted") for entry in AuditEntry.objects.order_by("pk")] == [
        None, None, ["q_food"], ["q_food"],
    ]  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_restricted_answers_of_a_child_are_in_no_list(client, lists, meeting, category):
    ask(meeting, "food", K.YES_NO, data_class=3)
    child = person(category, food=True)
    Registration.objects.filter(pk=child.pk).update(
        is_minor=True, honorific="", given_names="Participant Y01", family_name="", display_name="Participant Y01",
        functional_title="", department="", organisation="", email="", phone="",
    )  # fmt: skip
    assert in_csv(client, show="q_food")[0]["Food"] == ""
    assert in_csv(client, q_food="yes") == []
    page = client.get(reverse("admin:desk:people", args=["ours"]), {"show": "q_food"})
    assert page.context["groups"][0]["rows"][0].asked == [""]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"q_visa": "yes"}, "a"),
        ({"q_visa": "no"}, "b"),
        ({"q_tongue": "fr"}, "ab"),
        ({"q_events": "v"}, "b"),
        ({"q_events": "v", "q_visa": "yes"}, ""),
        ({"q_events": "nonsense"}, "abc"),
        ({"q_title": "Paper"}, "abc"),  # a text is no filter
    ],
)
def test_filters(client, lists, meeting, category, query, names):
    ask(meeting, "visa", K.YES_NO)
    ask(meeting, "tongue", K.ONE_OF, options={"fr": "French", "es": "Spanish"})
    ask(meeting, "events", K.MANY_OF, options={"r": "Reception", "v": "Visit"})
    ask(meeting, "title")
    people = {
        "a": person(category, visa=True, tongue="fr", events=["r"], title="Paper"),
        "b": person(category, visa=False, tongue="fr", events=["r", "v"]),
        "c": person(category),
    }
    assert {row["Reference"] for row in in_csv(client, **query)} == {people[name].reference for name in names}


@pytest.mark.django_db
def test_the_screen_shows_the_columns_asked_for_and_chips_say_the_question(client, lists, meeting, category):
    ask(meeting, "visa", K.YES_NO, label="Needs a visa?")
    ask(meeting, "title")
    person(category, visa=True, title="On <children>")
    page = client.get(reverse("admin:desk:people", args=["ours"]), {"show": ["q_title", "q_nonsense"], "q_visa": "yes"})
    text = page.content.decode()
    assert '<th scope="col">Title</th>' in text
    assert "On &lt;children&gt;" in text
    assert "<bdi>Needs a visa? Yes</bdi>" in text
    assert '/people/export/?show=q_title&amp;q_visa=yes&amp;format=csv"' in text


@pytest.mark.django_db
@pytest.mark.parametrize("rows", [1, 3])
def test_query_counts(client, lists, meeting, category, rows, django_assert_num_queries):
    for n in range(rows):
        ask(meeting, f"tongue-{n}", K.ONE_OF, options={"fr": "French"})
    for _n in range(rows):
        person(category, **{f"tongue-{n}": "fr" for n in range(rows)})
    query = {"show": [f"q_tongue-{n}" for n in range(rows)]}
    # as without questions (one of them the limits of a reviewer, two the kept views), and: roles, options, answers of
    # the page
    with django_assert_num_queries(21):
        client.get(reverse("admin:desk:people", args=["ours"]), query)
    # session, user, meeting, may export; limits; questions, options and roles, for the page, for what it may show and
    # for what leaves; may read contact twice; kept views, count, savepoint, cursor, its release, sent twice?, entry
    with django_assert_num_queries(23):
        in_xlsx(client, **query)
