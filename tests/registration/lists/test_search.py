"""One box: exact things first, then names and entities as typed, then whoever is close; never beyond what one sees."""

import pytest
from django.db import connection

from meeting.models import Role
from registration.lists import search
from registration.lists.filters import people_of
from registration.lists.near import is_near, slips
from registration.models import ReviewedCategory, Status
from tests.factories import (
    CategoryFactory,
    DelegationFactory,
    EntityFactory,
    MeetingFactory,
    RegistrationFactory,
    StaffRoleFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting():
    return MeetingFactory()


@pytest.fixture
def delegation(meeting):
    return DelegationFactory(category=CategoryFactory(meeting=meeting))


@pytest.fixture
def reader(meeting):
    return StaffRoleFactory(meeting=meeting, role=Role.REVIEWER).user


@pytest.fixture
def look(meeting, reader):
    """Who is found, by name; and whether they are only close."""

    def found(typed, user=reader):
        everybody = people_of(meeting, user)
        result = search.find(meeting, typed, everybody)
        return sorted(everybody.filter(result.condition).values_list("display_name", flat=True)), result.is_close

    return found


def person(delegation, name, **fields):
    given, _, family = name.partition(" ")
    return RegistrationFactory(
        delegation=delegation, display_name=name, given_names=given, family_name=family or given, **fields
    )


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Thúy Quỳnh Vũ", "quynh vu"),
        ("Łukasz Żółć", "Zolc"),
        ("Søren Åkesson", "soren akesson"),
        ("Чинбат Доржийн", "чинбат"),
        ("Чинбат Доржийн", "Cinbat"),
        ("محمد علي", "محمد"),
        ("محمد علي", "mhmd"),
        ("สุดา แสงทอง", "สุดา"),
        ("李 伟", "伟"),
        ("李伟强", "伟"),
        ("李 伟", "wei"),
        ("阿部 健", "阿部"),
        ("Ελένη Παππά", "ελενη"),
        ("Faʻafetai Waqanisau", "faafetai"),
        ("Faʻafetai Waqanisau", "Fa'afetai"),
        ("O’Brien Shaw", "o brien"),
    ],
)
def test_a_name_is_found_in_its_script_and_in_latin_letters(delegation, look, name, typed):
    person(delegation, name)
    person(delegation, "Somebody Else")
    assert look(typed) == ([name], False)


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Somphone Keovilay", "Keovilai"),
        ("Somphone Keovilay", "Keovialy"),  # two changed over
        ("Somphone Keovilay", "Kovilay"),  # one missing
        ("Somphone Keovilay", "Keovilay Somphne"),  # the other way round
        ("Mohammed Rahman", "Mohamad"),
        ("Mohammed Rahman", "mohamed rahmann"),
        ("Nguyễn Thị Lan", "Nguyne"),
        ("Ivan Petrov", "Peprov"),  # one wrong in the middle
        ("Maria Sok", "Mafia"),
        ("Sukarman", "Suakrman"),
        ("Сергей Кузнецов", "Kuznetsov"),
        ("Сергей Кузнецов", "Кузнецофф"),
        ("محمد علي", "محمدد"),
        ("Chinbat Dorjiin", "Чинбат"),  # written in Latin letters, looked for in Cyrillic
    ],
)
def test_a_slip_is_forgiven_and_told(delegation, look, name, typed):
    person(delegation, name)
    person(delegation, "Wilhelmina Osterhaus")
    assert look(typed) == ([name], True)


@pytest.mark.parametrize(
    "typed", ["Xqzjwpf", "Lee", "Keo Mahommet Zzz", "!!! ???", "—", "zq", "%", "_", "\\", "x" * 200]
)
def test_nobody_is_found_by_what_names_nobody(delegation, look, typed):
    person(delegation, "Somphone Keovilay")
    person(delegation, "Mohammed Lie")
    assert look(typed) == ([], False)


@pytest.mark.parametrize(
    "typed", ["' OR 1=1 --", "'; DROP TABLE registration_registration; --", "%%", "${7*7}", "<script>", "a' <% 'a"]
)
def test_what_looks_like_a_command_is_only_text(delegation, look, typed):
    person(delegation, "Wilhelmina Osterhaus")
    assert look(typed) == ([], False)


def test_what_is_called_so_comes_before_what_is_nearly_called_so(delegation, look):
    person(delegation, "Ana Silva")
    person(delegation, "Ana Silvo")
    assert look("silva") == (["Ana Silva"], False)


@pytest.mark.parametrize(
    "typed", ["EAP-0K1X2", "eap-0k1x2", "EAP 0K1X2", "0k1x2", "EAP-OKIX2", "okix2", "ＥＡＰ－0K1X2"]
)
def test_a_reference_is_found_whole_or_by_its_last_part_however_it_was_read(delegation, look, typed):
    person(delegation, "Somphone Keovilay", reference="EAP-0K1X2")
    person(delegation, "Okix Somebody")
    found, is_close = look(typed)
    assert "Somphone Keovilay" in found
    assert not is_close


def test_five_letters_are_a_name_rather_than_a_reference(delegation, look):
    person(delegation, "Maria Silva")
    person(delegation, "Somphone Keovilay", reference="EAP-MAR1A")
    assert look("Maria") == (["Maria Silva"], False)


def test_an_email_address_is_exact(delegation, look):
    person(delegation, "Somphone Keovilay", email="Somphone@mofa.example.org")
    person(delegation, "Somphone Mofa", email="x@example.org")
    assert look("somphone@mofa.example.org") == (["Somphone Keovilay"], False)
    assert look("@mofa.example") == (["Somphone Keovilay"], False)


@pytest.mark.parametrize(
    "typed", ["Ukraine", "ukraïna", "Украина", "乌克兰", "أوكرانيا", "Ucrania", "UKR", "ukr", "UA"]
)
def test_the_people_of_an_entity_are_found_in_six_languages_and_by_its_codes(meeting, look, typed):
    names = {
        "en": "Ukraine", "fr": "Ukraïna", "ru": "Украина", "zh-hans": "乌克兰", "ar": "أوكرانيا", "es": "Ucrania",
    }  # fmt: skip
    ukraine = EntityFactory(names=names, iso2="UA", iso3="UKR")
    person(DelegationFactory(category=CategoryFactory(meeting=meeting), entity=ukraine), "Wilhelmina Osterhaus")
    person(DelegationFactory(category=CategoryFactory(meeting=meeting)), "Somebody Else")
    assert look(typed) == (["Wilhelmina Osterhaus"], False)


@pytest.mark.parametrize("typed", ["Ukrane", "Ukriane", "Ukrainne", "Okraine"])
def test_the_people_of_an_entity_are_found_with_a_slip_in_its_name(meeting, look, typed):
    ukraine = EntityFactory(names={"en": "Ukraine"})
    person(DelegationFactory(category=CategoryFactory(meeting=meeting), entity=ukraine), "Wilhelmina Osterhaus")
    assert look(typed) == (["Wilhelmina Osterhaus"], True)


def test_an_acronym_finds_its_people(meeting, look):
    ilo = EntityFactory(names={"en": "International Labour Organization"}, acronym="ILO")
    person(DelegationFactory(category=CategoryFactory(meeting=meeting), entity=ilo), "Wilhelmina Osterhaus")
    assert look("ilo") == (["Wilhelmina Osterhaus"], False)


def test_one_or_two_letters_begin_a_word(delegation, look):
    person(delegation, "Li Wei")
    person(delegation, "Olivia Stone")
    assert look("li") == (["Li Wei"], False)


def test_nothing_beyond_what_the_reader_sees_neither_found_nor_close(meeting, delegation, look):
    mine = CategoryFactory(meeting=meeting)
    role = StaffRoleFactory(meeting=meeting, role=Role.REVIEWER)
    ReviewedCategory.objects.create(staff_role=role, category=mine)
    person(delegation, "Somphone Keovilay", reference="EAP-0K1X2", email="s@example.org")
    person(DelegationFactory(category=mine), "Somphone Keovilai")
    for typed in ("EAP-0K1X2", "s@example.org", delegation.name):
        assert "Somphone Keovilay" not in look(typed, role.user)[0]
    # The other one is not close to somebody of this name: for this reader there is nobody of this name.
    assert look("Keovilay", role.user) == (["Somphone Keovilai"], True)
    assert look("Keovilla", role.user)[0] == ["Somphone Keovilai"]


def test_other_meetings_drafts_and_children_who_left_are_not_found(delegation, look):
    person(DelegationFactory(), "Somphone Keovilay")
    person(delegation, "Somphone Keovilay", status=Status.DRAFT)
    assert look("Keovilay") == ([], False)
    assert look("Keovilai") == ([], False)


def test_many_are_handed_on_as_a_condition_not_as_numbers(delegation, look, monkeypatch):
    monkeypatch.setattr(search, "FEW", 2)
    for n in range(4):
        person(delegation, f"Somphone Keovilay{n}")
    assert len(look("Keovilay")[0]) == 4


@pytest.mark.parametrize("typed", ["Keovilay", "Keovilai", "Xqzjwpf", "伟", "Ukrane"])
def test_a_search_asks_the_same_few_questions_however_many_there_are(
    meeting, delegation, reader, typed, django_assert_max_num_queries
):
    for n in range(3):
        person(delegation, f"Somphone Keovilay {n}")
    everybody = people_of(meeting, reader)
    with django_assert_max_num_queries(28):
        search.find(meeting, typed, everybody)


def in_time(ask):
    with search._by_index(0.6):
        return ask(None)


def test_a_search_that_takes_too_long_finds_nobody(delegation, look, monkeypatch):
    person(delegation, "Somphone Keovilay")

    def take_long(_registrations):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(5)")

    monkeypatch.setattr(search, "PATIENCE", "20ms")
    monkeypatch.setattr(search, "_alike", lambda *_asked: in_time(take_long))
    assert look("Keovilai") == ([], False)
    with connection.cursor() as cursor:  # and what follows has its time again
        cursor.execute("SELECT current_setting('enable_seqscan'), pg_sleep(0.05)")
        assert cursor.fetchone()[0] == "on"


@pytest.mark.parametrize(
    ("one", "other", "number"),
    [("abc", "abc", 0), ("abc", "abd", 1), ("abc", "ab", 1), ("ab", "abc", 1), ("abcd", "acbd", 1), ("", "ab", 2),
     ("kitten", "sitting", 3)],
)  # fmt: skip
def test_slips_are_counted(one, other, number):
    assert slips(one, other, 5) == number


def test_short_words_allow_no_slip_and_long_ones_two():
    assert not is_near(["lee"], ["lie"])
    assert is_near(["suda"], ["sudo"])
    assert not is_near(["suda"], ["sody"])
    assert is_near(["keovilai"], ["keuvilay"])
