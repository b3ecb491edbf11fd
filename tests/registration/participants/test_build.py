"""The list as a tree: what stands where, and in which order."""

import pytest

from registration.models import Officer, Status
from registration.models import RoleInDelegation as Role
from tests.factories import (
    CategoryFactory,
    DelegationFactory,
    EntityFactory,
    LetterFactory,
    RegistrationFactory,
)
from tests.registration.participants.making import entities, listed, names, outline, own_profile, person, state

pytestmark = pytest.mark.django_db


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


def test_inside_a_role_the_delegations_own_order_comes_before_names(meeting, members):
    fiji = state(members, "FJI", en="Fiji")
    person(fiji, "Adi", "Zuluf", precedence=1)
    person(fiji, "Beni", "Yalla", precedence=2)
    person(fiji, "Cama", "Baba")
    person(fiji, "Dina", "Abba")
    assert names(listed(meeting)) == ["Adi Zuluf", "Beni Yalla", "Dina Abba", "Cama Baba"]


def test_rank_comes_before_the_delegations_own_order(meeting, members):
    fiji = state(members, "FJI", en="Fiji")
    person(fiji, "Adi", "Adviser", precedence=1)
    person(fiji, "Hana", "Head", role=Role.HEAD, precedence=9)
    person(fiji, "Dana", "Deputy", role=Role.DEPUTY)
    assert names(listed(meeting)) == ["Hana Head", "Dana Deputy", "Adi Adviser"]


def test_whoever_has_no_family_name_is_ordered_by_the_given_one(meeting, members):
    indonesia = state(members, "IDN", en="Indonesia")
    person(indonesia, "Budi", "Zulkarnain")
    person(indonesia, "Suparjo", "")
    person(indonesia, "Ani", "Rahman")
    assert names(listed(meeting)) == ["Ani Rahman", "Suparjo", "Budi Zulkarnain"]


def test_the_order_is_that_of_the_language_of_the_list(meeting, members):
    for code, en, fr in (("KOR", "Republic of Korea", "République de Corée"), ("DEU", "Germany", "Allemagne")):
        person(state(members, code, en=en, fr=fr))
    for code, en, fr in (("EGY", "Egypt", "Égypte"), ("FIN", "Finland", "Finlande")):
        person(state(members, code, en=en, fr=fr))
    assert entities(listed(meeting)) == ["Egypt", "Finland", "Germany", "Republic of Korea"]
    assert entities(listed(meeting, "fr")) == ["Allemagne", "Égypte", "Finlande", "République de Corée"]


def test_an_article_is_no_part_of_the_place(meeting, ngos):
    for code, name in (("a", "The World Scouts"), ("b", "Theatre for All"), ("c", "Zonta"), ("d", "Save the Children")):
        person(DelegationFactory(category=ngos, entity=EntityFactory(code=code, names={"en": name})))
    assert entities(listed(meeting)) == ["Save the Children", "Theatre for All", "The World Scouts", "Zonta"]


def test_in_arabic_neither(meeting, members):
    for code, ar in (("BHR", "البحرين"), ("PLW", "بالاو"), ("BRB", "بربادوس"), ("AUS", "أستراليا")):
        person(state(members, code, en=code, ar=ar))
    assert entities(listed(meeting, "ar")) == ["أستراليا", "بالاو", "البحرين", "بربادوس"]


def test_sections_stand_in_the_order_of_the_profile_not_of_the_meeting(meeting):
    for order, code in enumerate(("SEC", "NGO", "UNB", "MEM"), start=1):
        category = CategoryFactory(meeting=meeting, code=code, order=order)
        person(DelegationFactory(category=category))
    assert [s.code for s in listed(meeting).sections] == ["MEM", "UNB", "NGO", "SEC"]


def test_a_category_that_the_profile_does_not_know_stands_after_its_neighbour_under_its_own_name(
    meeting, members, ngos
):
    own = CategoryFactory(meeting=meeting, code="MAYORS", order=20, name_en="Mayors", name_fr="Maires")
    for category in (ngos, own, members):
        person(DelegationFactory(category=category))
    assert [s.heading for s in listed(meeting, "fr").sections] == [
        "MEMBRES",
        "MAIRES",
        "ORGANISATIONS NON GOUVERNEMENTALES",
    ]
    assert listed(meeting, "es").sections[1].heading == "MAYORS"  # nobody has written it in Spanish


def test_the_secretariat_stands_in_the_order_that_its_bodies_agreed(meeting):
    secretariat = CategoryFactory(meeting=meeting, code="SEC", order=1)
    for place, name in ((3, "Ant"), (1, "Zebra"), (2, "Moose"), (None, "Cat"), (None, "Bee")):
        entity = EntityFactory(names={"en": name})
        person(DelegationFactory(category=secretariat, entity=entity))
        if place:
            meeting.organisers.create(order=place, name=name, entity=entity)
    assert entities(listed(meeting)) == ["Zebra", "Moose", "Ant", "Bee", "Cat"]


def test_five_thousand_people_in_one_delegation(meeting, members):
    from registration.models import Registration

    fiji = state(members, "FJI", en="Fiji")
    people = [
        RegistrationFactory.build(
            delegation=fiji, meeting=meeting, reference=f"EAP-{n:05}", status=Status.APPROVED, family_name=f"N{n:05}"
        )
        for n in range(5000)
    ]
    for found in people:
        found.derive_keys()
    Registration.objects.bulk_create(people)
    entity = listed(meeting).sections[0].entities[0]
    assert [p.reference for p in entity.people] == [f"EAP-{n:05}" for n in range(5000)]


def test_the_number_of_queries_does_not_follow_the_size(meeting, members, ngos):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def counted() -> int:
        with CaptureQueriesContext(connection) as queries:
            listed(meeting, basis="accredited", profile=own_profile(withdrawn="mark"))
        return len(queries)

    def one_more(number: int) -> None:
        fiji = state(members, f"S{number}", en=f"State {number}")
        chair = person(fiji, email="same@example.org")
        person(DelegationFactory(category=ngos), email="same@example.org")
        person(fiji, status=Status.WITHDRAWN)
        LetterFactory(registration=None, delegation=fiji, meeting=meeting)
        Officer.objects.create(meeting=meeting, order=number, office="Chair", registration=chair)

    one_more(1)
    with_one = counted()
    one_more(2)
    one_more(3)
    assert counted() == with_one <= 14
