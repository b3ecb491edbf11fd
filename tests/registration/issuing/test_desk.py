"""The desk: the list, one letter, revoking, letters for many, the list for consulates; and who is let in."""

import io

import openpyxl
import pytest
from django.urls import reverse

from meeting.models import AuditEntry, Role
from registration import workflow
from registration.issuing import issue
from registration.models import IssuedKind, IssuedLetter, LetterBatch
from tests.factories import MeetingFactory, RegistrationFactory, StaffRoleFactory

from .conftest import approved, letter_for

Kind = IssuedKind


@pytest.fixture
def desk(client, officer, meeting):
    client.force_login(officer)

    def ask(name, *args, query="", **data):
        address = reverse(f"admin:desk:{name}", args=[meeting.slug, *args]) + query
        return client.post(address, data) if data else client.get(address)

    return ask


def test_a_visa_officer_begins_at_the_letters(client, officer, meeting):
    client.force_login(officer)
    answer = client.get(reverse("admin:desk:start"))
    assert answer["Location"] == reverse("admin:desk:papers", args=[meeting.slug])


def test_the_list_shows_valid_and_revoked_ones(desk, person, organiser):
    letter = letter_for(person, Kind.INVITATION)
    words = desk("papers").content.decode()
    assert "EAP/2008/INV/0001" in words and "Litia Waqanisau" in words
    issue.revoke(letter.pk, by=organiser, reason="Sent to the wrong mission")
    assert "Sent to the wrong mission" in desk("papers").content.decode()
    assert "EAP/2008/INV/0001" not in desk("papers", query="?state=valid").content.decode()


@pytest.mark.parametrize("words", ["waqanisau", "EAP/2008/INV/0001", "1", "code"])
def test_a_letter_is_found_by_name_number_or_code(desk, person, delegation, words):
    letter = letter_for(person, Kind.INVITATION)
    letter_for(approved(delegation=delegation, display_name="Ana Vuki", given_names="Ana", family_name="Vuki"))
    words = letter.code.lower() if words == "code" else words
    rows = desk("papers", query=f"?kind=invitation&q={words}").context["rows"]
    assert rows == [letter]
    assert desk("papers", query="?q=nobody").context["rows"] == []


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_with_one_and_with_three(desk, delegation, django_assert_num_queries, count):
    for _ in range(count):
        letter_for(approved(delegation=delegation))
    desk("papers")
    with django_assert_num_queries(11):
        desk("papers")


@pytest.mark.parametrize("count", [1, 3])
def test_the_look_at_many_costs_the_same_with_one_and_with_three(desk, delegation, django_assert_num_queries, count):
    for _ in range(count):
        approved(delegation=delegation)
    desk("papers_many")
    with django_assert_num_queries(11):
        desk("papers_many")


def test_a_letter_is_handed_out_as_a_file_and_that_is_written_down(desk, person):
    letter = letter_for(person)
    answer = desk("paper_file", letter.pk)
    assert answer["Content-Type"] == "application/pdf"
    assert 'filename="EAP-2008-REG-0001.pdf"' in answer["Content-Disposition"]
    entry = AuditEntry.objects.get(action="read_letter")
    assert (entry.about, entry.subject) == ("EAP/2008/REG/0001", person.reference)


@pytest.mark.parametrize("how", ["revoked", "withdrawn", "past the forms"])
def test_a_letter_to_somebody_no_longer_approved_is_not_handed_out(desk, person, organiser, how):
    letter = letter_for(person)
    if how == "revoked":
        issue.revoke(letter.pk, by=organiser, reason="Wrong")
    elif how == "withdrawn":
        workflow.withdraw(person.pk)
    else:
        type(person).objects.filter(pk=person.pk).update(status="submitted")
    answer = desk("paper_file", letter.pk)
    assert answer.status_code == 302
    assert not AuditEntry.objects.filter(action="read_letter").exists()


def test_a_letter_of_another_meeting_is_not_there(desk):
    other = letter_for(approved(delegation__category__meeting=MeetingFactory()))
    assert desk("paper_file", other.pk).status_code == 404
    assert desk("paper_revoke", other.pk, reason="x").status_code == 404
    other.refresh_from_db()
    assert other.is_valid


def test_revoking_asks_for_a_reason(desk, person):
    letter = letter_for(person)
    desk("paper_revoke", letter.pk, reason=" ")
    letter.refresh_from_db()
    assert letter.is_valid
    desk("paper_revoke", letter.pk, reason="Wrong person")
    letter.refresh_from_db()
    assert not letter.is_valid


def test_auditors_read_and_change_nothing(client, meeting, person):
    letter = letter_for(person)
    client.force_login(StaffRoleFactory(meeting=meeting, role=Role.AUDITOR).user)
    words = client.get(reverse("admin:desk:papers", args=[meeting.slug])).content.decode()
    assert "EAP/2008/REG/0001" in words
    assert "Replace or revoke" not in words and "Issue letters" not in words
    answer = client.post(reverse("admin:desk:paper_revoke", args=[meeting.slug, letter.pk]), {"reason": "x"})
    assert answer.status_code == 403


def test_many_are_looked_at_first_and_those_left_out_are_named(desk, delegation):
    approved(delegation=delegation)
    online = approved(delegation=delegation, modality="online", display_name="Olga Online")
    answer = desk("papers_many", query="?letter=invitation")
    assert answer.context["foreseen"].left_out[0][0] == online
    assert "takes part online" in answer.content.decode()
    assert IssuedLetter.objects.count() == 0


def test_a_filter_of_the_people_narrows_them(desk, delegation):
    approved(delegation=delegation, display_name="Ana Vuki", given_names="Ana", family_name="Vuki")
    approved(delegation=delegation)
    assert len(desk("papers_many", query="?q=vuki").context["foreseen"].new) == 1


def test_confirming_issues_to_those_who_were_shown(desk, delegation, officer):
    approved(delegation=delegation)
    RegistrationFactory(delegation=delegation)  # only submitted
    form = desk("papers_many").context["form"]
    data = {"kind": "confirmation", "language": "", "form": "pdf", "token": str(form["token"].value())}
    answer = desk("papers_start", **data)
    batch = LetterBatch.objects.get()
    assert answer["Location"].endswith(f"{batch.token}/")
    assert IssuedLetter.objects.count() == 1
    file = desk("papers_file", batch.token)
    assert b"".join(file.streaming_content).startswith(b"%PDF")
    entry = AuditEntry.objects.get(action="export")
    assert entry.detail["count"] == 1 and entry.by == officer


def test_a_sample_is_drawn_without_issuing_anything(desk, person):
    answer = desk("papers_sample", query="?letter=certificate&in=ar")
    assert answer.content.startswith(b"%PDF")
    assert IssuedLetter.objects.count() == 0
    assert desk("papers_sample", query="?q=nobody").status_code == 302


def sheet_of(answer):
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    return list(book.active.iter_rows(values_only=True))


def test_the_list_for_consulates_has_what_they_need_and_is_written_down(desk, delegation, officer):
    who = approved(delegation=delegation, honorific="Ms.", passport_name="WAQANISAU LITIA", birth_date="1970-05-06")
    letter = letter_for(who, Kind.INVITATION)
    letter_for(approved(delegation=delegation), Kind.CONFIRMATION)
    heading, row = sheet_of(desk("papers_consulates", reason="Royal Thai Embassy"))
    assert len(heading) == len(row) == 12
    assert row[1:3] == ("Ms.", "WAQANISAU LITIA")
    assert row[4] == "Fiji"
    assert row[7].isoformat() == "2008-09-18T00:00:00"
    assert row[9] == "EAP/2008/INV/0001"
    assert row[10].replace(" ", "") == letter.code
    assert not any("1970" in str(cell) for cell in row)
    detail = AuditEntry.objects.get(action="export").detail
    assert (detail["reason"], detail["count"]) == ("Royal Thai Embassy", 1)


def test_the_list_for_consulates_has_each_person_once_and_only_those_whose_letter_counts(desk, delegation, organiser):
    twice = approved(delegation=delegation)
    letter_for(twice, Kind.INVITATION, "en")
    letter_for(twice, Kind.INVITATION, "fr")
    gone = letter_for(approved(delegation=delegation), Kind.INVITATION)
    issue.revoke(gone.pk, by=organiser, reason="Wrong")
    assert len(sheet_of(desk("papers_consulates", reason="x"))) == 2


def test_no_cell_of_it_is_a_formula(desk, delegation):
    who = approved(delegation=delegation, display_name="=1+1", functional_title='@SUM(A1)"')
    letter_for(who, Kind.INVITATION)
    answer = desk("papers_consulates", reason="x")
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    assert [cell.data_type for cell in book.active[2] if cell.value == "=1+1"] == ["s"] * 2


def test_the_list_does_not_leave_without_a_reason(desk, person):
    letter_for(person, Kind.INVITATION)
    assert desk("papers_consulates", reason=" ").status_code == 302
    assert not AuditEntry.objects.filter(action="export").exists()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_for_consulates_costs_the_same_with_one_and_with_three(
    desk, delegation, django_assert_num_queries, count
):
    for _ in range(count):
        letter_for(approved(delegation=delegation), Kind.INVITATION)
    with django_assert_num_queries(9):
        sheet_of(desk("papers_consulates", reason="x"))


def test_a_letter_is_issued_from_the_page_of_the_person(client, meeting, person, organiser):
    client.force_login(organiser)
    page = reverse("admin:desk:registration", args=[meeting.slug, person.reference])
    assert "Issue a letter" in client.get(page).content.decode()
    address = reverse("admin:desk:paper_issue", args=[meeting.slug, person.reference])
    client.post(address, {"kind": "invitation", "language": "fr"})
    assert IssuedLetter.objects.get().language == "fr"
    assert "EAP/2008/INV/0001" in client.get(page).content.decode()
