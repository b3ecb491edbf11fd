"""Door list, sheets to sign, seats, labels, and who is missing."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from meeting.models import Role, Room, Venue
from registration.handouts import door, labels, missing, seating, sheet
from registration.handouts.typeset import CannotPrint
from registration.models import (
    FocalPoint,
    Invitation,
    Registration,
    ReviewedCategory,
    SeatingStart,
    Statement,
    Status,
)
from tests.factories import (
    ChildFactory,
    LetterFactory,
    RegistrationFactory,
    SessionFactory,
    StaffRoleFactory,
    UserFactory,
)
from tests.registration.handouts import reading
from tests.registration.handouts.conftest import approved, state

pytestmark = pytest.mark.django_db


# --- At the door --------------------------------------------------------------------------------------------------


def test_the_door_list_goes_delegation_by_delegation_heads_first(meeting, clerk, fiji, korea, plan):
    approved(fiji, display_name="Ana Adviser", sort_key="")
    found = door.door_list(meeting, clerk, "en")
    assert [(group.heading, [row[0] for row in group.rows]) for group in found.groups] == [
        ("Democratic People’s Republic of Korea", ["Choi Tae-yang"]),
        ("Fiji", ["H.E. Ms. Litia Waqanisau", "Ana Adviser"]),
        ("Plan International", ["Eva Other"]),
    ]


def test_only_who_is_approved_is_let_in(meeting, clerk, fiji):
    RegistrationFactory(delegation=fiji, display_name="Not Yet", status=Status.SUBMITTED)
    assert "Not Yet" not in str(door.door_list(meeting, clerk, "en"))


def test_children_are_a_number(meeting, clerk, fiji):
    child = ChildFactory(delegation=fiji, status=Status.APPROVED)
    found = door.door_list(meeting, clerk, "en")
    pdf = sheet.pdf(meeting, "Door list", [found])
    assert "and 1 child" in reading.pages(pdf)[0]
    assert child.reference not in str(found)
    assert child.display_name not in str(found)


def test_a_reviewer_with_limits_prints_their_own_categories_only(meeting, fiji, plan, ngos):
    role = StaffRoleFactory(meeting=meeting, role=Role.REVIEWER)
    ReviewedCategory.objects.create(staff_role=role, category=ngos)
    assert [group.heading for group in door.door_list(meeting, role.user, "en").groups] == ["Plan International"]
    assert seating.governments(meeting, role.user, "en") == []


def test_in_arabic_names_of_delegations_are_arabic_and_in_arabic_order(meeting, clerk, fiji, korea):
    with override("ar"):
        found = door.door_list(meeting, clerk, "ar")
        text = reading.pages(sheet.pdf(meeting, "x", [found]))[0]
    assert [group.heading for group in found.groups] == ["جمهورية كوريا الشعبية الديمقراطية", "فيجي"]
    assert {"Litia", "Waqanisau"} <= set(text.split())


def test_a_heading_stands_again_where_its_delegation_goes_on(meeting, clerk, fiji):
    for n in range(60):
        approved(fiji, display_name=f"Person {n}")
    pages = reading.pages(sheet.pdf(meeting, "Door list", [door.door_list(meeting, clerk, "en")]))
    assert len(pages) == 2
    assert all("Fiji" in page and "Reference" in page for page in pages)


def test_a_sheet_for_each_session_with_its_room_and_time_in_the_zone_of_the_meeting(meeting, clerk, fiji):
    room = Room.objects.create(venue=Venue.objects.create(name="UNCC", city="Bangkok"), name="Hall 2")
    at = datetime.datetime(2008, 9, 18, 2, tzinfo=datetime.UTC)
    first = SessionFactory(meeting=meeting, title="Opening", room=room, starts_at=at)
    second = SessionFactory(meeting=meeting, title="Theme 1", starts_at=at + datetime.timedelta(hours=2))
    pages = reading.pages(sheet.pdf(meeting, "x", door.sign_in_sheets(meeting, clerk, "en", [first, second])))
    assert [("Opening" in page, "Theme 1" in page) for page in pages] == [(True, False), (False, True)]
    assert "09:00–09:45" in pages[0]
    assert ("Hall 2" in pages[0], "No room yet" in pages[1]) == (True, True)


def test_more_rows_than_go_on_paper_are_told_and_a_workbook_takes_them(meeting, clerk, fiji, monkeypatch):
    monkeypatch.setattr(sheet, "MOST_ON_PAPER", 0)
    found = door.door_list(meeting, clerk, "en")
    with pytest.raises(CannotPrint, match="take XLSX"):
        sheet.pdf(meeting, "x", [found])
    assert reading.rows(sheet.xlsx([found]))[1][:3] == ("Fiji", None, "H.E. Ms. Litia Waqanisau")


def test_a_cell_is_text_whatever_it_looks_like(meeting, clerk, fiji):
    approved(fiji, display_name="=1+1")
    names = [row[2] for row in reading.rows(sheet.xlsx([door.door_list(meeting, clerk, "en")]))]
    assert "=1+1" in names


@pytest.mark.parametrize("title", ["[a]:b*c?/d\\'", "x" * 90, "", "  "])
def test_a_worksheet_takes_any_title(title):
    both = [sheet.Sheet(title, [sheet.Column("A", 1)], [sheet.Group("", [["1"]])])] * 2
    assert [row for n in (0, 1) for row in reading.rows(sheet.xlsx(both), n)] == [("A",), ("1",)] * 2


def test_an_override_in_a_name_turns_nothing_round(meeting, clerk, fiji):
    Registration.objects.filter(delegation=fiji).update(display_name="Ana \u202eavliS\nX", honorific="")
    assert "Ana avliS X" in reading.pages(sheet.pdf(meeting, "x", [door.door_list(meeting, clerk, "en")]))[0]


def test_a_name_of_two_hundred_letters_and_none_at_all(meeting, clerk, fiji):
    approved(fiji, display_name="Ana" + "a" * 197, honorific="")
    assert len(reading.pages(sheet.pdf(meeting, "x", [door.door_list(meeting, clerk, "en")]))) == 1


def test_where_nobody_comes_the_paper_says_so(meeting, clerk):
    assert (
        "Nobody is approved yet." in reading.pages(sheet.pdf(meeting, "x", [door.door_list(meeting, clerk, "en")]))[0]
    )


# --- Seats --------------------------------------------------------------------------------------------------------


@pytest.fixture
def four(members, plan):
    """Four Governments, in English order, and an organisation."""
    found = [state(members, en=name, fr=french) for name, french in
             (("Australia", "Australie"), ("Fiji", "Fidji"), ("Germany", "Allemagne"), ("Tonga", "Tonga"))]  # fmt: skip
    for delegation in found:
        approved(delegation)
    return found


def seats(meeting, clerk):
    return [party.delegation.name for party in seating.order(meeting, clerk)[0]]


def test_until_somebody_says_who_begins_it_is_the_alphabet(meeting, clerk, four):
    assert seats(meeting, clerk) == ["Australia", "Fiji", "Germany", "Tonga", "Plan International"]


def test_from_the_first_seat_on_and_round_to_before_it(meeting, clerk, four):
    start = seating.choose(meeting, clerk, "en", four[2].reference)
    assert seats(meeting, clerk) == ["Germany", "Tonga", "Australia", "Fiji", "Plan International"]
    assert (start.by, start.how, start.among) == (clerk, "chosen", 4)


def test_the_order_is_that_of_the_language_chosen(meeting, clerk, four):
    seating.choose(meeting, clerk, "fr", four[1].reference)
    assert seats(meeting, clerk) == ["Fiji", "Tonga", "Germany", "Australia", "Plan International"]


def test_a_lot_falls_on_a_government_that_comes_and_is_printed_with_who_drew_it(meeting, clerk, four, members):
    state(members, en="Absent")
    for _n in range(12):
        assert seating.draw(meeting, clerk, "en").delegation in four
    text = reading.pages(sheet.pdf(meeting, "x", [seating.sheet(meeting, clerk)]))[0]
    assert "drawn by lot among 4" in text
    assert str(clerk) in text


def test_an_earlier_draw_is_kept(meeting, clerk, four):
    seating.draw(meeting, clerk, "en")
    seating.choose(meeting, clerk, "en", four[0].reference)
    assert SeatingStart.objects.filter(meeting=meeting).count() == 2


def test_when_the_first_does_not_come_any_more_the_next_begins(meeting, clerk, four):
    seating.choose(meeting, clerk, "en", four[1].reference)
    four[1].registrations.update(status=Status.WITHDRAWN)
    assert seats(meeting, clerk)[:3] == ["Germany", "Tonga", "Australia"]


@pytest.mark.parametrize("reference", ["D-0000000", "", "x"])
def test_an_unknown_first_is_told(meeting, clerk, four, reference):
    with pytest.raises(ValueError, match="not among the Governments"):
        seating.choose(meeting, clerk, "en", reference)


def test_an_organisation_cannot_begin_and_without_a_government_nobody_can(meeting, clerk, plan):
    with pytest.raises(ValueError, match="not among"):
        seating.choose(meeting, clerk, "en", plan.reference)
    with pytest.raises(ValueError, match="nobody to draw"):
        seating.draw(meeting, clerk, "en")


# --- Labels -------------------------------------------------------------------------------------------------------


def test_a_label_has_the_focal_point_and_the_delegation(meeting, clerk, fiji, korea):
    user = UserFactory(is_staff=False)
    FocalPoint.objects.create(delegation=fiji, user=user, name="Peni Ravouvou", title="Second Secretary")
    assert labels.labels(meeting, clerk, "en") == [
        ["Democratic People’s Republic of Korea"],
        ["Peni Ravouvou", "Second Secretary", "Fiji"],
    ]


@pytest.mark.parametrize(("code", "on_first", "width"), [("3x8", 24, 595), ("2x7", 14, 595), ("3x10", 30, 612)])
def test_as_many_on_a_page_as_the_sheet_has(meeting, code, on_first, width):
    stock = labels.STOCKS[code]
    pdf = labels.pdf(meeting, [[f"Label {n}"] for n in range(on_first + 1)], stock)
    assert [page.count("Label") for page in reading.pages(pdf)] == [on_first, 1]
    assert reading.size(pdf)[0] == pytest.approx(width, abs=1)


def test_used_labels_are_passed_over(meeting):
    stock = labels.STOCKS["2x7"]
    assert [page.count("Label") for page in reading.pages(labels.pdf(meeting, [["Label"]] * 14, stock, first=3))] == [
        12,
        2,
    ]


def test_long_lines_stay_on_their_label(meeting):
    stock = labels.STOCKS["3x10"]
    pdf = labels.pdf(meeting, [["Ana " * 50, "Ministry " * 20, "United Kingdom of Great Britain"]] * 2, stock)
    first = [box for box in reading.boxes(pdf) if box[0] < 200 and box[2] > box[0]]
    assert first
    assert min(box[1] for box in first) > 792 - (12.7 + 25.4) * 2.835 - 1


# --- Who is missing -----------------------------------------------------------------------------------------------


def lines(found):
    return [row for group in found.groups for row in group.rows]


def test_delegations_whose_category_asks_for_a_letter_and_none_came(meeting, clerk, fiji, korea, plan, members):
    members.required_documents = ["note_verbale"]
    members.save()
    LetterFactory(registration=None, delegation=korea, meeting=meeting, kind="note_verbale")
    approved(fiji)
    assert [row[:4] for row in lines(missing.without_a_letter(meeting, clerk))] == [["Fiji", "Members", "2", "2"]]


def test_a_letter_of_ones_own_counts_for_oneself(meeting, clerk, fiji, members):
    members.required_documents = ["note_verbale"]
    members.save()
    LetterFactory(registration=approved(fiji), kind="note_verbale")
    assert [row[:4] for row in lines(missing.without_a_letter(meeting, clerk))] == [["Fiji", "Members", "1", "2"]]


def test_who_was_invited_and_has_not_registered_and_what_became_of_it(meeting, clerk, fiji, members):
    tonga, samoa = state(members, en="Tonga"), state(members, en="Samoa")
    on = timezone.make_aware(datetime.datetime(2008, 7, 1, 12))
    Invitation.objects.create(delegation=tonga, email="m@example.org", sent_by=clerk, state="declined", state_since=on)
    RegistrationFactory(delegation=samoa, status=Status.WITHDRAWN)
    found = lines(missing.not_registered(meeting, clerk))
    assert [row[0] for row in found] == ["Samoa", "Tonga"]
    assert [row[2].split(",")[0] for row in found] == ["Set up", "Does not come"]


def test_statements_item_by_item(meeting, clerk, fiji, plan):
    Statement.objects.create(meeting=meeting, delegation=plan, item="4", by=clerk)
    Statement.objects.create(meeting=meeting, delegation=fiji, item="", by=clerk)
    found = missing.statements(meeting, clerk)
    assert [(group.heading, group.rows[0][0]) for group in found.groups] == [
        ("Without an item", "Fiji"), ("Agenda item 4", "Plan International"),
    ]  # fmt: skip


# --- As many queries for many as for one --------------------------------------------------------------------------

MADE = {
    "door": lambda m, u: door.door_list(m, u, "en"),
    "seating": seating.sheet,
    "labels": lambda m, u: labels.labels(m, u, "en"),
    "no letter": missing.without_a_letter,
    "not registered": missing.not_registered,
    "statements": missing.statements,
}


@pytest.mark.parametrize("make", MADE.values(), ids=MADE)
def test_as_many_queries_for_three_as_for_one(meeting, clerk, fiji, members, make):
    members.required_documents = ["note_verbale"]
    members.save()

    def add(delegation):
        Statement.objects.create(meeting=meeting, delegation=delegation, by=clerk)
        FocalPoint.objects.create(delegation=delegation, user=UserFactory(is_staff=False))
        Invitation.objects.create(delegation=state(members, en=f"Away {delegation.pk}"), email="a@b.org", sent_by=clerk)

    def queries():
        with CaptureQueriesContext(connection) as counted:
            make(meeting, clerk)
        return len(counted)

    add(fiji)
    queries()
    once = queries()
    for name in ("Tonga", "Samoa"):
        delegation = state(members, en=name)
        approved(delegation)
        add(delegation)
    assert queries() == once
