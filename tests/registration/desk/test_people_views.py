"""How the list of people looks: columns, views that are kept, links that freeze one, the sheet to print."""

import html
import re

import pytest
from django.urls import reverse

from meeting.models import Role
from registration.desk import people as page
from registration.models import FrozenView, RoleInDelegation, SavedView
from tests.factories import (
    CategoryFactory,
    DelegationFactory,
    MeetingFactory,
    RegistrationFactory,
    StaffRoleFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting():
    return MeetingFactory()


@pytest.fixture
def delegation(meeting):
    return DelegationFactory(category=CategoryFactory(meeting=meeting))


@pytest.fixture
def somebody(delegation):
    return RegistrationFactory(
        delegation=delegation, role=RoleInDelegation.HEAD, functional_title="Minister", email="a@example.org"
    )


def staff(meeting, role=Role.LISTS):
    return StaffRoleFactory(meeting=meeting, role=role).user


@pytest.fixture
def reader(client, meeting):
    user = staff(meeting)
    client.force_login(user)
    return user


def to(name, meeting, *more):
    return reverse(f"admin:desk:{name}", args=[meeting.slug, *more])


def people(client, meeting, query=""):
    return client.get(f"{to('people', meeting)}?{query}")


def headings(response) -> list[str]:
    table = re.search(r"<thead>.*?</thead>", response.content.decode(), re.DOTALL)[0]
    return [html.unescape(re.sub("<[^>]+>", "", cell)).strip() for cell in re.findall(r"<th[ >].*?</th>", table)]


# --- Columns ----------------------------------------------------------------------------------------------------------


def test_columns_are_those_chosen_in_their_order(client, meeting, reader, somebody):
    columns = people(client, meeting, "columns=email,title,name").context["columns"]
    assert [c.name for c in columns] == ["email", "title", "name"]
    shown = people(client, meeting, "columns=email,title,name").content.decode()
    assert shown.index("a@example.org") < shown.index("Minister")


def test_the_name_is_always_there(client, meeting, reader, somebody):
    assert [c.name for c in people(client, meeting, "columns=title").context["columns"]] == ["name", "title"]


@pytest.mark.parametrize(
    ("press", "order"),
    [
        ("up=title", ["title", "name", "status"]),
        ("down=name", ["title", "name", "status"]),
        ("up=name", ["name", "title", "status"]),
        ("down=status", ["name", "title", "status"]),
        ("up=nothing", ["name", "title", "status"]),
    ],
)
def test_a_column_is_moved_by_one(client, meeting, reader, somebody, press, order):
    moved = people(client, meeting, f"columns=name,title,status&{press}")
    assert moved.status_code == 302
    assert [c.name for c in client.get(to("people", meeting) + moved.url).context["columns"]] == order


def test_contact_is_no_column_for_those_who_do_not_need_it(client, meeting, somebody):
    client.force_login(staff(meeting, Role.AUDITOR))
    response = people(client, meeting, "columns=email,phone,name")
    assert [c.name for c in response.context["columns"]] == ["name"]
    assert "a@example.org" not in response.content.decode()


# --- Views that are kept ----------------------------------------------------------------------------------------------


def save(client, meeting, query, name="Heads", **more):
    return client.post(to("save_view", meeting), {"name": name, "query": query, "screen": "people", **more})


def test_a_view_becomes_a_tab_with_all_that_was_asked(client, meeting, reader, somebody, delegation):
    RegistrationFactory(delegation=delegation)
    save(client, meeting, "role=head&columns=name,title&group=role&sort=name")
    view = SavedView.objects.get()
    response = people(client, meeting, f"{view.query}&view={view.pk}")
    (tab,) = response.context["saved"]
    assert (tab["label"], tab["is_current"], tab["count"].number) == ("Heads", True, 1)
    assert [c.name for c in response.context["columns"]] == ["name", "title"]
    assert response.context["filter"].order.group == "role"
    assert not response.context["view_changed"]
    assert people(client, meeting, f"role=support&view={view.pk}").context["view_changed"]


def test_only_what_the_list_understands_is_kept(client, meeting, reader):
    save(client, meeting, "role=head&password=1&role2=king&columns=name,nothing")
    assert SavedView.objects.get().query == "columns=name&role=head"


def test_views_are_ones_own_or_the_meetings(client, meeting, reader, somebody):
    organiser = staff(meeting, Role.ORGANISER)
    client.force_login(organiser)
    save(client, meeting, "role=head", "Mine")
    save(client, meeting, "role=head", "Ours", shared="on")
    client.force_login(reader)
    assert [tab["label"] for tab in people(client, meeting).context["saved"]] == ["Ours"]
    save(client, meeting, "role=support", "Not for everybody", shared="on")  # which only an organiser does
    assert not SavedView.objects.get(name="Not for everybody").is_shared


def test_nobody_changes_or_removes_a_view_of_somebody_else(client, meeting, reader):
    other = staff(meeting)
    private = SavedView.objects.create(meeting=meeting, owner=other, screen="people", name="Mine", query="role=head")
    shared = SavedView.objects.create(
        meeting=meeting, owner=other, screen="people", name="Ours", query="role=head", is_shared=True
    )
    for view in (private, shared):
        assert client.post(to("change_view", meeting, view.pk), {"name": "Taken"}).status_code == 404
    assert client.post(to("drop_view", meeting, private.pk)).status_code == 404
    client.post(to("drop_view", meeting, shared.pk))
    assert set(SavedView.objects.values_list("name", flat=True)) == {"Mine", "Ours"}


def test_a_view_is_renamed_and_takes_what_is_shown(client, meeting, reader):
    view = SavedView.objects.create(meeting=meeting, owner=reader, screen="people", name="Old", query="role=head")
    client.post(to("change_view", meeting, view.pk), {"name": "New"})
    client.post(to("change_view", meeting, view.pk), {"query": "role=support&sort=name"})
    view.refresh_from_db()
    assert (view.name, view.query) == ("New", "sort=name&role=support")
    SavedView.objects.create(meeting=meeting, owner=reader, screen="people", name="Taken", query="")
    told = client.post(to("change_view", meeting, view.pk), {"name": "Taken"}, follow=True)
    assert "You have a view of the name “Taken”" in told.content.decode()


# --- Links that freeze ------------------------------------------------------------------------------------------------


def freeze(client, meeting, query):
    client.post(to("freeze_view", meeting), {"query": query, "name": "For the minister"})
    return FrozenView.objects.get()


def test_a_link_keeps_what_was_asked_though_the_view_is_changed_and_removed(client, meeting, reader, somebody):
    view = SavedView.objects.create(meeting=meeting, owner=reader, screen="people", name="V", query="role=head")
    link = freeze(client, meeting, f"role=head&view={view.pk}")
    view.delete()
    opened = client.get(to("frozen_view", meeting, link.token.lower()), follow=True)
    assert opened.context["filter"].value("role") == "head"
    for part in ("columns=", "group=delegation", "sort=list"):  # the usual of today, written out
        assert part in link.query
    assert "view" not in link.query


def test_a_link_is_for_whoever_reads_this_list(client, meeting, reader, somebody):
    link = freeze(client, meeting, "role=head")
    client.force_login(staff(meeting, Role.REVIEWER))
    assert client.get(to("frozen_view", meeting, link.token)).status_code == 302
    client.force_login(staff(MeetingFactory()))
    assert client.get(to("frozen_view", meeting, link.token)).status_code in (403, 404)
    client.logout()
    assert client.get(to("frozen_view", meeting, link.token)).status_code in (302, 403, 404)
    other = MeetingFactory()
    client.force_login(staff(other))
    assert client.get(to("frozen_view", other, link.token)).status_code == 404


def test_a_link_is_taken_away_by_whoever_made_it_or_an_organiser(client, meeting, reader, somebody):
    link = freeze(client, meeting, "role=head")
    client.force_login(staff(meeting))
    assert client.post(to("thaw_view", meeting, link.token)).status_code == 404
    client.force_login(staff(meeting, Role.ORGANISER))
    client.post(to("thaw_view", meeting, link.token))
    assert not FrozenView.objects.exists()


def test_the_page_of_views_lists_them_with_their_addresses(client, meeting, reader, somebody):
    save(client, meeting, "role=head")
    link = freeze(client, meeting, "role=head")
    shown = client.get(to("people_views", meeting)).content.decode()
    assert "Heads" in shown
    assert to("frozen_view", meeting, link.token) in shown


# --- Paper ------------------------------------------------------------------------------------------------------------


def test_the_sheet_has_everybody_with_the_same_columns_and_groups(client, meeting, reader, somebody, delegation):
    RegistrationFactory(delegation=delegation, family_name="Second")
    sheet = client.get(f"{to('people_print', meeting)}?columns=name,title&group=role").content.decode()
    assert "Minister" in sheet
    assert "Second" in sheet
    assert "a@example.org" not in sheet
    assert sheet.count('class="grp"') == 2


def test_too_many_for_paper_are_told_so(client, meeting, reader, somebody, delegation, monkeypatch):
    monkeypatch.setattr(page, "MOST_PRINTED", 1)
    RegistrationFactory(delegation=delegation)
    sheet = client.get(to("people_print", meeting)).content.decode()
    assert "too many for paper" in sheet
    assert "Minister" not in sheet


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("screen", "queries"), [("people_print", 12), ("people_views", 8)])
def test_query_counts(client, meeting, reader, rows, screen, queries, django_assert_num_queries):
    for n in range(rows):
        RegistrationFactory(delegation=DelegationFactory(category=CategoryFactory(meeting=meeting)))
        SavedView.objects.create(meeting=meeting, owner=reader, screen="people", name=f"V{n}", query="role=head")
        FrozenView.objects.create(meeting=meeting, owner=reader, query="role=head")
    client.get(to(screen, meeting))
    with django_assert_num_queries(queries):
        client.get(to(screen, meeting))
