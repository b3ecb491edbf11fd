import datetime

import pytest

from meeting.models import Role
from registration.mail.broker import publisher
from registration.models import Modality, RoleInDelegation, Status
from tests.factories import CategoryFactory, DelegationFactory, MeetingFactory, RegistrationFactory, StaffRoleFactory


@pytest.fixture
def meeting(db):
    return MeetingFactory(slug="eap", short_title="EAP 2008")


@pytest.fixture
def category(meeting):
    return CategoryFactory(meeting=meeting, name="Members", name_fr="Membres")


@pytest.fixture
def exporter(client, meeting):
    """Signed in."""
    user = StaffRoleFactory(meeting=meeting, role=Role.LISTS).user
    client.force_login(user)
    return user


@pytest.fixture
def person(category):
    return RegistrationFactory(
        delegation=DelegationFactory(category=category, name="Fiji", sort_key="fiji"),
        honorific="Ms.",
        display_name="Litia WAQANISAU",
        given_names="Litia",
        family_name="Waqanisau",
        functional_title='=HYPERLINK("http://evil")',
        department="Women, Children;\nand “Poverty” Alleviation",
        email="litia@example.org",
        phone="+66 2 288 1234",
        role=RoleInDelegation.HEAD,
        modality=Modality.IN_PERSON,
        status=Status.APPROVED,
        precedence=3,
        contact_shared=True,
        status_since=datetime.datetime(2008, 9, 8, 2, 12, 30, tzinfo=datetime.UTC),
        submitted_at=datetime.datetime(2008, 9, 1, 20, 55, tzinfo=datetime.UTC),
    )


@pytest.fixture
def announced(monkeypatch):
    """What was to be announced to a worker; nothing reaches the broker."""
    told = []
    monkeypatch.setattr(publisher, "announce", lambda *what: told.append(what))
    return told
