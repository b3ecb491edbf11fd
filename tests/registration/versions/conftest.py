"""A meeting with a category whose names are published, one that asks for consent, and an organiser."""

import pytest

from meeting.models import Role
from registration.models import ParticipantsSetup, Publication
from tests.factories import CategoryFactory, DelegationFactory, MeetingFactory, StaffRoleFactory
from tests.registration.participants.making import state


@pytest.fixture
def meeting():
    found = MeetingFactory(title="Preparatory meeting")
    ParticipantsSetup.objects.create(meeting=found, profile="un", symbol="E/X/1")
    return found


@pytest.fixture
def members(meeting):
    return CategoryFactory(meeting=meeting, code="MEM", order=10, kinds=["state"], publication=Publication.ALL)


@pytest.fixture
def ngos(meeting):
    return CategoryFactory(meeting=meeting, code="NGO", order=80, publication=Publication.CONSENT)


@pytest.fixture
def fiji(members):
    return state(members, "FJI", en="Fiji", fr="Fidji")


@pytest.fixture
def ngo(ngos):
    return DelegationFactory(category=ngos)


@pytest.fixture
def organiser(meeting):
    return StaffRoleFactory(meeting=meeting, role=Role.ORGANISER).user
