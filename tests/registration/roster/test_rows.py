"""What a cell means, in six languages, however it is written; and names exactly as they were typed."""

import datetime

import pytest

from registration import rows
from registration.models import Registration
from tests.factories import CategoryFactory, MeetingFactory

MEETING = MeetingFactory.build()
CATEGORY = CategoryFactory.build(meeting=MEETING)


def read(**cells):
    return rows.read(cells, meeting=MEETING, category=CATEGORY)


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("head", "head"), ("HoD", "head"), ("Chef de délégation", "head"), ("团长", "head"), ("رئيس الوفد", "head"),
        ("Глава делегации", "head"), ("Jefa de delegación", "head"), ("Conseiller(ère)", "adviser"),
        ("Advisor", "adviser"), ("", "adviser"), ("口译", "interpreter"), ("Deputy  Head of Delegation", "deputy"),
    ],
)  # fmt: skip
def test_roles_in_six_languages(text, role):
    row = read(role=text)
    assert (row.values["role"], row.errors) == (role, {})


@pytest.mark.parametrize(
    "text",
    [
        "1980-05-31", "31.05.1980", "31/5/1980", "05/31/1980", "31 May 1980", "May 31st, 1980", "31 mai 1980",
        "31 de mayo de 1980", "31 мая 1980 г.", "1980年5月31日", "31 أيار/مايو 1980", "٣١ مايو ١٩٨٠",
        "1980-05-31 00:00:00", "\u200f31\u00a0May\u00a01980",
    ],
)  # fmt: skip
def test_dates_as_people_write_them(text):
    assert read(birth_date=text).values["birth_date"] == datetime.date(1980, 5, 31)


@pytest.mark.parametrize("text", ["31.02.1980", "31 May 80", "soon", "1899-12-31", "2100-01-01", "0000-00-00"])
def test_what_is_no_date_of_birth_is_kept_as_text(text):
    row = read(birth_date=text)
    assert (row.values["birth_date"], row.unparsed) == (None, {"birth_date": text})


def test_a_date_that_could_be_two_days_says_how_it_was_read():
    assert read(birth_date="05/06/1980").warnings["birth_date"] == "Read as 5 June 1980."


@pytest.mark.parametrize("name", ["McDonald", "de la Cruz", "VAN DER BERG", "阿部", "Sukarno", "Đặng Ngọc Sơn", "ʻAna"])
def test_names_are_untouched_and_in_one_piece(name):
    values = read(display_name=name).values
    assert (values["display_name"], values["given_names"], values["family_name"]) == (name, name, "")


def test_the_name_to_print_follows_until_somebody_sets_it():
    person = Registration()
    rows.fill(person, read(given_names="Litia", family_name="Waqanisau"))
    assert person.display_name == "Litia Waqanisau"
    rows.fill(person, read(given_names="Lidia"))
    assert person.display_name == "Lidia Waqanisau"
    rows.fill(person, read(display_name="Waqanisau Lidia"))
    rows.fill(person, read(given_names="Litia"))
    assert (person.display_name, person.given_names) == ("Waqanisau Lidia", "Litia")


def test_a_mended_cell_is_not_kept_as_text_any_more():
    person = Registration()
    rows.fill(person, read(given_names="Litia", functional_title="Judge", email="khoa.vd@vnat"))
    assert rows.problems(person) == {"email": "Add the end, like .org or .gov.fj"}
    rows.fill(person, read(email="khoa.vd@vnat.gov.vn"))
    assert (person.unparsed, rows.problems(person)) == ({}, {})


def test_somebody_on_behalf_needs_no_address():
    person = Registration()
    rows.fill(person, read(given_names="Litia", functional_title="Minister", on_behalf="oui"))
    assert rows.problems(person) == {}
    assert set(rows.problems(Registration())) == {"given_names", "functional_title", "email"}


def test_too_long_a_text_is_kept_whole():
    text = "x" * 300
    assert read(functional_title=text).unparsed == {"functional_title": text}
