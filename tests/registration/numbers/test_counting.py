"""What is counted, and that it is what a plain reading of the rows says."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from meeting.models import Role
from registration.lists.filters import people_of
from registration.models import Gender, Registration, RoleInDelegation, SeatOffer, Status
from registration.numbers import counting
from tests.factories import (
    CategoryFactory,
    DelegationFactory,
    MeetingFactory,
    RegistrationFactory,
    StaffRoleFactory,
)

NOW = datetime.datetime(2008, 9, 8, 2, 12, tzinfo=datetime.UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting():
    return MeetingFactory()


@pytest.fixture
def staff(meeting):
    return StaffRoleFactory(meeting=meeting, role=Role.ORGANISER).user


def coming(meeting, status=Status.APPROVED, **fields):
    delegation = fields.pop("delegation", None) or DelegationFactory(category=CategoryFactory(meeting=meeting))
    return RegistrationFactory(delegation=delegation, status=status, **fields)


def test_people_are_counted_by_what_they_are(meeting, staff):
    delegation = DelegationFactory(category=CategoryFactory(meeting=meeting))
    coming(meeting, delegation=delegation, role=RoleInDelegation.HEAD, gender=Gender.WOMAN)
    coming(meeting, delegation=delegation, role=RoleInDelegation.ADVISER, gender=Gender.WOMAN)
    coming(meeting, Status.SUBMITTED, role=RoleInDelegation.ADVISER)
    coming(meeting, Status.DRAFT)
    coming(MeetingFactory())
    counted = counting.count(meeting, staff, NOW)
    assert counted.all_with() == 3
    assert counted.all_with(Status.APPROVED) == 2
    assert counted.by("delegation_id", Status.APPROVED) == {delegation.pk: 2}
    assert counted.by("role") == {"head": 1, "adviser": 2}
    assert counted.by("gender", Status.APPROVED) == {"woman": 2}
    assert counted.by("gender", Status.SUBMITTED) == {"": 1}


def test_a_day_is_a_day_where_the_meeting_is(meeting, staff):
    late = datetime.datetime(2008, 9, 1, 18, 30, tzinfo=datetime.UTC)  # 01:30 of the next day in Bangkok
    coming(meeting, submitted_at=late)
    assert counting.count(meeting, staff).by("day") == {datetime.date(2008, 9, 2): 1}


def test_children_are_counted_by_category_alone(meeting, staff):
    children = CategoryFactory(meeting=meeting, for_children=True, listing="number")
    RegistrationFactory(
        delegation=DelegationFactory(category=children), is_minor=True, status=Status.APPROVED,
        display_name="Participant Y01", given_names="Participant Y01", family_name="", honorific="",
        functional_title="", department="", organisation="", email="", phone="",
    )  # fmt: skip
    counted = counting.count(meeting, staff)
    assert counted.children == {(children.pk, "approved"): 1}
    assert [dict(counted.by(name)) for name in counting.BY] == [{}] * len(counting.BY)
    assert counted.all_with(Status.APPROVED) == 1


def test_waiting_is_counted_in_whole_days(meeting, staff):
    for hours in (1, 23, 25, 24 * 5 + 1):
        coming(meeting, Status.SUBMITTED, status_since=NOW - datetime.timedelta(hours=hours))
    coming(meeting, Status.APPROVED, status_since=NOW - datetime.timedelta(days=9))
    assert counting.days_waited(people_of(meeting, staff), NOW) == {0: 2, 1: 1, 5: 1}


def test_half_were_decided_within_so_many_days(meeting, staff):
    monday = datetime.datetime(2008, 9, 1, 3, tzinfo=datetime.UTC)
    for took in (1, 2, 6):
        coming(meeting, status_since=monday, submitted_at=monday - datetime.timedelta(days=took))
    [week] = counting.days_to_decision(people_of(meeting, staff), meeting)
    assert (week.begins, week.decided, week.median_days) == (datetime.date(2008, 9, 1), 3, 2.0)


def test_the_meeting_before_is_counted_up_to_the_same_day_before_it(meeting, staff):
    before = MeetingFactory(starts_on=datetime.date(2004, 11, 8), ends_on=datetime.date(2004, 11, 10))
    meeting.previous = before
    meeting.save()
    today = datetime.date(2008, 9, 8)  # ten days to go
    coming(before, submitted_at=datetime.datetime(2004, 10, 29, 12, tzinfo=datetime.UTC))
    coming(before, submitted_at=datetime.datetime(2004, 10, 30, 12, tzinfo=datetime.UTC))
    assert counting.registered_by_then(meeting, staff, today) is None  # no role there: nothing is told of it
    StaffRoleFactory(meeting=before, user=staff, role=Role.AUDITOR)
    assert counting.registered_by_then(meeting, staff, today) == 1


def test_offers_are_those_that_can_be_taken(meeting, staff):
    waiting = coming(meeting, Status.WAITLISTED)
    SeatOffer.objects.create(registration=waiting, expires_at=timezone.now() + datetime.timedelta(hours=1))
    assert counting.seats_on_offer(people_of(meeting, staff)) == 1


@pytest.mark.parametrize("people", [1, 3])
def test_counting_costs_the_same_for_few_and_many(meeting, staff, people):
    for _ in range(people):
        coming(meeting)
    people_of(meeting, staff).count()  # what a reader may see is asked once for each of them
    with CaptureQueriesContext(
        connection,
    ) as queries:
        counting.count(meeting, staff)
    assert len(queries) == 3


def test_somebody_elses_meeting_counts_nobody(meeting):
    coming(meeting)
    stranger = StaffRoleFactory().user
    assert counting.count(meeting, stranger).all_with() == 0
    assert Registration.objects.count() == 1
