"""Views of the queue under a name: one's own, shared ones, and what nobody may do with those of others."""

import pytest
from django.urls import reverse

from meeting.models import Role
from registration.desk.saved_views import MOST
from registration.models import SavedView
from tests.factories import MeetingFactory, StaffRoleFactory

from .test_queue import queue

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting():
    return MeetingFactory()


@pytest.fixture
def reviewer(client, meeting):
    user = StaffRoleFactory(meeting=meeting, role=Role.REVIEWER).user
    client.force_login(user)
    return user


def save(client, meeting, name="Mine, by name", query="assigned=me&sort=name", **more):
    address = reverse("admin:desk:save_view", args=[meeting.slug])
    return client.post(address, {"name": name, "query": query, **more}, follow=True)


def drop(client, meeting, view):
    return client.post(reverse("admin:desk:drop_view", args=[meeting.slug, view.pk]), follow=True)


def saved_tabs(client, meeting, **asked):
    return {tab["label"]: tab["is_current"] for tab in queue(client, meeting, **asked).context["saved"]}


def view_of(owner, meeting, name="Theirs", **fields):
    return SavedView.objects.create(meeting=meeting, owner=owner, screen="queue", name=name, **fields)


def test_a_view_is_kept_under_a_name_and_is_a_tab(client, meeting, reviewer):
    page = save(client, meeting).content.decode()
    view = SavedView.objects.get()
    assert (view.owner, view.query, view.is_shared) == (reviewer, "assigned=me&sort=name", False)
    assert "“Mine, by name” is a tab of the queue now." in page
    assert saved_tabs(client, meeting) == {"Mine, by name": False}
    assert saved_tabs(client, meeting, assigned="me", sort="name") == {"Mine, by name": True}


def test_one_tab_alone_says_where_one_stands(client, meeting, reviewer):
    view_of(reviewer, meeting, name="All of them", query="")
    view_of(reviewer, meeting, name="By name", query="sort=name&assigned=me")
    view_of(reviewer, meeting, name="By name too", query="assigned=me&sort=name")
    view_of(reviewer, meeting, name="Late", query="waiting=late")
    for asked in ({}, {"assigned": "me", "sort": "name"}, {"waiting": "late"}):
        tabs = queue(client, meeting, **asked).content.decode().partition('class="tabs"')[2].partition("</nav>")[0]
        assert tabs.count('aria-current="page"') == 1


def test_only_what_the_queue_understands_is_kept(client, meeting, reviewer):
    save(client, meeting, query="assigned=me&acts=nobody&next=//evil.example&after=x&sort=sideways")
    assert SavedView.objects.get().query == "assigned=me"


def test_a_view_opens_even_when_its_filters_are_gone(client, meeting, reviewer):
    view_of(reviewer, meeting, query="category=999999&assigned=77777&colour=blue")
    tab = queue(client, meeting).context["saved"][0]
    assert client.get(f"{reverse('admin:desk:queue', args=[meeting.slug])}?{tab['query']}").status_code == 200


def test_only_organisers_share(client, meeting, reviewer):
    save(client, meeting, shared="on")
    assert not SavedView.objects.get().is_shared
    client.force_login(StaffRoleFactory(meeting=meeting, role=Role.ORGANISER).user)
    save(client, meeting, name="For all", shared="on")
    client.force_login(reviewer)
    assert set(saved_tabs(client, meeting)) == {"Mine, by name", "For all"}


def test_views_of_others_and_of_other_meetings_are_not_there(client, meeting, reviewer):
    colleague = StaffRoleFactory(meeting=meeting, role=Role.REVIEWER).user
    elsewhere = MeetingFactory()
    StaffRoleFactory(meeting=elsewhere, user=reviewer, role=Role.REVIEWER)
    hidden = [view_of(colleague, meeting), view_of(colleague, elsewhere, is_shared=True)]
    assert saved_tabs(client, meeting) == {}
    for view in hidden:
        assert drop(client, meeting, view).status_code == 404
    own_elsewhere = view_of(reviewer, elsewhere, name="Mine there")
    assert drop(client, meeting, own_elsewhere).status_code == 404
    assert SavedView.objects.count() == 3


def test_whoever_made_a_view_drops_it_and_an_organiser_drops_shared_ones(client, meeting, reviewer):
    assert drop(client, meeting, view_of(reviewer, meeting, name="Own")).status_code == 200
    organiser = StaffRoleFactory(meeting=meeting, role=Role.ORGANISER).user
    shared = view_of(organiser, meeting, name="Shared", is_shared=True)
    assert "This view belongs to a colleague." in drop(client, meeting, shared).content.decode()
    assert SavedView.objects.filter(pk=shared.pk).exists()
    client.force_login(StaffRoleFactory(meeting=meeting, role=Role.ORGANISER).user)
    drop(client, meeting, shared)
    assert not SavedView.objects.exists()


@pytest.mark.parametrize("name", ["", "   ", "x" * 61])
def test_a_name_is_needed(client, meeting, reviewer, name):
    assert save(client, meeting, name=name).status_code == 200
    assert not SavedView.objects.exists()


def test_a_hostile_name_is_only_text(client, meeting, reviewer):
    save(client, meeting, name="<script>alert(1)</script>")
    page = queue(client, meeting).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_the_same_name_twice_and_too_many_are_refused(client, meeting, reviewer):
    save(client, meeting)
    assert "You have a view of the name" in save(client, meeting).content.decode()
    for n in range(MOST - 1):
        view_of(reviewer, meeting, name=f"View {n}")
    assert "Remove one first." in save(client, meeting, name="One more").content.decode()
    assert SavedView.objects.count() == MOST


def test_an_address_with_get_changes_nothing(client, meeting, reviewer):
    view = view_of(reviewer, meeting)
    assert client.get(reverse("admin:desk:drop_view", args=[meeting.slug, view.pk])).status_code == 405
    assert client.get(reverse("admin:desk:save_view", args=[meeting.slug])).status_code == 405
