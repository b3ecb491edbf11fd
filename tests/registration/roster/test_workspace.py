"""The page of a delegation: rows in order, what each lacks, who must act next, and for whom it opens at all."""

import datetime

import pytest
from django.utils import timezone

from meeting.models import Role
from registration.models import Channel, SeatOffer, Status
from tests.factories import DelegationFactory, RegistrationFactory, StaffRoleFactory
from tests.registration.roster.conftest import at, look_after, make_draft

pytestmark = pytest.mark.django_db


def lines(client, delegation):
    response = client.get(at("workspace", delegation))
    assert response.status_code == 200
    return response.context["lines"]


def test_rows_stand_by_number_then_role_then_name_and_those_who_do_not_come_last(client, delegation, focal):
    def row(name, **values):
        return RegistrationFactory(delegation=delegation, given_names=name, family_name="", **values)

    row("Gone", precedence=1, status=Status.WITHDRAWN)
    row("Zoe", role="adviser")
    row("Adam", role="adviser")
    row("Head", role="head")
    row("Second", precedence=2)
    row("First", precedence=1, role="support")
    shown = [line.registration.given_names for line in lines(client, delegation)]
    assert shown == ["First", "Second", "Head", "Adam", "Zoe", "Gone"]


def test_what_a_delegate_has_only_begun_is_not_shown(client, delegation, focal):
    RegistrationFactory(delegation=delegation, status=Status.DRAFT, channel=Channel.SELF)
    mine = make_draft(delegation)
    assert [line.registration.pk for line in lines(client, delegation)] == [mine.pk]


def test_each_row_says_who_must_act_and_since_when(client, delegation, focal):
    since = timezone.now() - datetime.timedelta(days=3, hours=1)
    RegistrationFactory(delegation=delegation, status=Status.SUBMITTED, status_since=since, precedence=1)
    RegistrationFactory(delegation=delegation, status=Status.RETURNED, status_since=since, precedence=2)
    make_draft(delegation, email="", precedence=3)
    make_draft(delegation, precedence=4)
    waiting = RegistrationFactory(delegation=delegation, status=Status.WAITLISTED, precedence=5)
    until = datetime.datetime(2030, 9, 10, 10, tzinfo=datetime.UTC)
    SeatOffer.objects.create(registration=waiting, expires_at=until)
    assert [line.next_step for line in lines(client, delegation)] == [
        "Organisers, 3 days",
        "You, 3 days",
        "You: 1 thing to mend",
        "You: ready to send",
        "Seat kept until 10 Sept, 17:00",
    ]


def test_seats_are_told_in_one_sentence(client, delegation, focal):
    delegation.quota = 3
    delegation.save()
    RegistrationFactory(delegation=delegation, status=Status.APPROVED)
    RegistrationFactory(delegation=delegation, status=Status.WAITLISTED)
    seats = client.get(at("workspace", delegation)).context["seats"]
    assert (seats.sentence, [taken for _x, taken in seats.boxes]) == ("1 of 3 used, 1 waiting", [True, False, False])


def test_a_mistake_stands_beside_its_cell(client, delegation, focal):
    make_draft(delegation, email="", unparsed={"email": "khoa.vd@vnat"})
    text = client.get(at("workspace", delegation)).content.decode()
    assert "khoa.vd@vnat" in text
    assert "Add the end, like .org or .gov.fj" in text


def test_the_other_focal_points_are_named(client, delegation, focal):
    from registration.models import FocalPoint
    from tests.factories import UserFactory

    FocalPoint.objects.create(delegation=delegation, user=UserFactory(name="Phạm Đức Lộc"))
    context = client.get(at("workspace", delegation)).context
    assert context["with_whom"] == "You look after this delegation, with Phạm Đức Lộc."


def test_an_organiser_opens_the_same_page_and_is_told_on_whose_behalf(client, delegation):
    client.force_login(StaffRoleFactory(meeting=delegation.meeting, role=Role.ORGANISER).user)
    text = client.get(at("workspace", delegation)).content.decode()
    assert f"on behalf of {delegation.name}" in text


def test_somebody_elses_delegation_is_not_there(client, delegation, focal):
    other = DelegationFactory(category__meeting=delegation.meeting)
    assert client.get(at("workspace", other)).status_code == 404


def test_the_address_of_another_meeting_opens_nothing(client, delegation, focal):
    elsewhere = DelegationFactory()
    look_after(client, delegation)
    address = at("workspace", delegation).replace(delegation.meeting.slug, elsewhere.meeting.slug)
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_workspace_query_count(client, delegation, focal, rows, django_assert_max_num_queries):
    for _ in range(rows):
        make_draft(delegation, email="", unparsed={"email": "nobody@nowhere"})
        RegistrationFactory(delegation=delegation)
    client.get(at("workspace", delegation))
    with django_assert_max_num_queries(15) as counted:
        client.get(at("workspace", delegation))
    counts = test_workspace_query_count.__dict__.setdefault("counts", set())
    counts.add(len(counted))
    assert len(counts) == 1
