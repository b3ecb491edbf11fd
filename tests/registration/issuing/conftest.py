import datetime

import pytest

from meeting.models import Role
from registration.issuing.issue import Wanted, issue
from registration.models import IssuedKind, Status
from tests.factories import (
    CategoryFactory,
    DelegationFactory,
    EntityFactory,
    MeetingFactory,
    RegistrationFactory,
    StaffRoleFactory,
)

Kind = IssuedKind


def approved(**values):
    """Somebody whose approval is told, as letters want it."""
    return RegistrationFactory(**{"status": Status.APPROVED, **values})


def letter_for(registration, kind=Kind.CONFIRMATION, language="en", **wanted):
    return issue(registration.pk, Wanted(kind, language, **wanted))


@pytest.fixture
def meeting(db):
    return MeetingFactory(title="Regional Preparatory Meeting", ends_on=datetime.date(2008, 9, 19))


@pytest.fixture
def delegation(meeting):
    entity = EntityFactory(names={"en": "Fiji", "fr": "Fidji", "ar": "فيجي"})
    return DelegationFactory(category=CategoryFactory(meeting=meeting, name="Members"), entity=entity)


@pytest.fixture
def person(delegation):
    return approved(delegation=delegation, honorific="Ms.", given_names="Litia", family_name="Waqanisau")


@pytest.fixture
def officer(meeting):
    return StaffRoleFactory(meeting=meeting, role=Role.VISA).user


@pytest.fixture
def organiser(meeting):
    return StaffRoleFactory(meeting=meeting, role=Role.ORGANISER).user
