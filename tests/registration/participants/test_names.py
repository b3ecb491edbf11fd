"""What States, organisations, roles and people are called in the list."""

import datetime

import pytest

from meeting.models import EntityKind, EntityName
from registration.models import Category, ParticipantsSetup, Publication
from registration.models import RoleInDelegation as Role
from tests.factories import (
    CategoryFactory,
    DelegationFactory,
    EntityFactory,
)
from tests.registration.participants.making import entities, listed, names, own_profile, person, state

pytestmark = pytest.mark.django_db


@pytest.fixture
def turkey(members):
    delegation = state(members, "TUR")
    for name, formal, start, end in (
        ("Turkey", "the Republic of Turkey", None, datetime.date(2022, 5, 31)),
        ("Türkiye", "the Republic of Türkiye", datetime.date(2022, 6, 1), None),
    ):
        values = {"name": name, "formal": formal, "valid_from": start, "valid_to": end}
        EntityName.objects.create(entity=delegation.entity, language="en", **values)
    delegation.entity.names.filter(name__startswith="Organization").delete()
    person(delegation)
    return delegation


def test_a_state_has_the_name_of_the_day_of_the_meeting(meeting, turkey):
    assert entities(listed(meeting)) == ["Turkey"]


def test_a_state_renamed_between_two_versions_is_the_same_delegation_in_both(meeting, members, turkey):
    person(state(members, "TUV", en="Tuvalu"))
    person(state(members, "TKM", en="Turkmenistan"))
    before, after = listed(meeting), listed(meeting, on=datetime.date(2022, 6, 1))
    assert entities(before) == ["Turkey", "Turkmenistan", "Tuvalu"]
    assert entities(after) == ["Türkiye", "Turkmenistan", "Tuvalu"]
    assert {e.delegation for e in before.sections[0].entities} == {e.delegation for e in after.sections[0].entities}


def test_the_style_of_the_body_comes_before_the_general_name(meeting):
    members = CategoryFactory(meeting=meeting, code="ASM", order=1, kinds=["state"])
    hong_kong = state(members, "HKG", en="Hong Kong SAR")
    EntityName.objects.create(entity=hong_kong.entity, language="en", profile="ESCAP", name="Hong Kong, China")
    person(hong_kong)
    assert entities(listed(meeting, profile="escap")) == ["Hong Kong, China"]
    assert entities(listed(meeting, profile="un")) == ["Hong Kong SAR"]


def test_formal_names_are_printed_in_the_order_of_the_short_ones(meeting, members):
    for code, short, formal in (
        ("KHM", "Cambodia", "the Kingdom of Cambodia"),
        ("FJI", "Fiji", "the Republic of Fiji"),
    ):
        delegation = state(members, code, en=short)
        delegation.entity.names.update(formal=formal)
        person(delegation)
    found = listed(meeting, profile=own_profile(formal=True))
    assert [e.heading for e in found.sections[0].entities] == ["THE KINGDOM OF CAMBODIA", "THE REPUBLIC OF FIJI"]


def test_an_entity_without_a_name_on_that_day_keeps_the_one_that_the_meeting_has_of_it(meeting, members):
    montenegro = state(members, "MNE", en="Montenegro")
    montenegro.entity.names.update(valid_from=datetime.date(2020, 1, 1))
    person(montenegro)
    assert listed(meeting).sections[0].entities[0].heading == montenegro.name.upper()


def test_an_acronym_stands_only_beside_a_name_of_its_own_language(meeting):
    agencies = CategoryFactory(meeting=meeting, code="SPA", order=1)
    names_of_who = {
        "en": "World Health Organization",
        "fr": "Organisation mondiale de la Santé",
        "ar": "منظمة الصحة العالمية",
    }
    who = EntityFactory(code="WHO", kind=EntityKind.AGENCY, acronym="WHO", names=names_of_who)
    person(DelegationFactory(category=agencies, entity=who))
    headings = {code: listed(meeting, code).sections[0].entities[0].heading for code in ("en", "fr", "es", "ar")}
    assert headings == {
        "en": "World Health Organization (WHO)",
        "fr": "Organisation mondiale de la Santé (OMS)",
        "es": "World Health Organization (WHO)",  # the directory has no Spanish name, so all of it is English
        "ar": "منظمة الصحة العالمية",
    }


def test_capitals_of_headings_are_those_of_the_language(meeting, members):
    person(state(members, "CIV", en="Côte d’Ivoire", fr="Côte d’Ivoire"))
    assert listed(meeting, "fr").sections[0].entities[0].heading == "CÔTE D’IVOIRE"
    assert listed(meeting, "fr", profile="unfccc").sections[0].entities[0].heading == "Côte d’Ivoire"


def test_a_name_is_printed_as_its_bearer_typed_it(meeting, members):
    person(state(members, "SGP", en="Singapore"), "Siew Leng", "Tan", display_name="TAN Siew Leng", honorific="Ms.")
    assert listed(meeting).sections[0].entities[0].people[0].line == "Ms. TAN Siew Leng, Director"


def test_what_nobody_sees_is_not_printed_and_stays_in_the_database(meeting, members):
    typed = "Ana\u202eavliS\u202c\nSilva\x07\u2028 (MP)"
    found = person(state(members, "PRT", en="Portugal"), display_name=typed, functional_title="Di\nrector\u200f")
    printed = listed(meeting).sections[0].entities[0].people[0]
    assert (printed.name, printed.line) == ("AnaavliS Silva (MP)", "AnaavliS Silva (MP), Di rector")
    found.refresh_from_db()
    assert found.display_name == typed


def test_joiners_that_a_script_needs_are_printed(meeting, members):
    person(state(members, "IRN", en="Iran"), display_name="می\u200cخواهم")
    assert names(listed(meeting)) == ["می\u200cخواهم"]


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "H.E. Ms. Fiona Carmody, Ambassador, Attorney-General"),
        ("fr", "S.E. Mme Fiona Carmody, Ambassador, Attorney-General"),
        ("zh", "Fiona Carmody女士阁下，Ambassador，Attorney-General"),
        ("ar", "سعادة السيدة Fiona Carmody، Ambassador، Attorney-General"),
    ],
)
def test_forms_of_address_are_in_the_language_of_the_list(meeting, members, language, line):
    values = {"honorific": "H.E. Ms.", "functional_title": "Ambassador", "department": "Attorney-General"}
    person(state(members, "AUS", en="Australia"), "Fiona", "Carmody", **values)
    printed = listed(meeting, language).sections[0].entities[0].people[0]
    assert (printed.line, printed.printed_name) == (line, line.replace("，", "،").replace(",", "،").split("،")[0])


def test_an_organisation_that_only_repeats_the_heading_is_left_out(meeting, ngos):
    plan = DelegationFactory(category=ngos, entity=EntityFactory(code="P", acronym="PI", names={"en": "Plan"}))
    for number, organisation in enumerate(("plan", "PI", "Plan Asia")):
        person(plan, organisation=organisation, precedence=number)
    people = listed(meeting).sections[0].entities[0].people
    assert [p.line for p in people] == ["Ana Silva, Director"] * 2 + ["Ana Silva, Director, Plan Asia"]


def test_contact_details_leave_only_where_both_the_meeting_and_the_person_say_so(meeting, members):
    fiji = state(members, "FJI", en="Fiji")
    person(fiji, "Ana", "A", phone="+679 555 0100", email="ana@gov.example", contact_shared=True)
    person(fiji, "Beni", "B", phone="+679 555 0101", email="beni@gov.example")
    assert "@" not in str(listed(meeting)) and "555" not in str(listed(meeting))
    ParticipantsSetup.objects.create(meeting=meeting, with_contact=True)
    shown = [(p.email, p.phone) for p in listed(meeting).sections[0].entities[0].people]
    assert shown == [("ana@gov.example", "+679 555 0100"), ("", "")]


@pytest.mark.parametrize(
    ("rule", "public"),
    [(Publication.ALL, [True, True]), (Publication.CONSENT, [True, False]), (Publication.NOBODY, [False, False])],
)
def test_who_may_stand_on_the_public_page_is_marked(meeting, members, rule, public):
    fiji = state(members, "FJI", en="Fiji")
    person(fiji, "Ana", "A", name_public=True)
    person(fiji, "Beni", "B")
    Category.objects.filter(pk=members.pk).update(publication=rule)
    assert [p.is_public for p in listed(meeting).sections[0].entities[0].people] == public


@pytest.mark.parametrize(
    ("language", "one", "two", "five", "twenty_one"),
    [
        ("en", "Adviser", "Advisers", "Advisers", "Advisers"),
        ("fr", "Conseiller", "Conseillers", "Conseillers", "Conseillers"),
        ("ru", "Советник", "Советники", "Советники", "Советники"),
        ("ar", "المستشار", "المستشاران", "المستشارون", "المستشارون"),
    ],
)
def test_headings_of_roles_are_in_the_right_number(meeting, members, language, one, two, five, twenty_one):
    for number in (1, 2, 5, 21):
        delegation = state(members, f"S{number}", en=f"State {number:02}")
        for _each in range(number):
            person(delegation)
    found = [e.roles[0].heading for e in listed(meeting, language).sections[0].entities]
    assert found == [one, two, five, twenty_one]


def test_organisations_have_representatives_whatever_their_roles(meeting, ngos):
    plan = DelegationFactory(category=ngos)
    person(plan, "Ana", "A", role=Role.HEAD)
    person(plan, "Beni", "B", role=Role.INTERPRETER)
    assert [r.heading for r in listed(meeting).sections[0].entities[0].roles] == ["Representatives"]
