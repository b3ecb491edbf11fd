"""The attendee list on the screen: order, filters, pages, groups."""

import html
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from meeting.models import Role
from registration.lists.order import page_after
from registration.lists.paging import Capped
from registration.models import Modality, Registration, RoleInDelegation, Status
from tests.factories import (
    CategoryFactory,
    DelegationFactory,
    EntityFactory,
    MeetingFactory,
    RegistrationFactory,
    StaffRoleFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting():
    return MeetingFactory()


@pytest.fixture
def reader(client, meeting):
    user = StaffRoleFactory(meeting=meeting, role=Role.LISTS).user
    client.force_login(user)
    return user


@pytest.fixture
def in_order(meeting):
    """Six people in two categories and three delegations, in the order the list must have."""
    later, first = CategoryFactory(meeting=meeting, order=20), CategoryFactory(meeting=meeting, order=10)
    agency = DelegationFactory(category=later, sort_key="a")
    zambia = DelegationFactory(category=first, sort_key="z")
    fiji = DelegationFactory(category=first, sort_key="f")
    return [
        RegistrationFactory(delegation=fiji, role=RoleInDelegation.HEAD, family_name="Zeta"),
        RegistrationFactory(delegation=fiji, role=RoleInDelegation.ADVISER, family_name="Alpha"),
        RegistrationFactory(delegation=fiji, role=RoleInDelegation.ADVISER, family_name="Beta"),
        RegistrationFactory(delegation=fiji, role=RoleInDelegation.ADVISER, family_name="Beta"),
        RegistrationFactory(delegation=zambia, role=RoleInDelegation.SUPPORT, family_name="Alpha"),
        RegistrationFactory(delegation=agency, role=RoleInDelegation.HEAD, family_name="Alpha"),
    ]


def test_within_a_role_the_delegations_own_order_comes_before_the_names(client, meeting, reader):
    delegation = DelegationFactory(category__meeting=meeting)
    unplaced = RegistrationFactory(delegation=delegation, family_name="Alpha")
    second = RegistrationFactory(delegation=delegation, family_name="Beta", precedence=2)
    first = RegistrationFactory(delegation=delegation, family_name="Zeta", precedence=1)
    head = RegistrationFactory(delegation=delegation, family_name="Zulu", precedence=9, role=RoleInDelegation.HEAD)
    in_place = [head.pk, first.pk, second.pk, unplaced.pk]
    assert shown(people(client, meeting)) == in_place
    for are_many in (False, True):
        found, _more = page_after(
            meeting, Registration.objects.filter(meeting=meeting), first.reference, 9, are_many=are_many
        )
        assert [r.pk for r in found] == in_place[2:]


def people(client, meeting, **asked):
    response = client.get(reverse("admin:desk:people", args=[meeting.slug]), asked)
    assert response.status_code == 200
    return response


def shown(response):
    return [row.pk for group in response.context["groups"] for row in group["rows"]]


def test_by_category_delegation_role_and_name(client, meeting, reader, in_order):
    response = people(client, meeting)
    assert shown(response) == [p.pk for p in in_order]
    assert [(g["delegation"].sort_key, g["count"]) for g in response.context["groups"]] == [
        ("f", 4),
        ("z", 1),
        ("a", 1),
    ]


@pytest.mark.parametrize("are_many", [False, True])
@pytest.mark.parametrize("size", [1, 2, 3, 4, 6])
def test_pages_follow_each_other_however_they_are_found(meeting, in_order, are_many, size):
    wanted, pages, place = Registration.objects.filter(meeting=meeting), [], ""
    more = True
    while more:
        rows, more = page_after(meeting, wanted, place, size, are_many=are_many)
        pages.append([row.pk for row in rows])
        place = rows[-1].reference
    assert [pk for page in pages for pk in page] == [p.pk for p in in_order]
    assert all(len(page) == size for page in pages[:-1])


@pytest.mark.parametrize("are_many", [False, True])
def test_a_page_keeps_to_the_filter(meeting, in_order, are_many):
    Registration.objects.filter(pk__in=[in_order[1].pk, in_order[5].pk]).update(status=Status.APPROVED)
    wanted = Registration.objects.filter(meeting=meeting, status=Status.APPROVED)
    first = page_after(meeting, wanted, "", 1, are_many=are_many)
    second = page_after(meeting, wanted, in_order[1].reference, 1, are_many=are_many)
    # A place that the filter leaves out is a place all the same.
    from_outside = page_after(meeting, wanted, in_order[3].reference, 9, are_many=are_many)
    assert [([r.pk for r in rows], more) for rows, more in (first, second, from_outside)] == [
        ([in_order[1].pk], True),
        ([in_order[5].pk], False),
        ([in_order[5].pk], False),
    ]


@pytest.mark.parametrize("reference", ["EAP-00000", "nonsense", "'; --"])
def test_an_unknown_place_is_the_start(client, meeting, reader, in_order, reference):
    assert shown(people(client, meeting, after=reference)) == [p.pk for p in in_order]


def test_a_place_at_another_meeting_tells_nothing(client, meeting, reader, in_order):
    foreign = RegistrationFactory(delegation__category__order=15)
    assert shown(people(client, meeting, after=foreign.reference)) == [p.pk for p in in_order]


def test_filters(client, meeting, reader, in_order):
    online, approved = in_order[0], in_order[4]
    Registration.objects.filter(pk=online.pk).update(modality=Modality.ONLINE)
    Registration.objects.filter(pk=approved.pk).update(status=Status.APPROVED)
    assert shown(people(client, meeting, modality="online")) == [online.pk]
    assert shown(people(client, meeting, status="approved")) == [approved.pk]
    assert shown(people(client, meeting, category=str(in_order[5].delegation.category.pk))) == [in_order[5].pk]
    assert shown(people(client, meeting, q="zeta")) == [online.pk]
    assert shown(people(client, meeting, q="zeta", modality="in_person")) == []
    assert shown(people(client, meeting, q=in_order[4].reference)) == [approved.pk]


def test_by_entity(client, meeting, reader, in_order):
    entity = EntityFactory(names={"en": "Children’s Rights Network", "es": "Red de derechos"}, acronym="CRN")
    wanted = RegistrationFactory(delegation=DelegationFactory(category=in_order[0].delegation.category, entity=entity))
    for name in ("rights", "derechos", "crn"):
        assert shown(people(client, meeting, entity=name)) == [wanted.pk]


def test_tabs_count_each_status_under_the_other_filters(client, meeting, reader, in_order):
    Registration.objects.filter(pk=in_order[4].pk).update(status=Status.APPROVED)

    def tabs(**asked):
        return [
            (str(t["label"]), str(t["count"]), t["is_current"])
            for t in people(client, meeting, **asked).context["tabs"]
        ]

    assert tabs() == [("Everybody", "6", True), ("Submitted", "5", False), ("Approved", "1", False)]
    assert tabs(q="alpha", status="approved") == [
        ("Everybody", "3", False),
        ("Submitted", "2", False),
        ("Approved", "1", True),
    ]


def test_drafts_and_other_meetings_never_appear(client, meeting, reader, in_order):
    RegistrationFactory(delegation=in_order[0].delegation, status=Status.DRAFT)
    RegistrationFactory()
    response = people(client, meeting)
    assert shown(response) == [p.pk for p in in_order]
    assert response.context["groups"][0]["count"] == 4
    assert people(client, meeting, status="draft").context["tabs"][0]["count"].number == 6


def test_a_big_meeting_is_walked_and_not_sorted(client, meeting, reader, in_order, monkeypatch):
    monkeypatch.setattr("registration.desk.people_page.Capped", lambda number: Capped(number, cap=2))
    with CaptureQueriesContext(connection) as queries:
        assert shown(people(client, meeting)) == [p.pk for p in in_order]
    assert any("CROSS JOIN LATERAL" in q["sql"] for q in queries.captured_queries)


def test_only_exporters_are_offered_exports(client, meeting, reader, in_order):
    assert reverse("admin:desk:export", args=[meeting.slug]) in people(client, meeting).content.decode()
    client.force_login(StaffRoleFactory(meeting=meeting, role=Role.REVIEWER).user)
    assert reverse("admin:desk:export", args=[meeting.slug]) not in people(client, meeting).content.decode()


def test_an_empty_list_says_what_will_be_here(client, meeting, reader):
    assert "Nobody has registered yet." in people(client, meeting).content.decode()
    assert "Nobody fits these filters." in people(client, meeting, q="x").content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_people_query_count(client, meeting, reader, rows, django_assert_num_queries):
    for _ in range(rows):
        RegistrationFactory(delegation=DelegationFactory(category=CategoryFactory(meeting=meeting)))
    # session, user, meeting, may read, questions, limits, may read contact, counts, page in order, its rows, views that
    # are kept, may share them, how many delegations, counts of those on the page, totals, may decide, may export,
    # categories of the menu
    with django_assert_num_queries(18):
        people(client, meeting)


def test_from_a_person_the_way_back_leads_to_the_list_as_it_was_narrowed(client, meeting, in_order):
    client.force_login(StaffRoleFactory(meeting=meeting, role=Role.REVIEWER).user)
    page = people(client, meeting, q="Zeta", role="head").content.decode()
    (address,) = re.findall(rf'href="([^"]*/{in_order[0].reference}/[^"]*)"', page)
    person = client.get(html.unescape(address)).content.decode()
    (back,) = re.findall(r'<div class="crumb"><a href="([^"]*)"', person)
    assert shown(client.get(html.unescape(back))) == [in_order[0].pk]
    assert html.unescape(back).partition("?")[0] == reverse("admin:desk:people", args=[meeting.slug])
