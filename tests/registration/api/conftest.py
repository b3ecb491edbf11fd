import datetime

import pytest
from django.core.cache import cache
from django.utils import timezone

from registration.api import tokens
from registration.models import Publication
from tests.factories import CategoryFactory, MeetingFactory, StaffRoleFactory
from tests.registration.participants.making import state


@pytest.fixture(autouse=True)
def nobody_has_asked():
    cache.clear()


@pytest.fixture
def meeting(db):
    return MeetingFactory(slug="ours")


@pytest.fixture
def organiser(meeting):
    return StaffRoleFactory(meeting=meeting).user


@pytest.fixture
def fiji(meeting):
    members = CategoryFactory(meeting=meeting, code="MEM", kinds=["state"], publication=Publication.ALL)
    return state(members, "FJI", en="Fiji", fr="Fidji")


@pytest.fixture
def a_token(meeting, organiser):
    """`a_token("name", "email")`: a fresh one with these fields."""

    def make(*fields, until=None):
        until = until or timezone.now() + datetime.timedelta(days=1)
        return tokens.make(
            meeting, name="Badges", purpose="To print them", fields=list(fields), expires_at=until, by=organiser
        )[1]

    return make
