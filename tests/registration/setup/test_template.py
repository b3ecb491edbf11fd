"""The official categories: what a meeting takes from them, and who comes in which."""

import pytest

from meeting.models import EntityKind
from registration.models import Category, Listing, Typist
from registration.rules import category_for, why_not_oneself
from registration.setup.template import OFFICIAL, add_official
from tests.factories import CategoryFactory, DelegationFactory, EntityFactory, MeetingFactory

pytestmark = pytest.mark.django_db
LANGUAGES = ("en", "fr", "es", "ru", "zh_hans", "ar")


def test_there_are_sixteen_with_a_heading_in_every_language():
    meeting = MeetingFactory()
    assert len(add_official(meeting, [c.code for c in OFFICIAL])) == 16
    headings = [getattr(c, f"name_{language}") for c in meeting.categories.all() for language in LANGUAGES]
    assert all(headings)
    assert len({c.name_en for c in meeting.categories.all()}) == 16


def test_what_is_there_stays_and_what_comes_stands_in_official_order():
    meeting = MeetingFactory()
    own = CategoryFactory(meeting=meeting, code="NGO", order=10, name="Our own NGOs")
    assert [c.code for c in add_official(meeting, ["SEC", "MEM", "NGO"])] == ["MEM", "SEC"]
    own.refresh_from_db()
    assert own.name == "Our own NGOs"
    assert [c.code for c in meeting.categories.all()] == ["NGO", "MEM", "SEC"]
    assert add_official(meeting, ["SEC", "MEM"]) == []


def test_children_are_listed_as_a_number_and_registered_by_their_focal_point():
    children = [c for c in OFFICIAL if c.for_children]
    assert [(c.listing, c.typist, c.by_invitation) for c in children] == [(Listing.NUMBER, Typist.FOCAL_POINT, True)]


def everything(meeting):
    add_official(meeting, [c.code for c in OFFICIAL])
    return list(Category.objects.filter(meeting=meeting))


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (EntityKind.STATE, "OTH"),
        (EntityKind.UN_BODY, "UNB"),
        (EntityKind.AGENCY, "SPA"),
        (EntityKind.IGO, "IGO"),
        (EntityKind.NGO, "NGO"),
        (EntityKind.OTHER, "ENT"),
    ],
)
def test_nobody_comes_unasked_in_a_category_by_invitation(kind, code):
    meeting = MeetingFactory()
    assert category_for(EntityFactory(kind=kind), meeting, everything(meeting)).code == code


def test_whom_the_organisers_set_up_as_media_registers_as_media():
    meeting = MeetingFactory()
    categories = everything(meeting)
    media = next(c for c in categories if c.code == "MED")
    paper = DelegationFactory(category=media, entity__kind=EntityKind.OTHER).entity
    assert category_for(paper, meeting, categories).code == "MED"
    other = next(c for c in categories if c.code == "ENT")
    DelegationFactory(category=other, entity=paper)
    assert category_for(paper, meeting, categories).code == "ENT"


def test_an_organization_that_sends_children_still_registers_its_own_people_as_ngo():
    meeting = MeetingFactory()
    categories = everything(meeting)
    sender = DelegationFactory(category=next(c for c in categories if c.for_children), entity__kind=EntityKind.NGO)
    assert category_for(sender.entity, meeting, categories).code == "NGO"


def test_where_the_focal_point_types_nobody_registers_alone():
    assert "Host country" in why_not_oneself(Category(name="Host country", typist=Typist.FOCAL_POINT))
    assert why_not_oneself(Category(typist=Typist.ENDORSED)) == ""
