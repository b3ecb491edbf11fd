"""Our own lists come back as they went: in every language of the site, nothing is changed."""

import pytest
from django.conf import settings
from django.utils import translation

from registration.imports.headings import match
from registration.lists import csv_export, xlsx_export
from registration.lists.columns import columns_for
from registration.lists.rows import ListQuery
from registration.models import Registration, Status
from tests.factories import CategoryFactory, DelegationFactory, EntityFactory, RegistrationFactory

from .sheets import outcomes, row, started, xlsx

LANGUAGES = [code for code, _name in settings.LANGUAGES]
FIELDS = [
    "reference", "category", "entity", "honorific", "display_name", "given_names", "family_name", "functional_title",
    "department", "organisation", "role", "modality", "", "", "", "email", "phone",
]  # fmt: skip


@pytest.fixture
def meeting(db):
    category = CategoryFactory(name="Member States", kinds=["state"])
    for n, name in enumerate(["Fiji", "Viet Nam"]):
        entity = EntityFactory(kind="state", names={"en": name})
        delegation = DelegationFactory(category=category, entity=entity, name=name)
        about = {"delegation": delegation, "role": ["head", "support"][n], "modality": ["in_person", "online"][n]}
        RegistrationFactory(**about, honorific="H.E. Ms.", phone="+66 2 288 1234", department="=Health")
        RegistrationFactory(
            **about, status=Status.APPROVED, given_names="晋三", family_name="阿部", display_name="-阿部"
        )
        RegistrationFactory(
            **about, given_names="Sukarno", family_name="", display_name="Sukarno", email="", on_behalf=True
        )
    return category.meeting


def listed(meeting):
    return ListQuery(meeting, Registration.objects.filter(meeting=meeting))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_workbook(meeting, language):
    with translation.override(language):
        content = xlsx_export.write(listed(meeting), columns_for(with_contact=True)).read()
    job = started(meeting, content)
    assert job.reading["fields"] == FIELDS
    assert outcomes(job) == ["unchanged"] * 6, [r.errors | r.changes for r in job.rows.all()]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("bom", [True, False])
def test_the_text(meeting, bom):
    content = b"".join(csv_export.stream(listed(meeting), columns_for(with_contact=True), bom=bom))
    assert b"'=Health" in content and b"'-" in content
    job = started(meeting, content)
    assert outcomes(job) == ["unchanged"] * 6, [r.errors | r.changes for r in job.rows.all()]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "headings, fields",
    [
        (["Title", "Surname", "Position"], ["honorific", "family_name", "functional_title"]),
        (["Name", "Surname", "E-mail *"], ["given_names", "family_name", "email"]),
        (["Name", "Title", "Emial adress"], ["display_name", "functional_title", "email"]),
        (["No.", "ФИО", "Должность", "Электронная почта"], ["", "display_name", "functional_title", "email"]),
        (["序号", "姓", "名", "出生日期"], ["", "family_name", "given_names", "birth_date"]),
        (["الاسم الأول", "اسم العائلة", "الوظيفة"], ["given_names", "family_name", "functional_title"]),
        (["Prénom / First name", "Nom (Surname)", "Courriel"], ["given_names", "family_name", "email"]),
        (["Nombre", "Apellidos", "Correo electrónico"], ["given_names", "family_name", "email"]),
        (["Email", "Email"], ["email", ""]),
        (["Telefone number", "Organisaton"], ["phone", "organisation"]),
    ],
)  # fmt: skip
def test_headings_as_people_write_them(headings, fields):
    assert match(headings, CategoryFactory().meeting) == fields


@pytest.mark.django_db
def test_three_styles_of_days_and_one_that_lost_its_format():
    days = ["31/5/1975", "May 31, 1975", "1975年5月31日", "27545"]
    rows = [[f"Ana{n}", f"a{n}@b.org", day] for n, day in enumerate(days)]
    job = started(DelegationFactory(), xlsx([["Name", "Email", "Date of birth"], *rows]))
    assert outcomes(job) == ["created"] * 4
    assert "31 May 1975" in row(job, 5).warnings["birth_date"]
