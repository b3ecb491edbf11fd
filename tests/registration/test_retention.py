"""What was kept for one meeting is forgotten after it."""

import datetime

import pytest
from django.utils import timezone

from registration import retention
from registration.models import Registration
from tests.factories import RegistrationFactory, UserFactory

pytestmark = pytest.mark.django_db
BORN = datetime.date(1980, 5, 31)
DAY = datetime.timedelta(days=1)


def registered(days_ago: int, **values) -> Registration:
    made = RegistrationFactory(
        birth_date=BORN, delegation__category__meeting__ends_on=datetime.date(2008, 9, 19), **values
    )
    Registration.objects.filter(pk=made.pk).update(created_at=timezone.now() - days_ago * DAY)
    return made


def born(registration: Registration) -> datetime.date | None:
    registration.refresh_from_db()
    return registration.birth_date


def test_a_date_of_birth_is_forgotten_thirty_days_after_the_meeting_or_the_registration():
    old, late = registered(31), registered(29)
    coming = RegistrationFactory(
        birth_date=BORN, delegation__category__meeting__ends_on=timezone.now().date() - 10 * DAY
    )
    Registration.objects.filter(pk=coming.pk).update(created_at=timezone.now() - 90 * DAY)
    assert retention.forget_birth_dates() == 1
    assert (born(old), born(late), born(coming)) == (None, BORN, BORN)
    assert retention.forget_birth_dates() == 0


def test_histories_proposals_and_what_could_not_be_read_forget_it_too():
    old = registered(31, status="draft", unparsed={"birth_date": "31/02/1980", "email": "x@y"})
    was = {"birth_date": [None, "1980-05-31"], "phone": ["", "1"]}
    event = old.events.create(action="edited", from_status="draft", to_status="draft", changes=was)
    proposal = old.proposals.create(changes=dict(was), by=UserFactory())
    retention.forget_birth_dates()
    old.refresh_from_db()
    event.refresh_from_db()
    proposal.refresh_from_db()
    assert old.unparsed == {"email": "x@y"}
    assert event.changes == proposal.changes == {"phone": ["", "1"]}
