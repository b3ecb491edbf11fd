"""A meeting of ESCAP with two of its categories."""

import pytest

from tests.factories import (
    CategoryFactory,
    DelegationFactory,
    MeetingFactory,
)
from tests.registration.participants.making import person, state


@pytest.fixture
def meeting():
    return MeetingFactory(title="Preparatory meeting")


@pytest.fixture
def members(meeting):
    return CategoryFactory(meeting=meeting, code="MEM", order=10, name="Members", kinds=["state"])


@pytest.fixture
def ngos(meeting):
    return CategoryFactory(meeting=meeting, code="NGO", order=80, name="Non-governmental organizations")


@pytest.fixture
def twice(members, ngos):
    """One person, approved for a State and for an organisation."""
    same = {"email": "ana@example.org", "display_name": "Ana Silva"}
    return person(state(members, "FJI", en="Fiji"), **same), person(DelegationFactory(category=ngos), **same)
