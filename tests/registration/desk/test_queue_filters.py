"""The queue's tabs, left column, filters and orders: who must act, whose it is, how long it waits."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from meeting.models import Role
from registration.desk.queue import Queue
from registration.models import ChangeProposal, Registration, ReviewedCategory, RoleInDelegation, SeatOffer, Status
from tests.factories import (
    CategoryFactory,
    ChildFactory,
    DelegationFactory,
    MeetingFactory,
    RegistrationFactory,
    StaffRoleFactory,
    UserFactory,
)

from .test_queue import ago, queue, shown, ways

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting():
    return MeetingFactory()


@pytest.fixture
def delegation(meeting):
    return DelegationFactory(category=CategoryFactory(meeting=meeting))


@pytest.fixture
def reviewer(client, meeting):
    user = StaffRoleFactory(meeting=meeting, role=Role.REVIEWER).user
    client.force_login(user)
    return user


def tabs(response):
    return {str(tab.label): str(tab.count) for tab in response.context["tabs"]}


@pytest.fixture
def everybody(meeting, delegation):
    """One of each on whom somebody else must act."""
    endorsed = DelegationFactory(category=CategoryFactory(meeting=meeting, typist="endorsed"))
    children = DelegationFactory(category=CategoryFactory(meeting=meeting, for_children=True, listing="number"))
    offered = RegistrationFactory(delegation=delegation, status=Status.WAITLISTED)
    SeatOffer.objects.create(registration=offered, expires_at=timezone.now() + datetime.timedelta(days=1))
    said = {"endorsed_at": timezone.now(), "endorsed_by": UserFactory()}
    return {
        "us": [RegistrationFactory(delegation=delegation), RegistrationFactory(delegation=endorsed, **said)],
        "focal": [RegistrationFactory(delegation=endorsed)],
        "safeguarding": [ChildFactory(delegation=children)],
        "delegate": [RegistrationFactory(delegation=delegation, status=Status.RETURNED), offered],
        "line": [RegistrationFactory(delegation=delegation, status=Status.WAITLISTED)],
    }


@pytest.mark.parametrize("acts", ["us", "focal", "safeguarding", "delegate", "line"])
def test_who_must_act_next_is_asked_for_and_counted(client, meeting, reviewer, everybody, acts):
    wanted = {person.reference for person in everybody[acts]}
    assert set(shown(queue(client, meeting, acts=acts))) == wanted


def test_the_queue_opens_with_those_who_wait_for_us(client, meeting, reviewer, everybody):
    response = queue(client, meeting)
    assert set(shown(response)) == {person.reference for person in everybody["us"]}
    assert ways(response, "Who must act next") == [
        ("Us", "2"), ("The delegate", "2"), ("Focal point", "1"), ("Safeguarding lead", "1"), ("Waiting list", "1"),
    ]  # fmt: skip
    assert [chip["text"] for chip in response.context["filter"].chips()] == ["Waiting for us"]
    # Without it: everybody of this status, whoever must act.
    without = client.get("?".join([response.request["PATH_INFO"], response.context["filter"].chips()[0]["without"]]))
    assert len(shown(without)) == 4


def test_ages_are_counted_in_days_of_the_status(client, meeting, delegation, reviewer):
    days = {0: "0", 1: "1", 2: "1", 3: "3", 4: "3", 5: "5", 6: "5", 7: "7", 30: "7"}
    people = {
        n: RegistrationFactory(delegation=delegation, status_since=ago(days=n, minutes=1)).reference for n in days
    }
    response = queue(client, meeting)
    assert [n for _label, n in ways(response, "Waiting since")] == ["1", "2", "2", "2", "2"]
    for age in ("0", "1", "3", "5", "7"):
        assert set(shown(queue(client, meeting, waiting=age))) == {people[n] for n, a in days.items() if a == age}


def test_late_is_what_the_meeting_says(client, meeting, delegation, reviewer):
    meeting.decision_days = 2
    meeting.save()
    late = RegistrationFactory(delegation=delegation, status_since=ago(days=2, minutes=1))
    RegistrationFactory(delegation=delegation, status_since=ago(days=1, hours=23))
    response = queue(client, meeting, waiting="late")
    assert shown(response) == [late.reference]
    assert "1 has waited 2 days or more." in response.content.decode()


def test_mine_unassigned_and_those_of_a_colleague(client, meeting, delegation, reviewer):
    colleague = StaffRoleFactory(meeting=meeting, role=Role.ORGANISER).user
    mine = RegistrationFactory(delegation=delegation, assigned_to=reviewer)
    theirs = RegistrationFactory(delegation=delegation, assigned_to=colleague)
    nobodys = RegistrationFactory(delegation=delegation)
    response = queue(client, meeting)
    assert (tabs(response)["Mine"], tabs(response)["Unassigned"]) == ("1", "1")
    assert shown(queue(client, meeting, assigned="me")) == [mine.reference]
    assert shown(queue(client, meeting, assigned="nobody")) == [nobodys.reference]
    assert shown(queue(client, meeting, assigned=str(colleague.pk))) == [theirs.reference]
    # Somebody who does not decide here is no choice, and so no filter.
    stranger = UserFactory()
    assert len(shown(queue(client, meeting, assigned=str(stranger.pk)))) == 3
    assert str(colleague) in queue(client, meeting).content.decode()


def test_heads_of_delegations_are_a_tab(client, meeting, delegation, reviewer):
    head = RegistrationFactory(delegation=delegation, role=RoleInDelegation.HEAD)
    RegistrationFactory(delegation=delegation)
    response = queue(client, meeting, role="head")
    assert shown(response) == [head.reference]
    assert tabs(response)["Heads"] == "1"
    assert [str(tab.label) for tab in response.context["tabs"] if tab.is_current] == ["Heads"]


def test_a_second_approval_is_asked_of_somebody_else(client, meeting, reviewer):
    category = CategoryFactory(meeting=meeting, two_approvals=True)
    delegation = DelegationFactory(category=category)
    first = {"first_approved_at": timezone.now()}
    by_me = RegistrationFactory(delegation=delegation, first_approved_by=reviewer, **first)
    theirs = RegistrationFactory(delegation=delegation, first_approved_by=UserFactory(name="Suda P."), **first)
    response = queue(client, meeting, word="second")
    assert shown(response) == [theirs.reference]
    assert tabs(response)["Second approval"] == "1"
    assert "1 of 2 approved, by <bdi>Suda P.</bdi>" in response.content.decode()
    assert by_me.reference in shown(queue(client, meeting))


def test_without_such_a_category_there_is_no_second_approval(client, meeting, delegation, reviewer):
    assert "Second approval" not in tabs(queue(client, meeting))


def test_changes_asked_for_lead_to_their_screen(client, meeting, delegation, reviewer):
    approved = RegistrationFactory(delegation=delegation, status=Status.APPROVED)
    ChangeProposal.objects.create(registration=approved, changes={})
    ChangeProposal.objects.create(registration=RegistrationFactory(status=Status.APPROVED), changes={})
    response = queue(client, meeting)
    assert response.context["changes"] == 1
    assert reverse("admin:desk:changes", args=[meeting.slug]) in response.content.decode()


def test_decided_lately_is_told(client, meeting, delegation, reviewer):
    RegistrationFactory(delegation=delegation, status=Status.APPROVED)
    assert "1 was decided today." in queue(client, meeting).content.decode()
    Registration.objects.update(status_since=ago(days=20))
    assert "1 was decided on " in queue(client, meeting).content.decode()


@pytest.mark.parametrize(
    ("sort", "names"),
    [("", "CABD"), ("newest", "DBAC"), ("name", "ABCD"), ("entity", "DBCA")],
)
def test_orders_and_their_pages(client, meeting, reviewer, monkeypatch, sort, names):
    monkeypatch.setattr("registration.desk.queue_views.SIZES", (2, 200))
    category = CategoryFactory(meeting=meeting)
    people = {}
    for name, days, place in (("A", 3, "4"), ("B", 2, "2"), ("C", 4, "3"), ("D", 1, "1")):
        person = RegistrationFactory(
            delegation=DelegationFactory(category=category, sort_key=place),
            family_name=name,
            given_names="",
            status_since=ago(days=days),
        )
        people[person.reference] = name
    address, query, seen = reverse("admin:desk:queue", args=[meeting.slug]), f"sort={sort}", []
    for _page in range(2):
        response = client.get(f"{address}?{query}")
        seen += [people[reference] for reference in shown(response)]
        query = response.context["following"]
    assert ("".join(seen), query) == (names, "")


@pytest.mark.parametrize("sort", ["", "newest", "name", "entity"])
def test_pages_stay_right_while_rows_change(client, meeting, delegation, reviewer, monkeypatch, sort):
    """Whoever was last on a page is decided on and another arrives: nobody is left out, nobody comes twice."""
    monkeypatch.setattr("registration.desk.queue_views.SIZES", (2, 200))
    for n in range(6):
        RegistrationFactory(delegation=delegation, family_name=f"N{n}", given_names="", status_since=ago(days=9 - n))
    address, query, seen = reverse("admin:desk:queue", args=[meeting.slug]), f"sort={sort}", []
    while query:
        response = client.get(f"{address}?{query}")
        page, query = shown(response), response.context["following"]
        seen += page
        Registration.objects.filter(reference__in=page).update(status=Status.APPROVED, status_since=timezone.now())
    assert len(seen) == len(set(seen)) == 6


@pytest.mark.parametrize("sort", ["", "newest", "name", "entity", "nonsense"])
@pytest.mark.parametrize("after", ["x", "2008-09-01T00:00:00+00:00~1x", "EAP-00000", "'; --", "~", "9" * 300])
def test_a_tampered_place_shows_the_first_page(client, meeting, delegation, reviewer, sort, after):
    person = RegistrationFactory(delegation=delegation)
    assert shown(queue(client, meeting, sort=sort, after=after)) == [person.reference]


@pytest.mark.parametrize(
    "asked",
    [{"acts": "x"}, {"assigned": "0"}, {"assigned": "'"}, {"waiting": "99"}, {"role": "king"}, {"word": "third"}],
)
def test_a_filter_that_does_not_exist_is_left_out(client, meeting, delegation, reviewer, asked):
    person = RegistrationFactory(delegation=delegation)
    response = queue(client, meeting, **asked)
    assert shown(response) == [person.reference]
    assert [tab.label for tab in response.context["tabs"] if tab.is_current] == ["All waiting"]


def test_counts_are_within_the_reviewers_limits(client, meeting, delegation):
    mine = DelegationFactory(category=CategoryFactory(meeting=meeting))
    role = StaffRoleFactory(meeting=meeting, role=Role.REVIEWER)
    ReviewedCategory.objects.create(staff_role=role, category=mine.category)
    client.force_login(role.user)
    own = RegistrationFactory(delegation=mine, status_since=ago(days=9))
    RegistrationFactory(delegation=delegation, status_since=ago(days=9))
    RegistrationFactory(delegation=delegation, status=Status.APPROVED)
    response = queue(client, meeting)
    assert shown(response) == [own.reference]
    assert tabs(response)["All waiting"] == "1"
    assert str(response.context["counts"].late) == "1"
    assert ways(response, "Status") == [("Submitted", "1")]
    assert [n for _label, n in ways(response, "Category")] == ["1"]
    assert response.context["decided"] == ""


def test_the_next_one_follows_the_order_asked_for(meeting, delegation, reviewer):
    a, b, c = (
        RegistrationFactory(delegation=delegation, family_name=name, given_names="", status_since=ago(days=days))
        for name, days in (("A", 1), ("B", 3), ("C", 2))
    )
    for sort, following in (("", c), ("newest", a), ("name", c), ("entity", c)):
        assert Queue(meeting, reviewer, {"sort": sort}).next_after(b, b.status_since) == following
    assert Queue(meeting, reviewer, {}).first(2) == [b, c]


def test_a_slip_is_told_on_the_queue_and_on_the_list_of_people(client, meeting, delegation, reviewer):
    RegistrationFactory(delegation=delegation, display_name="Somphone Keovilay", family_name="Keovilay")
    for page in ("queue", "people"):
        response = client.get(reverse(f"admin:desk:{page}", args=[meeting.slug]), {"q": "Keovilai"})
        assert "Nobody is called “<bdi>Keovilai</bdi>”. These are close:" in response.content.decode()
        assert "Somphone Keovilay" in response.content.decode()


def test_nobody_found_says_so_and_where_to_look(client, meeting, delegation, reviewer):
    RegistrationFactory(delegation=delegation)
    page = queue(client, meeting, q="<b>Xqzjw</b>").content.decode()
    assert "Nobody here is called “<bdi>&lt;b&gt;Xqzjw&lt;/b&gt;</bdi>”, nor nearly so." in page
    assert "Look among everybody at this meeting" in page


def test_the_search_keeps_the_filters(client, meeting, delegation, reviewer):
    page = queue(client, meeting, assigned="nobody", sort="name").content.decode()
    box = page[page.index('class="searchbox"') : page.index("</form>", page.index('class="searchbox"'))]
    assert '<input type="hidden" name="assigned" value="nobody">' in box
    assert '<input type="hidden" name="sort" value="name">' in box


def test_the_search_above_a_person_leads_to_the_queue_under_its_filter(client, meeting, delegation, reviewer):
    person = RegistrationFactory(delegation=delegation)
    address = reverse("admin:desk:registration", args=[meeting.slug, person.reference])
    page = client.get(address, {"assigned": "nobody"}).content.decode()
    box = page[page.index('class="searchbox"') : page.index("</form>", page.index('class="searchbox"'))]
    assert f'action="{reverse("admin:desk:queue", args=[meeting.slug])}"' in box
    assert '<input type="hidden" name="assigned" value="nobody">' in box


def test_the_buttons_are_those_of_the_status(client, meeting, delegation, reviewer):
    for status in Status:
        RegistrationFactory(delegation=delegation, status=status)
    moves = {
        s: [m for m, _label, _n in queue(client, meeting, status=s).context["moves"]] for s in Status if s != "draft"
    }
    assert moves["submitted"] == ["approve", "return", "waitlist", "assign", "reject"]
    assert moves["returned"] == ["waitlist", "assign", "reject"]
    assert moves["approved"] == []


def test_whoever_may_not_decide_sees_no_boxes(client, meeting, delegation):
    RegistrationFactory(delegation=delegation)
    client.force_login(StaffRoleFactory(meeting=meeting, role=Role.AUDITOR).user)
    page = queue(client, meeting).content.decode()
    assert 'name="selected"' not in page
    assert 'name="move"' not in page


def test_all_that_the_filter_leaves_can_be_ticked_where_they_are_more_than_the_page(
    client, meeting, delegation, reviewer, monkeypatch
):
    monkeypatch.setattr("registration.desk.queue_views.SIZES", (2, 200))
    RegistrationFactory.create_batch(2, delegation=delegation)
    assert 'name="all"' not in queue(client, meeting).content.decode()
    RegistrationFactory(delegation=delegation)
    page = queue(client, meeting).content.decode()
    assert 'name="all" value="1"' in page
    assert "All 3 that this filter leaves" in page
