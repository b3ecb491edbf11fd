"""Every filter of the attendee list alone, its groups and orders in pages, and what nobody means to ask."""

import datetime

import pytest
from django.http import QueryDict
from django.utils import timezone

from meeting.models import EntityKind, Role
from registration.lists import more_filters, regions
from registration.lists.asked import columns_of
from registration.lists.filters import PeopleFilter, people_of
from registration.lists.order import Group, ListOrder, Sort, in_list_order, page_after
from registration.lists.totals import all_totals
from registration.models import Channel, Modality, QuestionKind, RoleInDelegation, Status
from registration.questions import answers
from tests.factories import (
    CategoryFactory,
    ChildFactory,
    DelegationFactory,
    EntityFactory,
    LetterFactory,
    MeetingFactory,
    QuestionFactory,
    RegistrationFactory,
    StaffRoleFactory,
)

pytestmark = pytest.mark.django_db
LONG_AGO = datetime.datetime(2020, 5, 4, 23, 30, tzinfo=datetime.UTC)


@pytest.fixture
def meeting():
    return MeetingFactory(time_zone="Asia/Bangkok")


@pytest.fixture
def reader(meeting):
    return StaffRoleFactory(meeting=meeting, role=Role.LISTS).user


@pytest.fixture
def delegation(meeting):
    fiji = EntityFactory(kind=EntityKind.STATE, iso2="FJ", names={"en": "Fiji"})
    return DelegationFactory(category=CategoryFactory(meeting=meeting, code="MEM"), entity=fiji, name="Fiji")


@pytest.fixture
def other(meeting):
    """Somebody of another delegation, whom no filter below finds."""
    france = EntityFactory(kind=EntityKind.STATE, iso2="FR", names={"en": "France"})
    elsewhere = DelegationFactory(category=CategoryFactory(meeting=meeting), entity=france, name="France")
    return RegistrationFactory(
        delegation=elsewhere, family_name="Moreau", role=RoleInDelegation.SUPPORT, modality=Modality.IN_PERSON,
        language="en", channel=Channel.SELF, name_public=False, contact_shared=False, status=Status.SUBMITTED,
    )  # fmt: skip


def asked(meeting, reader, query: str) -> PeopleFilter:
    return PeopleFilter(QueryDict(query), meeting, columns_of(meeting, reader), reader)


def found(meeting, reader, query: str) -> set[int]:
    return set(asked(meeting, reader, query).narrow(people_of(meeting, reader)).values_list("pk", flat=True))


# What is asked, and what somebody is who is found.
OF_EACH = {
    "q": ("Waqanisau", {"family_name": "Waqanisau"}),
    "status": ("approved", {"status": Status.APPROVED}),
    "role": ("head", {"role": RoleInDelegation.HEAD}),
    "modality": ("online", {"modality": Modality.ONLINE}),
    "language": ("fr", {"language": "fr"}),
    "endorsed": ("yes", {"endorsed_at": timezone.now()}),
    "arrived": ("yes", {"arrived_at": timezone.now()}),
    "channel": ("roster", {"channel": Channel.ROSTER}),
    "name_public": ("yes", {"name_public": True}),
    "contact_shared": ("yes", {"contact_shared": True}),
    "submitted_to": ("2020-05-05", {"submitted_at": LONG_AGO}),  # which in Bangkok is the fifth
    "since_to": ("2020-05-05", {"status_since": LONG_AGO}),
}


@pytest.mark.parametrize("name", OF_EACH)
def test_each_filter_alone(meeting, reader, delegation, other, name):
    value, person = OF_EACH[name]
    if person.get("endorsed_at"):
        person = {**person, "endorsed_by": reader}
    if person.get("arrived_at"):
        person = {**person, "arrived_by": reader, "status": Status.APPROVED}
    wanted = RegistrationFactory(delegation=delegation, **person)
    assert found(meeting, reader, f"{name}={value}") == {wanted.pk}


def test_by_where_they_come_from(meeting, reader, delegation, other):
    wanted = RegistrationFactory(delegation=delegation)
    of_fiji = next(code for code, countries in regions.countries_of().items() if "FJ" in countries)
    for query in (f"category={delegation.category_id}", "entity=Fiji", f"region={of_fiji}"):
        assert found(meeting, reader, query) == {wanted.pk}, query


def test_a_day_of_the_meetings_own_calendar_is_whole(meeting, reader, delegation):
    """23:30 in London is half past six of the next morning in Bangkok."""
    wanted = RegistrationFactory(delegation=delegation, submitted_at=LONG_AGO, status_since=LONG_AGO)
    for name in ("submitted", "since"):
        assert found(meeting, reader, f"{name}_from=2020-05-05&{name}_to=2020-05-05") == {wanted.pk}
        assert found(meeting, reader, f"{name}_to=2020-05-04") == set()
        assert found(meeting, reader, f"{name}_from=2020-05-06") == set()


def test_by_the_letter(meeting, reader, delegation, other):
    wanted = RegistrationFactory(delegation=delegation)
    LetterFactory(registration=wanted)
    assert found(meeting, reader, "letter=yes") == {wanted.pk}
    assert found(meeting, reader, "letter=no") == {other.pk}


def test_the_letter_of_a_child_is_nobodys_question(meeting, reader, delegation):
    child = ChildFactory(delegation=delegation, status=Status.APPROVED)
    assert child.pk in found(meeting, reader, "")
    for value in more_filters.LETTERS:
        assert found(meeting, reader, f"letter={value}") == set()


def test_by_whom_they_replace(meeting, reader, delegation, other):
    gone = RegistrationFactory(delegation=delegation, status=Status.WITHDRAWN)
    wanted = RegistrationFactory(delegation=delegation, replaces=gone)
    assert found(meeting, reader, "replaces=yes") == {wanted.pk}
    assert found(meeting, reader, "replaces=no") == {gone.pk, other.pk}


def test_by_an_answer_to_a_question_of_the_meeting(meeting, reader, delegation, other):
    choices = {"halal": "Halal", "none": "No wish"}
    question = QuestionFactory(
        meeting=meeting, key="diet", kind=QuestionKind.ONE_OF, options=choices, readers=[Role.LISTS]
    )
    wanted = RegistrationFactory(delegation=delegation)
    answers.save(wanted, {question: "halal"})
    answers.save(other, {question: "none"})
    assert found(meeting, reader, "q_diet=halal") == {wanted.pk}


def test_no_filter_is_without_a_test():
    tested = {*OF_EACH, "letter", "region", "replaces", "submitted_from", "since_from"}
    assert set(more_filters.FILTERS) <= tested


def test_two_filters_are_both(meeting, reader, delegation, other):
    RegistrationFactory(delegation=delegation, role=RoleInDelegation.HEAD, language="en")
    wanted = RegistrationFactory(delegation=delegation, role=RoleInDelegation.HEAD, language="fr")
    assert found(meeting, reader, "role=head&language=fr") == {wanted.pk}


def test_nobody_filters_by_gender():
    assert "gender" not in PeopleFilter.base_fields
    assert "gender" not in more_filters.FILTERS


@pytest.mark.parametrize(
    "query",
    [
        "q=" + "x" * 300, "category=999999999999", "category=abc", "entity=%F0%9F%98%80", "role=king",
        "submitted_from=2020-13-45", "submitted_from=0001-01-01", "submitted_to=9999-12-31", "columns=password,,name",
        "group=gender", "sort=;drop", "view=-1", "view=99999999999999999999", "after='", "show=q_secret",
        "status=approved&status=draft", "region=EU", "columns=" + "name," * 700, "letter[]=no", "q=%27%22%3B--",
    ],
)  # fmt: skip
def test_what_cannot_be_understood_is_left_out(client, meeting, reader, delegation, query):
    RegistrationFactory(delegation=delegation)
    client.force_login(reader)
    assert client.get(f"/admin/desk/{meeting.slug}/people/?{query}").status_code == 200


def test_a_period_that_ends_before_it_begins_is_said(client, meeting, reader, delegation):
    client.force_login(reader)
    page = client.get(f"/admin/desk/{meeting.slug}/people/?submitted_from=2020-05-05&submitted_to=2020-05-01")
    assert asked(meeting, reader, "submitted_from=2020-05-05&submitted_to=2020-05-01").turned_round()
    assert "Submitted until" in page.content.decode()


# --- Groups and orders ------------------------------------------------------------------------------------------------


@pytest.fixture
def many(meeting, delegation, other):
    """Every role, state and way of taking part in two delegations, some sent in the same moment."""
    statuses = [s for s in Status if s not in (Status.DRAFT, Status.REJECTED)]
    for n in range(24):
        RegistrationFactory(
            delegation=delegation if n % 3 else other.delegation,
            role=list(RoleInDelegation)[n % len(RoleInDelegation)],
            status=statuses[n % len(statuses)],
            modality=[Modality.IN_PERSON, Modality.ONLINE][n % 2],
            family_name=f"Name {n % 5}",
            submitted_at=LONG_AGO + datetime.timedelta(hours=n // 3),
        )


@pytest.mark.parametrize("are_many", [True, False])
@pytest.mark.parametrize("sort", Sort.values)
@pytest.mark.parametrize("group", Group.values)
def test_pages_are_the_whole_list_in_its_order(meeting, reader, many, group, sort, are_many):
    order = ListOrder(group, sort)
    wanted = people_of(meeting, reader)
    whole = list(in_list_order(wanted, order).values_list("pk", flat=True))
    assert len(whole) == 25
    walked: list[int] = []
    reference, more = "", True
    while more:
        rows, more = page_after(meeting, wanted, reference, 4, are_many=are_many, order=order)
        walked += [row.pk for row in rows]
        reference = rows[-1].reference
    assert walked == whole


@pytest.mark.parametrize("group", [g for g in Group.values if g != Group.NONE])
def test_totals_of_the_groups_are_everybody(meeting, reader, many, group):
    wanted = people_of(meeting, reader)
    totals = all_totals(wanted, meeting, group)
    assert sum(total.count for total in totals) == wanted.count() == 25
    assert len({(total.label, total.beside) for total in totals}) == len(totals) > 1
