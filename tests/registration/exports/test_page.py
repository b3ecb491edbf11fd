"""The page that asks how a list leaves and what for, and what it answers."""

import uuid

import pytest
from django.urls import reverse

from meeting.models import AuditEntry, Role
from registration.exports import options
from registration.models import ExportFormat, Registration, SavedView
from tests.factories import CategoryFactory, DelegationFactory, QuestionFactory, RegistrationFactory, StaffRoleFactory

from . import REASON, address, ask, content

pytestmark = pytest.mark.django_db


def test_the_page_says_what_leaves(client, meeting, exporter, person):
    page = client.get(address(meeting, columns="reference,name,email", status="approved", format="json"))
    assert [c.name for c in page.context["columns"]] == ["reference", "name", "email"]
    assert (page.context["count"], page.context["sharing"], page.context["has_contact"]) == (1, 1, True)
    assert page.context["form"]["format"].value() == "json"
    assert "With email and telephone." in page.content.decode()


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"reason": ""}, "Say in a short sentence what it is for. It stands in the history."),
        ({"reason": "x"}, "Say in a short sentence what it is for. It stands in the history."),
        ({"reason": "x" * 201}, "Say it in 200 characters or fewer."),
        ({"format": ""}, "Choose a format."),
        ({"format": "exe"}, "Choose a format."),
        ({"format": "vcf", "reason": "calls"}, "Say what its restricted answers, email or telephone are needed for."),
    ],
)
def test_what_is_missing_is_asked_for_and_nothing_leaves(client, meeting, exporter, person, given, told):
    response = ask(client, meeting, "csv", {"columns": "reference"}, **given)
    assert response.status_code == 422
    assert told in response.content.decode().replace("&#x27;", "'")
    assert not AuditEntry.objects.exists()


def test_email_and_telephone_need_more_than_a_word(client, meeting, exporter, person):
    assert ask(client, meeting, "csv", {"columns": "reference,email"}, reason="bus").status_code == 422
    assert ask(client, meeting, "csv", {"columns": "reference"}, reason="bus").status_code == 200


def test_each_export_is_logged_with_view_reason_and_count(client, meeting, exporter, person):
    view = SavedView.objects.create(
        meeting=meeting, owner=exporter, screen="people", name="Coming", query="status=approved"
    )
    content(ask(client, meeting, "xlsx", {"status": "approved", "view": view.pk}, headings="machines"))
    entry = AuditEntry.objects.get()
    told = {name: entry.detail[name] for name in ("format", "view", "count", "reason", "headings")}
    assert told == {"format": "xlsx", "view": "Coming", "count": 1, "reason": REASON, "headings": "machines"}
    client.force_login(StaffRoleFactory(meeting=meeting, role=Role.ORGANISER).user)
    history = client.get(reverse("admin:desk:history", args=[meeting.slug])).content.decode()
    assert REASON in history and "Coming" in history


def test_a_page_that_is_sent_twice_has_exported_once_and_another_choice_is_another(client, meeting, exporter, person):
    token = str(uuid.uuid4())
    for file_format in ("xlsx", "xlsx", "pdf"):
        content(ask(client, meeting, file_format, token=token))
    assert [entry.about for entry in AuditEntry.objects.order_by("pk")] == ["XLSX", "PDF"]


def test_restricted_answers_leave_only_where_they_are_ticked(client, meeting, exporter, person):
    QuestionFactory(meeting=meeting, key="food", label="Food", data_class=3, readers=["lists"])
    page = client.get(address(meeting))
    assert page.context["left_out"] == ["Food"] and "needs" in page.context["form"].fields
    shown = client.get(address(meeting, show="q_food"))
    assert shown.context["restricted"] == ["Food"] and "needs" not in shown.context["form"].fields
    assert ask(client, meeting, "xlsx", needs="on", reason="bus").status_code == 422
    content(ask(client, meeting, "xlsx", needs="on", reason="The kitchen must know it"))
    assert AuditEntry.objects.get().detail["restricted"] == ["q_food"]


@pytest.mark.parametrize("file_format", ["pdf", "xlsx", "vcf"])
def test_more_than_a_format_holds_is_said(client, meeting, exporter, person, file_format, monkeypatch):
    RegistrationFactory(delegation=person.delegation, contact_shared=True)
    monkeypatch.setitem(options.MOST, ExportFormat(file_format), 1)
    response = ask(client, meeting, file_format, reason="The chair's office calls them")
    assert response.status_code == 422
    told = "At most 1 people fit into this format. Filter the list, or take CSV or JSON, which have no limit."
    assert told in response.content.decode()
    assert not AuditEntry.objects.exists()


def test_what_is_downloaded_is_kept_by_nobody_on_the_way(client, meeting, exporter, person):
    response = ask(client, meeting, "pdf")
    assert response["Cache-Control"].startswith("no-store, private")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"].startswith('attachment; filename="eap-people-20')
    assert content(response).startswith(b"%PDF-")


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_asks_as_often_for_three_as_for_one(client, meeting, exporter, rows, django_assert_num_queries):
    for n in range(rows):
        RegistrationFactory(delegation=DelegationFactory(category=CategoryFactory(meeting=meeting)))
        QuestionFactory(meeting=meeting, key=f"q{n}", readers=["lists"])
    # session, user, meeting, may export; questions, options and roles, for the page and for what leaves; limits; may
    # read contact; kept views, count, how many share
    with django_assert_num_queries(15):
        client.get(address(meeting))


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("file_format", "queries"), [("vcf", 15), ("pdf", 18)])
def test_files_ask_as_often_for_three_as_for_one(
    client, meeting, exporter, rows, file_format, queries, django_assert_num_queries
):
    for _ in range(rows):
        RegistrationFactory(delegation=DelegationFactory(category=CategoryFactory(meeting=meeting)))
    Registration.objects.update(contact_shared=True)
    with django_assert_num_queries(queries):
        content(ask(client, meeting, file_format, reason="The chair's office calls them"))
