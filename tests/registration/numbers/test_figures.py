"""What the figures say: their sentences, tables, drawings and files."""

import csv
import datetime
import io
from itertools import pairwise
from xml.etree import ElementTree

import pypdfium2
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from meeting.models import EntityKind, Role
from registration.models import Gender, Status
from registration.numbers import printing
from registration.numbers.drawing import draw
from registration.numbers.figures import Figure, Row
from registration.numbers.numbers import FIGURES, Numbers
from registration.numbers.regions import region_name, region_of
from tests.factories import (
    CategoryFactory,
    DelegationFactory,
    EntityFactory,
    MeetingFactory,
    RegistrationFactory,
    StaffRoleFactory,
)

NOW = datetime.datetime(2008, 9, 8, 2, 12, tzinfo=datetime.UTC)
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def meeting():
    return MeetingFactory()


@pytest.fixture
def staff(meeting):
    return StaffRoleFactory(meeting=meeting, role=Role.ORGANISER).user


def children(category, count):
    delegation = DelegationFactory(category=category)
    for n in range(count):
        name = f"Participant Y{n:02}"
        RegistrationFactory(
            delegation=delegation, is_minor=True, status=Status.APPROVED, display_name=name, given_names=name,
            family_name="", honorific="", functional_title="", department="", organisation="", email="", phone="",
        )  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(("there", "said"), [(4, "fewer than five"), (5, "5")])
def test_few_children_are_not_told_by_number(meeting, staff, there, said):
    children(CategoryFactory(meeting=meeting, name="Children", for_children=True, listing="number"), there)
    rows = {row.label: row for row in Numbers(meeting, staff, NOW).seats().rows}
    assert rows["Children"].text == said
    assert rows["Children"].total == (there if there >= 5 else 0)


@pytest.mark.django_db
def test_what_is_full_is_said(meeting, staff):
    full = CategoryFactory(meeting=meeting, name="NGOs", quota=1)
    RegistrationFactory(delegation=DelegationFactory(category=full), status=Status.SUBMITTED)
    figure = Numbers(meeting, staff, NOW).seats()
    assert figure.sentence == "Full: NGOs."
    assert figure.rows[0].text == "1 of 1, full"
    assert figure.table() == [["Category", "Approved", "Submitted or returned", "Quota"], ["NGOs", 0, 1, 1]]


@pytest.mark.django_db
def test_those_who_wait_too_long_stand_out(meeting, staff):
    meeting.decision_days = 4
    RegistrationFactory(
        delegation=DelegationFactory(category=CategoryFactory(meeting=meeting)),
        status=Status.SUBMITTED,
        status_since=NOW - datetime.timedelta(days=4, hours=1),
    )
    rows = Numbers(meeting, staff, NOW).waiting().rows
    assert [(row.label, row.total) for row in rows if row.is_late] == [
        ("4 days", 1), ("5 to 6 days", 0), ("7 days or more", 0),
    ]  # fmt: skip


@pytest.mark.django_db
def test_days_become_weeks_when_they_are_many(meeting, staff):
    category = CategoryFactory(meeting=meeting)
    for day in (0, 100):
        sent = NOW - datetime.timedelta(days=day)
        RegistrationFactory(delegation=DelegationFactory(category=category), submitted_at=sent)
    rows = Numbers(meeting, staff, NOW).days().rows
    assert len(rows) == 16
    assert sum(row.total for row in rows) == 2
    assert rows[0].label.startswith("week of ")


@pytest.mark.django_db
def test_regions_are_those_of_the_united_nations(meeting, staff):
    fiji = EntityFactory(kind=EntityKind.STATE, iso2="FJ", iso3="FJI")
    delegation = DelegationFactory(category=CategoryFactory(meeting=meeting), entity=fiji)
    RegistrationFactory(delegation=delegation, status=Status.APPROVED)
    assert [row.label for row in Numbers(meeting, staff, NOW).regions().rows] == ["Melanesia"]
    assert region_of("") == region_of("XX") == ""
    assert region_name(region_of("TH"), "fr") == "Asie du Sud-Est"


@pytest.mark.django_db
def test_who_does_not_say_their_gender_is_counted_as_such(meeting, staff):
    category = CategoryFactory(meeting=meeting)
    for gender in (Gender.WOMAN, Gender.WOMAN, ""):
        RegistrationFactory(delegation=DelegationFactory(category=category), status=Status.APPROVED, gender=gender)
    assert Numbers(meeting, staff, NOW).gender().table()[1:] == [["Woman", 2, 0], ["No answer", 1, 0]]


@pytest.mark.django_db
@pytest.mark.parametrize("people", [1, 3])
def test_the_page_costs_the_same_for_few_and_many(client, meeting, staff, people):
    for _ in range(people):
        RegistrationFactory(delegation=DelegationFactory(category=CategoryFactory(meeting=meeting)))
    client.force_login(staff)
    with CaptureQueriesContext(connection) as queries:
        response = client.get(f"/admin/desk/{meeting.slug}/numbers/")
    assert response.status_code == 200
    assert len(queries) <= 14


@pytest.mark.django_db
def test_every_figure_is_a_drawing_a_picture_and_a_table(client, meeting, staff):
    category = CategoryFactory(meeting=meeting, name="=NGOs & <others>", quota=5)
    RegistrationFactory(
        delegation=DelegationFactory(category=category), status=Status.APPROVED, status_since=timezone.now()
    )
    client.force_login(staff)
    for name in FIGURES:
        svg = client.get(f"/admin/desk/{meeting.slug}/numbers/{name}.svg")
        assert parsed(svg.content).get("role") == "img"
        assert svg["Content-Disposition"].startswith("attachment")
        png = client.get(f"/admin/desk/{meeting.slug}/numbers/{name}.png")
        assert png.content.startswith(b"\x89PNG")
        rows = list(
            csv.reader(io.StringIO(client.get(f"/admin/desk/{meeting.slug}/numbers/{name}.csv").content.decode()))
        )
        assert len({len(row) for row in rows}) == 1
    assert rows[0][0] == "Gender"
    seats = client.get(f"/admin/desk/{meeting.slug}/numbers/seats.csv").content.decode()
    assert "'=NGOs & <others>" in seats
    assert client.get(f"/admin/desk/{meeting.slug}/numbers/nothing.svg").status_code == 404
    assert client.get(f"/admin/desk/{meeting.slug}/numbers/days.exe").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "ar", "zh-hans"])
def test_the_brief_is_one_tagged_page(meeting, staff, language):
    for n in range(3):
        category = CategoryFactory(meeting=meeting, quota=5)
        RegistrationFactory(
            delegation=DelegationFactory(category=category), status=[*Status][n + 1], submitted_at=NOW, status_since=NOW
        )
    with translation.override(language):
        content = printing.brief(Numbers(meeting, staff, NOW))
    document = pypdfium2.PdfDocument(content)
    assert len(document) == 1
    assert document.is_tagged()


# --- Drawn without a database ----------------------------------------------------------------------------------------


def parsed(svg):
    return ElementTree.fromstring(svg)  # noqa: S314 (ours)


def figure(*rows, **more):
    return Figure("x", "Title", "Sentence.", "What", ("One", "Two"), rows, **more)


def bars(svg):
    return [(float(r.get("x")), float(r.get("width"))) for r in parsed(svg).iter(f"{SVG}rect")]


def test_bars_are_as_long_as_their_numbers_and_mirrored_in_arabic():
    asked = figure(Row("a", (10, 0), "10"), Row("b", (5, 5), "10"))
    [(x1, whole), (_x2, half), (x3, rest)] = bars(draw(asked))
    assert whole == pytest.approx(2 * half, abs=0.2)
    assert rest == pytest.approx(half, abs=0.2)
    assert x3 == pytest.approx(x1 + half, abs=0.2)
    with translation.override("ar"):
        [(mirrored, width), *_others] = bars(draw(asked))
    assert mirrored + width == pytest.approx(560 - x1, abs=0.2)


def test_nothing_in_a_label_is_markup_and_all_is_spoken():
    svg = draw(figure(Row('<script>"&', (1, 0), "1")))
    assert "<script>" not in svg
    assert '<script>"&: 1' in parsed(svg).get("aria-label")


def test_labels_of_days_never_run_into_each_other():
    days = tuple(Row(f"{n} September", (n,), short="10 September") for n in range(20))
    svg = draw(figure(*days, is_columns=True), width=600)
    places = sorted(
        float(t.get("x")) for t in parsed(svg).iter(f"{SVG}text") if "".join(t.itertext()) == "10 September"
    )
    assert len(places) == 5
    assert all(b - a > 80 for a, b in pairwise(places[:-1]))


def test_an_empty_figure_and_one_of_nothing_can_be_drawn():
    assert "<svg" in draw(figure())
    assert "<svg" in draw(figure(Row("a", (0, 0), "0")))
