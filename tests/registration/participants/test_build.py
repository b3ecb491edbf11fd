"""The list as a tree: who stands in it, where, in what order, under which words."""

import datetime

import pytest
from django.utils import timezone

from meeting.models import EntityKind, EntityName
from registration.models import Category, LetterKind, Likeness, Listing, Officer, ParticipantsSetup, Publication, Status
from registration.models import RoleInDelegation as Role
from registration.participants.build import build
from registration.participants.profile import Profile
from registration.participants.tree import Tree
from tests.factories import (
    CategoryFactory,
    ChildFactory,
    DelegationFactory,
    EntityFactory,
    LetterFactory,
    MeetingFactory,
    RegistrationFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
TODAY = datetime.datetime(2008, 9, 8, 9, tzinfo=datetime.UTC)


@pytest.fixture
def meeting():
    return MeetingFactory(title="Preparatory meeting")


@pytest.fixture
def members(meeting):
    return CategoryFactory(meeting=meeting, code="MEM", order=10, name="Members", kinds=["state"])


@pytest.fixture
def ngos(meeting):
    return CategoryFactory(meeting=meeting, code="NGO", order=80, name="Non-governmental organizations")


def state(category, code, **names):
    entity = EntityFactory(code=code, kind=EntityKind.STATE, names={k.replace("_", "-"): v for k, v in names.items()})
    return DelegationFactory(category=category, entity=entity)


def person(delegation, given="Ana", family="Silva", **values):
    values = {"role": Role.ADVISER, "status": Status.APPROVED, "functional_title": "Director", **values}
    values.setdefault("display_name", f"{given} {family}".strip())
    return RegistrationFactory(delegation=delegation, given_names=given, family_name=family, **values)


def listed(meeting, language="en", **asked) -> Tree:
    return build(meeting, language=language, now=TODAY, **asked)


def outline(tree: Tree) -> list:
    """The list as somebody reads it down the page."""
    lines = []
    for section in tree.sections:
        lines.append(section.heading)
        for entity in section.entities:
            lines.append(entity.heading)
            for role in entity.roles:
                lines += [role.heading, *(found.line for found in role.people)]
        lines += [section.text] if section.text else []
    return lines


def names(tree: Tree) -> list[str]:
    return [p.name for s in tree.sections for e in s.entities for p in e.people]


def entities(tree: Tree) -> list[str]:
    return [e.name for s in tree.sections for e in s.entities]


def test_reads_down_the_page_by_section_entity_role_and_person(meeting, members, ngos):
    fiji, australia = state(members, "FJI", en="Fiji"), state(members, "AUS", en="Australia")
    ecpat = DelegationFactory(
        category=ngos, entity=EntityFactory(code="ECPAT", acronym="ECPAT", names={"en": "End Child Prostitution"})
    )
    person(ecpat, "Ron", "O'Grady", functional_title="Chair", role=Role.HEAD, honorific="Mr.")
    person(fiji, "Litia", "Qionibaravi", honorific="H.E. Ms.", role=Role.HEAD, department="Ministry of Women")
    person(fiji, "Adi", "Tuilau", honorific="Ms.")
    person(fiji, "Seru", "Baba", honorific="Mr.")
    person(australia, "Fiona", "Carmody", role=Role.ALTERNATE)
    assert outline(listed(meeting)) == [
        "MEMBERS",
        "AUSTRALIA",
        "Alternate representative",
        "Fiona Carmody, Director",
        "FIJI",
        "Representative (head of delegation)",
        "H.E. Ms. Litia Qionibaravi, Director, Ministry of Women",
        "Advisers",
        "Mr. Seru Baba, Director",
        "Ms. Adi Tuilau, Director",
        "NON-GOVERNMENTAL ORGANIZATIONS",
        "End Child Prostitution (ECPAT)",
        "Representative",
        "Mr. Ron O'Grady, Chair",
    ]
