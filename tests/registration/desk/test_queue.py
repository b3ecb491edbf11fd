"""The queue: who waits, longest first; found, filtered, paged and counted."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from meeting.models import EntityName, Role
from registration.desk.queue import ENOUGH_SEATS, Place, seats_in_use
from registration.lists import paging
from registration.lists.paging import Capped, capped_counts
from registration.models import Registration, Status
from tests.factories import (
    CategoryFactory,
    DelegationFactory,
    EntityFactory,
    LetterFactory,
    MeetingFactory,
    RegistrationFactory,
    StaffRoleFactory,
)

pytestmark = pytest.mark.django_db


def ago(**span):
    return timezone.now() - datetime.timedelta(**span)


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


def queue(client, meeting, **asked):
    response = client.get(reverse("admin:desk:queue", args=[meeting.slug]), asked)
    assert response.status_code == 200
    return response


def shown(response):
    return [row.reference for row in response.context["rows"]]


def test_only_those_who_wait_oldest_first(client, meeting, delegation, reviewer):
    young = RegistrationFactory(delegation=delegation, status_since=ago(hours=1))
    old = RegistrationFactory(delegation=delegation, status_since=ago(days=7))
    for status in set(Status) - {Status.SUBMITTED}:
        RegistrationFactory(delegation=delegation, status=status, status_since=ago(days=9))
    RegistrationFactory(status_since=ago(days=8))  # at another meeting
    assert shown(queue(client, meeting)) == [old.reference, young.reference]


def test_waiting_is_told_in_days_and_late_from_the_fifth(client, meeting, delegation, reviewer):
    RegistrationFactory(delegation=delegation, status_since=ago(days=5, minutes=1))
    RegistrationFactory(delegation=delegation, status_since=ago(days=4, hours=23))
    rows = queue(client, meeting).context["rows"]
    assert [(row.waited.days, row.is_late) for row in rows] == [(5, True), (4, False)]


def test_late_ones_can_be_asked_for(client, meeting, delegation, reviewer):
    late = RegistrationFactory(delegation=delegation, status_since=ago(days=6))
    RegistrationFactory(delegation=delegation, status_since=ago(days=1))
    response = queue(client, meeting, waiting="late")
    assert shown(response) == [late.reference]
    assert str(response.context["counts"].late) == "1"


@pytest.mark.parametrize(
    "words",
    ["Thúy", "thuy", "THUY Vu", "quynh vu", "Vũ Thị", "EAP-77777", "eap-77777", "thuy@example.org", "Чинбат", "cinbat"],
)
def test_search_finds_in_any_script_with_or_without_accents(client, meeting, delegation, reviewer, words):
    wanted = RegistrationFactory(
        delegation=delegation,
        given_names="Thúy Quỳnh",
        family_name="Vũ Thị",
        display_name="Vũ Thị Thúy Quỳnh Чинбат",
        reference="EAP-77777",
        email="thuy@example.org",
    )
    RegistrationFactory(delegation=delegation, family_name="Somebody", reference="EAP-88888")
    assert shown(queue(client, meeting, q=words)) == [wanted.reference]


def test_filters_narrow_together(client, meeting, delegation, reviewer):
    other = DelegationFactory(category=CategoryFactory(meeting=meeting))
    with_letter = RegistrationFactory(delegation=delegation, status_since=ago(days=3))
    without = RegistrationFactory(delegation=delegation, status_since=ago(days=2))
    elsewhere = RegistrationFactory(delegation=other, status_since=ago(days=1))
    LetterFactory(registration=with_letter)
    category = str(delegation.category.pk)
    assert shown(queue(client, meeting, category=category)) == [with_letter.reference, without.reference]
    assert shown(queue(client, meeting, letter="no")) == [without.reference, elsewhere.reference]
    assert shown(queue(client, meeting, letter="yes")) == [with_letter.reference]
    assert shown(queue(client, meeting, letter="no", category=category)) == [without.reference]


@pytest.mark.parametrize("name", ["Fidji", "fiji", "FJI-X", "斐济"])
def test_a_delegation_is_found_by_any_name_of_its_entity(client, meeting, reviewer, name):
    fiji = EntityFactory(names={"en": "Fiji", "fr": "Fidji", "zh-hans": "斐济"}, acronym="FJI-X")
    wanted = RegistrationFactory(delegation=DelegationFactory(category=CategoryFactory(meeting=meeting), entity=fiji))
    RegistrationFactory(delegation=DelegationFactory(category=CategoryFactory(meeting=meeting)))
    assert EntityName.objects.filter(entity=fiji).count() == 3
    assert shown(queue(client, meeting, entity=name)) == [wanted.reference]


def test_another_status_can_be_looked_at_but_drafts_cannot(client, meeting, delegation, reviewer):
    rejected = RegistrationFactory(delegation=delegation, status=Status.REJECTED)
    RegistrationFactory(delegation=delegation, status=Status.DRAFT)
    assert shown(queue(client, meeting, status="rejected")) == [rejected.reference]
    assert shown(queue(client, meeting, status="draft")) == []


@pytest.mark.parametrize(
    "asked",
    [{"status": "nonsense"}, {"category": "x"}, {"category": "999999"}, {"after": "x~y"}, {"after": "2008-13-99~1"},
     {"size": "1000000"}, {"letter": "maybe"}, {"after": "2008-09-01T00:00:00~1"},
     {"after": "2008-09-01T00:00:00+00:00~²"}],
)  # fmt: skip
def test_a_mistyped_address_still_shows_the_queue(client, meeting, delegation, reviewer, asked):
    wanted = RegistrationFactory(delegation=delegation)
    assert shown(queue(client, meeting, **asked)) == [wanted.reference]


def test_pages_follow_each_other_without_gap_or_repetition(client, meeting, delegation, reviewer, monkeypatch):
    monkeypatch.setattr("registration.desk.queue_views.SIZES", (2, 200))
    same_moment = ago(days=2)
    people = [RegistrationFactory(delegation=delegation, status_since=same_moment) for _ in range(3)]
    people += [RegistrationFactory(delegation=delegation, status_since=ago(days=1)) for _ in range(2)]
    seen, address = [], reverse("admin:desk:queue", args=[meeting.slug])
    query = ""
    for _page in range(3):
        response = client.get(f"{address}?{query}")
        seen.append(shown(response))
        query = response.context["following"]
    references = [p.reference for p in people]
    assert seen == [references[0:2], references[2:4], references[4:5]]
    assert query == ""


def test_a_page_begins_behind_its_place_even_when_that_person_was_decided_on(client, meeting, delegation, reviewer):
    first, second = (RegistrationFactory(delegation=delegation, status_since=ago(days=n)) for n in (2, 1))
    place = str(Place.of(first))
    Registration.objects.filter(pk=first.pk).update(status=Status.APPROVED)
    assert shown(queue(client, meeting, after=place)) == [second.reference]


def test_no_page_is_reached_by_skipping_rows(client, meeting, delegation, reviewer):
    first = RegistrationFactory(delegation=delegation, status_since=ago(days=2))
    RegistrationFactory(delegation=delegation)
    with CaptureQueriesContext(connection) as queries:
        queue(client, meeting, after=str(Place.of(first)))
    statements = [q["sql"] for q in queries.captured_queries]
    assert not [s for s in statements if "OFFSET" in s]
    # Every count of registrations stands over a bounded part of them.
    counts = [s for s in statements if "COUNT(*)" in s.upper() and "GROUP BY" not in s]
    assert counts
    assert all("LIMIT" in s for s in counts)


@pytest.mark.parametrize(("number", "text"), [(0, "0"), (999, "999"), (1000, "1,000"), (1001, "1,000+")])
def test_counts_stop_at_a_thousand(number, text):
    assert str(Capped(number)) == text


def test_a_capped_count_reads_no_further(delegation, monkeypatch):
    monkeypatch.setattr(paging, "CAP", 2)
    RegistrationFactory.create_batch(4, delegation=delegation)
    counts = capped_counts({"all": Registration.objects.all(), "none": Registration.objects.filter(pk=0)})
    assert (counts["all"].number, counts["none"].number) == (3, 0)


def test_seats_are_shown_against_the_quota(client, meeting, reviewer):
    category = CategoryFactory(meeting=meeting, delegation_quota=6)
    own_quota = DelegationFactory(category=category, quota=2)
    by_category = DelegationFactory(category=category)
    unlimited = DelegationFactory(category=CategoryFactory(meeting=meeting))
    for status in (Status.SUBMITTED, Status.APPROVED, Status.RETURNED, Status.REJECTED, Status.WAITLISTED):
        RegistrationFactory(delegation=own_quota, status=status, status_since=ago(days=3))
    RegistrationFactory(delegation=by_category, status_since=ago(days=2))
    RegistrationFactory(delegation=unlimited, status_since=ago(days=1))
    response = queue(client, meeting)
    assert [(str(r.seats_used), r.delegation.seats) for r in response.context["rows"]] == [
        ("3", 2),
        ("1", 6),
        ("1", None),
    ]
    page = response.content.decode()
    assert '<span class="late">3 of 2</span>' in page
    assert "<span>1 of 6</span>" in page


def test_seats_without_a_quota_are_counted_to_a_hundred(delegation, monkeypatch):
    monkeypatch.setattr("registration.desk.queue.ENOUGH_SEATS", 2)
    assert ENOUGH_SEATS == 100
    RegistrationFactory.create_batch(4, delegation=delegation)
    assert str(seats_in_use([delegation])[delegation.pk]) == "2+"


def ways(response, heading):
    """The left column's links under a heading, with their numbers."""
    found = dict(response.context["columns"]).get(heading, [])
    return [(str(way.label), str(way.count)) for way in found]


def test_counts_by_status_and_category(client, meeting, delegation, reviewer):
    RegistrationFactory.create_batch(2, delegation=delegation)
    other = DelegationFactory(category=CategoryFactory(meeting=meeting))
    RegistrationFactory(delegation=other)
    RegistrationFactory(delegation=other, status=Status.APPROVED)
    response = queue(client, meeting)
    assert ways(response, "Status") == [("Submitted", "3"), ("Approved", "1")]
    assert ways(response, "Category") == [(delegation.category.name, "2"), (other.category.name, "1")]


def test_a_queue_longer_than_its_counts_shows_parts_without_numbers(client, meeting, delegation, reviewer, monkeypatch):
    monkeypatch.setattr(Capped, "is_more", property(lambda count: count.number > 1))
    RegistrationFactory.create_batch(2, delegation=delegation)
    empty = CategoryFactory(meeting=meeting)
    response = queue(client, meeting)
    assert ways(response, "Category") == [(delegation.category.name, ""), (empty.name, "")]


def test_an_empty_queue_says_what_will_be_here(client, meeting, reviewer):
    page = queue(client, meeting).content.decode()
    assert "Nobody waits for a decision" in page
    assert "Who registers next appears here, oldest first." in page


def test_names_are_shown_as_text_and_isolated(client, meeting, delegation, reviewer):
    RegistrationFactory(delegation=delegation, display_name="<b>Evil</b> & Co", functional_title="<i>x</i>")
    page = queue(client, meeting).content.decode()
    assert "<bdi>&lt;b&gt;Evil&lt;/b&gt; &amp; Co</bdi>" in page
    assert "<b>Evil" not in page


@pytest.mark.parametrize("rows", [1, 3])
def test_queue_query_count(client, meeting, reviewer, rows, django_assert_num_queries):
    for _ in range(rows):
        person = RegistrationFactory(delegation=DelegationFactory(category=CategoryFactory(meeting=meeting)))
        LetterFactory(registration=person)
    # session, user, meeting, role, limits, colleagues, page, seats, letters, counts, parts, changes, last decided,
    # categories in menu, filter and numbers, letters by number, saved views, may decide, may share
    with django_assert_num_queries(20):
        queue(client, meeting)


@pytest.mark.parametrize("page", ["queue", "people"])
def test_an_entity_that_nobody_knows_leaves_nobody(client, meeting, delegation, reviewer, page):
    RegistrationFactory(delegation=delegation)
    response = client.get(reverse(f"admin:desk:{page}", args=[meeting.slug]), {"entity": "zzz"})
    assert response.status_code == 200
    assert RegistrationFactory._meta.model.objects.get().reference not in response.content.decode()
