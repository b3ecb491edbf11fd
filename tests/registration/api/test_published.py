"""The published list as JSON, for everybody."""

import pytest

from registration.api import limits
from registration.models import Status
from registration.versions import publishing
from registration.versions.making import make
from tests.factories import ChildFactory, DelegationFactory
from tests.registration.participants.making import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept(meeting, fiji, organiser):
    person(fiji, "Ana", "Silva", email="ana@example.org", phone="+679 1")
    version = make(meeting, "final", ["en", "fr"], by=organiser)
    publishing.publish(version, by=organiser)
    return version


def read(client, path="ours/participants", **query):
    return client.get(f"/api/v1/meetings/{path}", query)


def names(answer):
    sections = answer.json()["sections"]
    return [p["name"] for s in sections for e in s["entities"] for r in e["roles"] for p in r["people"]]


def test_the_list_in_printed_order(client, kept):
    answer = read(client)
    told = answer.json()
    assert answer.status_code == 200
    assert (told["meeting"], told["language"], told["languages"], told["kind"]) == ("ours", "en", ["en", "fr"], "final")
    assert told["sections"][0]["entities"][0]["code"] == "FJI"
    assert names(answer) == ["Ana Silva"]
    assert read(client, language="fr").json()["sections"][0]["entities"][0]["name"] == "Fidji"


def test_it_tells_no_more_than_the_page(client, kept, fiji):
    ChildFactory(delegation=fiji, status=Status.APPROVED)
    text = read(client).content.decode()
    for secret in ("ana@example.org", "+679", "reference", "gender", "is_public", "Participant Y"):
        assert secret not in text


def test_whoever_leaves_is_gone_with_the_next_request(client, kept, fiji):
    fiji.registrations.update(status=Status.WITHDRAWN)
    assert names(read(client)) == []


@pytest.mark.parametrize(
    ("path", "query", "says"),
    [
        ("nowhere/participants", {}, "nothing at this address"),
        ("ours/participants", {"language": "ru"}, "There are: en, fr."),
    ],
)
def test_what_is_not_there_is_said(client, kept, path, query, says):
    answer = read(client, path, **query)
    assert answer.status_code == 404
    assert says in answer.json()["detail"]


@pytest.mark.parametrize("language", ["x" * 5000, "en'--", "\u0001"])
def test_what_is_no_language_is_named(client, kept, language):
    answer = read(client, language=language)
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith("language")


def test_nothing_is_told_before_it_is_published_or_after(client, meeting, fiji, organiser, kept):
    publishing.unpublish(kept, by=organiser)
    assert read(client).status_code == 404
    meeting.is_published = False
    meeting.save()
    publishing.publish(kept, by=organiser)
    assert read(client).status_code == 404


def test_whoever_asks_too_often_is_told_when_to_come_back(client, kept, monkeypatch):
    monkeypatch.setattr(limits, "MOST", 3)
    answers = [read(client) for _ in range(4)]
    assert [a.status_code for a in answers] == [200, 200, 200, 429]
    assert answers[-1]["Retry-After"] == "60"


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_is_written(client, kept, method):
    assert getattr(client, method)("/api/v1/meetings/ours/participants").status_code == 405


@pytest.mark.parametrize("rows", [1, 3])
def test_query_count(client, meeting, fiji, organiser, rows, django_assert_num_queries):
    for n in range(rows):
        person(DelegationFactory(category=fiji.category), "Ana", f"Silva {n}")
    publishing.publish(make(meeting, "provisional", ["en"], by=organiser), by=organiser)
    read(client)
    with django_assert_num_queries(4):  # has the meeting changed; the version; its text; who of it may be named today
        read(client)
