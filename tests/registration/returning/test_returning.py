"""Bringing back an earlier delegation: from whose rosters, whom, and what comes along."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from meeting.models import Role
from registration.models import Channel, FocalPoint, Registration, Status
from registration.roster import returning
from tests.factories import (
    CategoryFactory,
    DelegationFactory,
    EntityFactory,
    MeetingFactory,
    RegistrationFactory,
    StaffRoleFactory,
    UserFactory,
)
from tests.registration.test_races import at_once

pytestmark = pytest.mark.django_db


def delegation_at(year, entity, **values):
    meeting = MeetingFactory(starts_on=datetime.date(year, 9, 1), ends_on=datetime.date(year, 9, 2))
    return DelegationFactory(category=CategoryFactory(meeting=meeting, **values), entity=entity)


@pytest.fixture
def entity():
    return EntityFactory()


@pytest.fixture
def old(entity):
    return delegation_at(2004, entity)


@pytest.fixture
def now(entity):
    return delegation_at(2008, entity)


@pytest.fixture
def focal(client, old, now):
    """Somebody who looked after both, signed in by a mailed link."""
    user = UserFactory(is_staff=False)
    FocalPoint.objects.create(delegation=old, user=user, ended_at=timezone.now(), ended_by=user)
    FocalPoint.objects.create(delegation=now, user=user)
    session = client.session
    session["focal_point"] = user.pk
    session.save()
    return user


@pytest.fixture
def minister(old):
    return RegistrationFactory(
        delegation=old, status=Status.APPROVED, display_name="WAQANISAU Litia", functional_title="Deputy Minister",
        role="head", email="litia@fiji.example", phone="+679 321", birth_date=datetime.date(1960, 1, 2),
        passport_name="LITIA WAQANISAU", on_behalf=True,
    )  # fmt: skip


def page(delegation, name="returning"):
    return reverse(f"roster:{name}", args=[delegation.meeting.slug, delegation.reference])


def confirmed(client, now, old, person, *, answer="right", **values):
    told = {"functional_title": "Minister", "role": "head", "email": "", "answer": answer} | values
    data = {f"{person.reference}-{name}": text for name, text in told.items()}
    return client.post(
        page(now, "returning_confirmed"), {"from": old.reference, "who": [person.reference], **data}, follow=True
    )


def brought(now):
    return Registration.objects.get(delegation=now)


def test_everybody_of_the_earlier_roster_is_shown_and_nobody_is_chosen(client, focal, now, old, minister):
    text = client.get(page(now)).content.decode()
    assert "WAQANISAU Litia" in text
    assert "Deputy Minister" in text
    assert minister.reference in text
    assert "checked" not in text


def test_each_is_looked_at_once_more_and_becomes_a_draft_with_what_was_corrected(client, focal, now, old, minister):
    text = client.post(page(now), {"from": old.reference, "who": [minister.reference]}).content.decode()
    assert 'value="Deputy Minister"' in text
    assert not Registration.objects.filter(delegation=now).exists()
    answer = confirmed(client, now, old, minister, email="litia@new.example")
    row = brought(now)
    assert (row.display_name, row.functional_title, row.email) == ("WAQANISAU Litia", "Minister", "litia@new.example")
    assert (row.status, row.channel, row.role, row.on_behalf) == (Status.DRAFT, Channel.ROSTER, "head", True)
    assert row.brought_from == minister
    assert row.reference != minister.reference
    assert "waqanisau" in row.search_key
    assert "back on the roster" in answer.content.decode()


def test_nothing_that_only_that_meeting_needed_comes_along(client, focal, now, old, minister):
    confirmed(client, now, old, minister)
    row = brought(now)
    assert (row.birth_date, row.passport_name, row.phone, row.email) == (None, "", "", "")


def test_addresses_come_along_for_a_year_after_that_meeting(minister):
    within = datetime.datetime(2005, 8, 1, tzinfo=datetime.UTC)
    later = datetime.datetime(2005, 10, 1, tzinfo=datetime.UTC)
    assert returning.offered(minister, within).email == "litia@fiji.example"
    assert returning.offered(minister, later).email == ""


def test_without_a_word_of_each_nobody_is_brought_back(client, focal, now, old, minister):
    answer = confirmed(client, now, old, minister, answer="")
    assert answer.status_code == 422
    assert "Say that this is right, or leave this person out" in answer.content.decode()
    assert not Registration.objects.filter(delegation=now).exists()


@pytest.mark.parametrize(("field", "text"), [("functional_title", " "), ("email", "litia@"), ("role", "king")])
def test_what_cannot_stand_is_told_beside_it_and_nothing_is_lost(client, focal, now, old, minister, field, text):
    answer = confirmed(client, now, old, minister, **{"functional_title": "Minister of Health", field: text})
    assert answer.status_code == 422
    assert field == "functional_title" or "Minister of Health" in answer.content.decode()
    assert not Registration.objects.filter(delegation=now).exists()


def test_whoever_is_left_out_need_not_be_right(client, focal, now, old, minister):
    answer = confirmed(client, now, old, minister, answer="out", functional_title="", email="nonsense")
    assert answer.status_code == 200
    assert "Nobody was brought back" in answer.content.decode()
    assert not Registration.objects.filter(delegation=now).exists()


def test_nobody_chosen_is_told(client, focal, now, old, minister):
    answer = client.post(page(now), {"from": old.reference})
    assert answer.status_code == 422
    assert "Tick those who come again" in answer.content.decode()


@pytest.mark.parametrize(
    "values",
    [
        {"display_name": "Litia Waqanisau", "given_names": "Litia", "family_name": "Waqanisau"},
        {"display_name": "L. Waqanisau", "email": "LITIA@fiji.example"},
    ],
)
def test_whoever_is_on_the_roster_already_is_shown_as_such_and_not_doubled(client, focal, now, old, minister, values):
    RegistrationFactory(delegation=now, **values)
    text = client.get(page(now)).content.decode()
    assert "On the roster already" in text
    assert minister.reference not in text
    confirmed(client, now, old, minister)
    assert Registration.objects.filter(delegation=now).count() == 1


def test_what_somebody_has_begun_alone_is_not_told(client, focal, now, old, minister):
    RegistrationFactory(delegation=now, status=Status.DRAFT, display_name=minister.display_name, email=minister.email)
    text = client.get(page(now)).content.decode()
    assert "On the roster already" not in text
    assert minister.reference in text


def test_confirming_twice_brings_nobody_twice(client, focal, now, old, minister):
    confirmed(client, now, old, minister)
    confirmed(client, now, old, minister)
    assert Registration.objects.filter(delegation=now).count() == 1


def test_children_the_refused_drafts_and_merged_ones_do_not_come_back(client, focal, now, old, minister):
    child = RegistrationFactory(
        delegation=old, given_names="Participant Y100", display_name="Participant Y100", family_name="",
        functional_title="", email="", is_minor=True,
    )  # fmt: skip
    others = [RegistrationFactory(delegation=old, status=s) for s in (Status.REJECTED, Status.DRAFT)]
    merged = RegistrationFactory(delegation=old, status=Status.WITHDRAWN, merged_into=minister)
    text = client.get(page(now)).content.decode()
    assert minister.reference in text
    assert not any(r.reference in text for r in (child, merged, *others))
    client.post(page(now, "returning_confirmed"), {"from": old.reference, "who": [child.reference]})
    assert not Registration.objects.filter(delegation=now).exists()


def test_a_roster_that_somebody_else_looked_after_cannot_be_picked_from(client, focal, now, entity):
    theirs = delegation_at(2001, entity)
    person = RegistrationFactory(delegation=theirs, display_name="Not Yours")
    assert client.get(f"{page(now)}?from={theirs.reference}").status_code == 404
    assert client.post(page(now), {"from": theirs.reference, "who": [person.reference]}).status_code == 404
    assert confirmed(client, now, theirs, person).status_code == 404
    assert "Not Yours" not in client.get(page(now)).content.decode()


def test_another_entitys_roster_cannot_be_picked_from_even_by_its_focal_point(client, focal, now):
    other = delegation_at(2004, EntityFactory())
    FocalPoint.objects.create(delegation=other, user=focal)
    RegistrationFactory(delegation=other)
    assert client.get(f"{page(now)}?from={other.reference}").status_code == 404


def test_a_mailed_link_opens_nothing_that_needs_a_role(focal, now, entity):
    theirs = delegation_at(2001, entity)
    RegistrationFactory(delegation=theirs)
    StaffRoleFactory(user=focal, meeting=theirs.meeting, role=Role.ORGANISER)
    focal.is_staff = True
    focal.save()
    assert theirs not in returning.earlier(now, focal)


def test_an_organiser_picks_from_the_meetings_they_organise(client, now, old, minister, entity):
    organiser = StaffRoleFactory(meeting=now.meeting, role=Role.ORGANISER).user
    client.force_login(organiser)
    assert "no earlier delegation" in client.get(page(now)).content.decode()
    StaffRoleFactory(user=organiser, meeting=old.meeting, role=Role.ORGANISER)
    assert minister.reference in client.get(page(now)).content.decode()


def test_the_workspace_offers_it_only_where_there_is_somebody(client, focal, now, old):
    address = reverse("roster:workspace", args=[now.meeting.slug, now.reference])
    assert page(now) not in client.get(address).content.decode()
    RegistrationFactory(delegation=old, status=Status.APPROVED)
    assert page(now) in client.get(address).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_query_count(client, focal, now, old, rows, django_assert_num_queries):
    RegistrationFactory.create_batch(rows, delegation=old)
    RegistrationFactory.create_batch(rows, delegation=now)
    with django_assert_num_queries(7):
        client.get(page(now))


@pytest.mark.django_db(transaction=True)
def test_two_who_confirm_the_same_person_at_once_bring_one_row(now, minister):
    rows = [returning.offered(minister) for _ in range(4)]
    at_once(*[lambda r=r: returning.bring(now, [r]) for r in rows])
    assert Registration.objects.filter(delegation=now).count() == 1
