"""A meeting with two States and an organisation, of each of which somebody comes."""

import pytest

from meeting.models import EntityKind, Role
from registration.models import RoleInDelegation, Status
from tests.factories import (
    CategoryFactory,
    DelegationFactory,
    EntityFactory,
    MeetingFactory,
    RegistrationFactory,
    StaffRoleFactory,
)


@pytest.fixture
def meeting():
    return MeetingFactory()


@pytest.fixture
def clerk(client, meeting):
    user = StaffRoleFactory(meeting=meeting, role=Role.LISTS).user
    client.force_login(user)
    return user


@pytest.fixture
def members(meeting):
    return CategoryFactory(
        meeting=meeting, code="MEM", order=10, name="Members", represents="government", kinds=["state"]
    )


@pytest.fixture
def ngos(meeting):
    return CategoryFactory(meeting=meeting, code="NGO", order=80, name="Non-governmental organizations")


def state(category, **names):
    entity = EntityFactory(kind=EntityKind.STATE, names={k.replace("_", "-"): v for k, v in names.items()})
    return DelegationFactory(category=category, entity=entity)


def approved(delegation, **values):
    values = {"status": Status.APPROVED, "role": RoleInDelegation.ADVISER, **values}
    return RegistrationFactory(delegation=delegation, **values)


@pytest.fixture
def fiji(members):
    delegation = state(members, en="Fiji", fr="Fidji", ar="فيجي", zh_hans="斐济")
    approved(delegation, honorific="H.E. Ms.", display_name="Litia Waqanisau", role=RoleInDelegation.HEAD)
    return delegation


@pytest.fixture
def korea(members):
    delegation = state(
        members,
        en="Democratic People’s Republic of Korea",
        fr="République populaire démocratique de Corée",
        ar="جمهورية كوريا الشعبية الديمقراطية",
        zh_hans="朝鲜民主主义人民共和国",
    )
    approved(delegation, display_name="Choi Tae-yang")
    return delegation


@pytest.fixture
def plan(ngos):
    delegation = DelegationFactory(category=ngos, entity__names={"en": "Plan International"})
    approved(delegation, display_name="Eva Other")
    return delegation
