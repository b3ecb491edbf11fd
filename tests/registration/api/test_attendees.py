"""Attendees for whoever holds a token: its meeting, its fields, its days, and nothing else."""

import datetime
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from meeting.models import AuditEntry, Role
from registration import workflow
from registration.api import limits, tokens
from registration.models import ApiToken, Status
from tests.factories import ChildFactory, MeetingFactory, RegistrationFactory, StaffRoleFactory
from tests.registration.participants.making import person

pytestmark = pytest.mark.django_db


def read(client, token, slug="ours", **query):
    return client.get(f"/api/v1/meetings/{slug}/attendees", query, headers={"Authorization": f"Bearer {token}"})


def test_everybody_approved_in_the_fields_of_the_token(client, fiji, a_token):
    ana = person(fiji, "Ana", "Silva", functional_title="Minister")
    for status in (Status.SUBMITTED, Status.WITHDRAWN, Status.DRAFT):
        person(fiji, "Mere", "Tora", status=status)
    RegistrationFactory(status=Status.APPROVED)  # of another meeting
    answer = read(client, a_token("name", "entity"))
    assert answer.json() == {
        "attendees": [{"reference": ana.reference, "name": "Ana Silva", "entity": "FJI"}], "next": None,
    }  # fmt: skip


def test_children_are_not_there(client, fiji, a_token):
    ChildFactory(delegation=fiji, status=Status.APPROVED)
    assert read(client, a_token("name")).json()["attendees"] == []


def test_contact_is_of_those_who_share_it(client, fiji, a_token):
    person(fiji, "Ana", "Silva", email="ana@example.org", phone="+679 1", contact_shared=True)
    person(fiji, "Mere", "Tora", email="mere@example.org", phone="+679 2")
    people = read(client, a_token("email", "phone")).json()["attendees"]
    assert [(p["email"], p["phone"]) for p in people] == [("ana@example.org", "+679 1"), ("", "")]


def test_what_can_still_be_undone_is_not_told(client, meeting, fiji, organiser, a_token):
    meeting.decision_grace_minutes = 5
    meeting.save()
    waits = person(fiji, "Ana", "Silva", status=Status.SUBMITTED)
    workflow.approve(waits.pk, by=organiser)
    assert read(client, a_token("name")).json()["attendees"] == []


def test_pages_follow_each_other_whatever_happens_meanwhile(client, fiji, a_token):
    people = [person(fiji, "Ana", f"Silva {n}") for n in range(5)]
    token, seen, after = a_token("name"), [], ""
    while after is not None:
        told = read(client, token, limit=2, after=after).json()
        seen += [p["reference"] for p in told["attendees"]]
        after = told["next"]
        type(people[0]).objects.filter(pk=people[0].pk).update(status=Status.WITHDRAWN)
    assert seen == [p.reference for p in people]


@pytest.mark.parametrize("token", ["", "x", "placard_made-up", "\u0000", "a" * 10_000])
def test_without_a_token_that_counts_there_is_nothing(client, fiji, token):
    answer = read(client, token)
    assert answer.status_code in (400, 401)
    if answer.status_code == 401:
        assert answer["WWW-Authenticate"] == "Bearer"


def test_a_token_that_is_over_or_revoked_reads_nothing(client, fiji, organiser, a_token):
    over = a_token("name", until=timezone.now() - datetime.timedelta(seconds=1))
    assert read(client, over).status_code == 401
    token = a_token("name")
    assert read(client, token).status_code == 200
    tokens.revoke(ApiToken.objects.latest("pk"), by=organiser)
    assert read(client, token).status_code == 401


def test_another_meeting_is_not_there(client, fiji, a_token):
    MeetingFactory(slug="theirs")
    assert read(client, a_token("name"), slug="theirs").status_code == 404
    assert read(client, a_token("name"), slug="nowhere").status_code == 404


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 501}, {"limit": "x"}, {"after": "7"}, {"after": "7:forged"}])
def test_nonsense_is_named(client, fiji, a_token, query):
    answer = read(client, a_token("name"), **query)
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith(next(iter(query)))


def test_too_often(client, fiji, a_token, monkeypatch):
    monkeypatch.setattr(limits, "MOST", 2)
    token = a_token("name")
    assert [read(client, token).status_code for _ in range(3)] == [200, 200, 429]
    assert read(client, a_token("name")).status_code == 200  # another system


def test_the_history_has_a_line_each_hour(client, fiji, organiser, a_token, time_machine):
    token = a_token("name")
    for _ in range(3):
        read(client, token)
    said = AuditEntry.objects.filter(action=AuditEntry.Action.API).order_by("pk")
    assert [e.detail["did"] for e in said] == ["made", "read"]
    time_machine.move_to(timezone.now() + datetime.timedelta(hours=2))
    read(client, token)
    assert [e.detail["did"] for e in said.all()] == ["made", "read", "read"]


@pytest.mark.parametrize("rows", [1, 3])
def test_query_count(client, fiji, a_token, rows, django_assert_num_queries):
    for n in range(rows):
        person(fiji, "Ana", f"Silva {n}")
    token = a_token("name", "represents", "category", "email")
    read(client, token)
    with django_assert_num_queries(2):  # the token with its meeting, the rows
        read(client, token)


# --- The desk ---------------------------------------------------------------------------------------------------------


def address(meeting, name="api_tokens", *more):
    return reverse(f"admin:desk:{name}", args=[meeting.slug, *more])


SENT = {"name": "Badge printer", "purpose": "To print the badges", "fields_read": ["name", "title"]}


def test_a_token_is_shown_once_and_reads(client, meeting, fiji, organiser):
    person(fiji, "Ana", "Silva")
    client.force_login(organiser)
    until = timezone.now().date() + datetime.timedelta(days=3)
    page = client.post(address(meeting), {**SENT, "until": until.isoformat()}).content.decode()
    (token,) = re.findall(r"placard_[A-Za-z0-9_-]{43}", page)
    assert token not in client.get(address(meeting)).content.decode()
    assert not ApiToken.objects.filter(digest=token).exists()
    client.logout()
    assert read(client, token).json()["attendees"][0]["name"] == "Ana Silva"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"name": ""}, "Name the system that reads"),
        ({"purpose": "x"}, "Say in a sentence what it is for."),
        ({"fields_read": []}, "Tick at least one."),
        ({"fields_read": ["gender"]}, "gender"),
        ({"until": "2000-01-01"}, "from today to a year from now"),
        ({"until": "2999-01-01"}, "from today to a year from now"),
        ({"until": "soon"}, "Write the day like"),
    ],
)
def test_what_is_missing_is_said(client, meeting, organiser, change, says):
    client.force_login(organiser)
    until = timezone.now().date() + datetime.timedelta(days=3)
    answer = client.post(address(meeting), {**SENT, "until": until.isoformat(), **change})
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not ApiToken.objects.exists()


def test_revoked_by_an_organiser_of_this_meeting_only(client, meeting, organiser, a_token):
    a_token("name")
    row = ApiToken.objects.get()
    other = MeetingFactory()
    client.force_login(StaffRoleFactory(meeting=other, role=Role.ORGANISER).user)
    assert client.post(address(other, "api_revoke", row.pk)).status_code == 404
    client.force_login(organiser)
    client.post(address(meeting, "api_revoke", row.pk))
    row.refresh_from_db()
    assert row.revoked_by == organiser
