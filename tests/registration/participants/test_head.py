"""What stands around the list."""

import datetime

import pytest

from registration.models import Officer, ParticipantsSetup, Status
from registration.models import RoleInDelegation as Role
from registration.participants.tree import Tree
from tests.factories import (
    CategoryFactory,
    DelegationFactory,
    EntityFactory,
)
from tests.registration.participants.making import listed, person, state

pytestmark = pytest.mark.django_db


def test_the_head_of_the_document(meeting):
    from meeting.models import Venue

    meeting.venue = Venue.objects.create(name="UNCC", city_en="Bangkok", city_ar="بانكوك")
    setup = {"symbol": "E/ESCAP/WC3/2008/INF/2", "distribution_en": "For participants only"}
    ParticipantsSetup.objects.create(meeting=meeting, corrections_until=datetime.date(2008, 9, 15), **setup)
    head = listed(meeting, state="Provisional").head
    assert (head.title, head.state, head.symbol) == ("List of participants", "Provisional", "E/ESCAP/WC3/2008/INF/2")
    assert head.body == ("United Nations", "Economic and Social Commission for Asia and the Pacific")
    assert (head.date, head.languages, head.distribution) == (
        "8 September 2008",
        "English only",
        "For participants only",
    )
    assert (head.meeting, head.place_and_days) == ("Preparatory meeting", "Bangkok, 18–19 September 2008")
    assert head.basis == "Registered and approved by 8 September 2008."
    assert head.corrections == "Please send corrections to secretariat@example.org by 15 September 2008."
    arabic = listed(meeting, "ar").head
    assert (arabic.place_and_days, arabic.languages) == ("بانكوك، 18–19 أيلول/سبتمبر 2008", "بالعربية فقط")


def test_all_languages_of_the_document_are_named(meeting):
    assert listed(meeting, "fr", languages=["en", "fr", "zh"]).head.languages == "Anglais, chinois et français"


def test_officers_stand_first_where_the_profile_says_so(meeting, members):
    fiji = state(members, "FJI", en="Fiji")
    chair = person(fiji, honorific="Ms.")
    absent = person(fiji, status=Status.REJECTED)
    for order, (office, elected) in enumerate((("Rapporteur", absent), ("Chair", chair))):
        Officer.objects.create(meeting=meeting, order=order, office=office, registration=elected)
    found = listed(meeting)
    assert found.officers_heading == "OFFICERS"
    assert [(o.office, o.line, o.reference) for o in found.officers] == [
        ("Chair", "Ms. Ana Silva (Fiji)", chair.reference)
    ]
    assert not listed(meeting, profile="unfccc").officers


def test_the_disclaimer_about_designations_stands_in_every_language(meeting):
    said = {code: listed(meeting, code).disclaimer for code in ("en", "fr", "es", "ru", "zh", "ar")}
    assert len(set(said.values())) == 6
    assert all(len(text) > 40 for text in said.values())


def test_a_flat_list_has_no_columns_and_no_roles(meeting, members):
    person(state(members, "FJI", en="Fiji"), role=Role.HEAD)
    found = listed(meeting, profile="unfccc")
    assert (found.is_flat, found.two_columns, found.sections[0].heading) == (True, False, "Parties")
    assert [r.heading for r in found.sections[0].entities[0].roles] == [""]


def test_a_profile_that_joins_categories_prints_an_entity_once(meeting):
    both = EntityFactory(code="X", names={"en": "Holy See"})
    for order, code in ((1, "OTH"), (2, "OBS")):
        person(DelegationFactory(category=CategoryFactory(meeting=meeting, code=code, order=order), entity=both))
    section = listed(meeting, profile="who").sections[0]
    assert (section.heading, len(section.entities), section.count) == ("OBSERVERS", 1, 2)


def test_a_language_that_is_not_there_is_told(meeting):
    with pytest.raises(ValueError, match="There are: en, fr, es, ru, zh, ar"):
        listed(meeting, "de")


def test_an_empty_list_has_a_head_and_no_sections(meeting):
    found = listed(meeting)
    assert (found.sections, found.count, found.head.title) == ((), 0, "List of participants")


def test_a_tree_comes_back_from_json_as_it_was(meeting, twice):
    import json

    found = listed(meeting)
    assert Tree.from_json(json.loads(json.dumps(found.as_json()))) == found
