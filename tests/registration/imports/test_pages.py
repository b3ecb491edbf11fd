"""The pages of an import: who sees them, what they say, what they cost."""

import io
import uuid

import openpyxl
import pytest
from django.urls import reverse

from registration.focal.access import SESSION_KEY
from registration.imports import commit, headings, service
from registration.models import FocalPoint, Registration, RememberedHeading, RosterImport
from registration.rows import FIELDS
from tests.factories import (
    CategoryFactory,
    DelegationFactory,
    QuestionFactory,
    RegistrationFactory,
    StaffRoleFactory,
    UserFactory,
)

from .sheets import HEADS, SOMEBODY, csv, outcomes, row, started, taken, upload, written, xlsx

pytestmark = pytest.mark.django_db
BAD = ["Ana", "Cruz", "Adviser", "not an address", "31/02/1980"]
State = RosterImport.State


@pytest.fixture
def delegation(db):
    return DelegationFactory()


@pytest.fixture
def focal(client, delegation):
    """A browser in which the focal point of the delegation is signed in."""
    user = UserFactory(is_staff=False)
    FocalPoint.objects.create(delegation=delegation, user=user)
    session = client.session
    session[SESSION_KEY] = user.pk
    session.save()
    client.user = user
    return client


def at(name, delegation, job=None):
    where = {"slug": delegation.meeting.slug, "delegation": delegation.reference}
    return reverse(f"roster:{name}", kwargs=where | ({"token": job.token} if job else {}))


def page(client, delegation, job, query=""):
    return client.get(at("import_job", delegation, job) + query).content.decode()


def test_from_the_file_to_the_roster(focal, delegation):
    assert "Read the file" in focal.get(at("import", delegation)).content.decode()
    sent = focal.post(at("import", delegation), {"file": upload(xlsx([HEADS, SOMEBODY]))})
    job = RosterImport.objects.get()
    assert sent.url == at("import_job", delegation, job)
    assert "The file is being read" in page(focal, delegation, job)
    service.preview(job.pk)
    assert "Write 1 row" in page(focal, delegation, job)
    focal.post(at("import_confirm", delegation, job))
    assert "being written" in page(focal, delegation, job)
    commit.write(job.pk)
    assert "See the roster" in page(focal, delegation, job)
    assert Registration.objects.get().events.count() == 0
    assert delegation.events.get().by == focal.user


@pytest.mark.parametrize("name", ["import_job", "import_annotated"])
def test_a_job_of_another_delegation_is_not_there(focal, delegation, name):
    other = DelegationFactory(meeting=delegation.meeting, category=delegation.category)
    job = started(other, xlsx([HEADS, SOMEBODY]))
    assert focal.get(at(name, delegation, job)).status_code == 404
    assert focal.get(at(name, other, job)).status_code == 404
    job.token = uuid.uuid4()
    assert focal.get(at(name, delegation, job)).status_code == 404


@pytest.mark.parametrize("name", ["import_read", "import_confirm", "import_stop"])
def test_nobody_acts_on_a_job_of_another_delegation(focal, delegation, name):
    job = started(DelegationFactory(), xlsx([HEADS, SOMEBODY]))
    assert focal.post(at(name, delegation, job)).status_code == 404
    job.refresh_from_db()
    assert job.state == State.LOOKED_AT


def test_a_job_of_a_whole_meeting_is_for_organisers(focal, delegation):
    job = started(delegation.meeting, xlsx([["Country", *HEADS], ["x", *SOMEBODY]]))
    assert focal.get(at("import_job", delegation, job)).status_code == 404
    role = StaffRoleFactory(meeting=delegation.meeting)
    focal.force_login(role.user)
    desk = reverse("admin:desk:import_job", args=[delegation.meeting.slug, job.token])
    assert "We know nobody of this name" in focal.get(desk).content.decode()


@pytest.mark.parametrize("data, word", [({}, "Choose a file first"), ({"file": b"x" * (10 * 1024**2 + 9)}, "10 MB")])
def test_without_a_file_the_page_says_so(focal, delegation, data, word):
    sent = {name: upload(content) for name, content in data.items()}
    answer = focal.post(at("import", delegation), sent)
    assert answer.status_code == 422
    assert word in answer.content.decode()
    assert not RosterImport.objects.exists()


def test_each_error_stands_beside_its_cell(focal, delegation):
    job = started(delegation, xlsx([HEADS, BAD, SOMEBODY]))
    shown = page(focal, delegation, job)
    assert "not an address" in shown and "Write one address only" in shown
    assert "31/02/1980" in shown and "Write the date like" in shown
    assert "Write the good row" in shown
    cell = '<span class="only-narrow sub">Family name</span><bdi>Waqanisau'
    assert cell not in shown and cell in page(focal, delegation, job, "?show=created")


def test_what_changes_is_shown_old_and_new(focal, delegation):
    RegistrationFactory(delegation=delegation, email="litia@health.gov.fj", functional_title="Adviser", role="adviser")
    heads = [*HEADS, "Role"]
    job = started(delegation, xlsx([heads, ["Litia", "", "Director", "litia@health.gov.fj", "", "Head"]]))
    shown = page(focal, delegation, job)
    assert "<del><bdi>Adviser</bdi></del> <ins><bdi>Director</bdi></ins>" in shown
    assert "Representative (head of delegation)</bdi></ins>" in shown


def test_rows_in_error_need_a_tick(focal, delegation):
    job = started(delegation, xlsx([HEADS, BAD, SOMEBODY]))
    focal.post(at("import_confirm", delegation, job))
    assert "tick that the good ones" in page(focal, delegation, job)
    focal.post(at("import_confirm", delegation, job), {"only_good": "1"})
    commit.write(job.pk)
    assert Registration.objects.count() == 1


def test_a_column_put_right_is_remembered(focal, delegation):
    content = xlsx([["Quien", "Family name"], ["Litia", "Waqanisau"]])
    job = started(delegation, content)
    assert job.reading["fields"] == ["", "family_name"]
    assert "Left out: Quien" in page(focal, delegation, job)
    focal.post(at("import_read", delegation, job), {"column-0": "given_names", "column-1": "family_name"})
    service.preview(job.pk)
    assert row(job, 2).cells == {"given_names": "Litia", "family_name": "Waqanisau"}
    assert RememberedHeading.objects.get().field == "given_names"
    assert started(delegation, content).reading["fields"] == ["given_names", "family_name"]


def test_two_columns_cannot_be_one_field(focal, delegation):
    job = started(delegation, xlsx([["Quien", "Family name"], ["Litia", "Waqanisau"]]))
    focal.post(at("import_read", delegation, job), {"column-0": "family_name", "column-1": "family_name"})
    assert "cannot both be" in page(focal, delegation, job)


def test_the_encoding_may_be_put_right(focal, delegation):
    content = csv([["Given names", "Family name"], ["Жюли", "Моро"]], ",", "cp1251")
    job = started(delegation, content)
    focal.post(
        at("import_read", delegation, job),
        {"encoding": "cp1252", "delimiter": ",", "column-0": "given_names", "column-1": "family_name"},
    )
    service.preview(job.pk)
    job.refresh_from_db()
    assert (job.reading["encoding"], row(job, 2).cells["given_names"]) == ("cp1252", "Æþëè")


def test_the_marked_copy_says_what_to_do_and_can_be_sent_again(focal, delegation):
    job = started(delegation, csv([HEADS, ["=cmd()", "Cruz", "@SUM(1)", "somebody", ""], SOMEBODY]))
    answer = focal.get(at("import_annotated", delegation, job))
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    values = [[cell.value for cell in line] for line in sheet.iter_rows()]
    assert values[0] == [*HEADS, "What to do"]
    assert "D, Email: Write the whole address" in values[1][-1]
    assert "Write the whole address" in sheet["D2"].comment.text
    assert sheet["D2"].fill.fgColor.rgb == "FFFCE8E8"
    assert {cell.data_type for line in sheet.iter_rows() for cell in line if cell.value} == {"s"}
    again = b"".join(focal.get(at("import_annotated", delegation, job)).streaming_content)
    assert outcomes(started(delegation, again)) == ["error", "created"]


@pytest.mark.parametrize("language", ["en", "fr", "ar", "zh-hans"])
def test_the_empty_sheet_is_understood_in_every_language(focal, delegation, language):
    focal.cookies["django_language"] = language
    answer = focal.get(at("import_template", delegation))
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    found = headings.match([cell.value for cell in sheet[1]], delegation.meeting)
    assert found == ["reference", *FIELDS]


@pytest.mark.parametrize("rows", [1, 40])
def test_query_count_of_the_preview(focal, delegation, rows, django_assert_num_queries):
    QuestionFactory(meeting=delegation.meeting)
    for n in range(rows):
        RegistrationFactory(delegation=delegation, email=f"a{n}@b.org", given_names=f"Ana{n}")
    people = [[f"Ana{n}", "", "New title", f"a{n}@b.org", ""] for n in range(rows)]
    job = started(delegation, xlsx([HEADS, *people]))
    page(focal, delegation, job)
    with django_assert_num_queries(7):
        shown = page(focal, delegation, job)
    assert shown.count("New title") >= rows


def test_pages_of_a_hundred(focal, delegation):
    job = started(delegation, xlsx([HEADS, *([f"Ana{n}", "Cruz", "", "x", ""] for n in range(120))]))
    assert "Ana99<" in page(focal, delegation, job) and "Ana100<" not in page(focal, delegation, job)
    assert "Ana100<" in page(focal, delegation, job, "?show=error&page=2")
    for odd in ("?page=0", "?page=x", "?show=everything", "?page=99999999999"):
        assert page(focal, delegation, job, odd)


def test_stopping(focal, delegation):
    job = service.start(delegation.meeting, delegation, upload(xlsx([HEADS, SOMEBODY])), focal.user)
    focal.post(at("import_stop", delegation, job))
    assert "Stopping" in page(focal, delegation, job)
    service.preview(job.pk)
    assert "Stopped. Nothing was written." in page(focal, delegation, job)


def test_progress_for_the_script(focal, delegation):
    job = started(delegation, xlsx([HEADS, SOMEBODY]))
    answer = focal.get(at("import_job", delegation, job) + "?progress")
    assert answer.json() == {"running": False, "done": 1, "total": 1}


def test_an_unreadable_file_says_why_on_its_page(focal, delegation):
    job = started(delegation, b"%PDF-1.4")
    assert "This file is a PDF" in page(focal, delegation, job)


def test_answers_to_questions_come_in_columns_of_their_own(focal, delegation):
    diet = QuestionFactory(
        meeting=delegation.meeting, key="diet", kind="one_of", label="Meals", options={"halal": "Halal", "none": "Any"}
    )
    heads, rows = [*HEADS, "Meals"], [[*SOMEBODY, "halal"]]
    job = written(started(delegation, xlsx([heads, *rows])))
    assert job.state == State.DONE, job.problem
    assert Registration.objects.get().answers.get().value == "halal"
    assert outcomes(started(delegation, xlsx([heads, *rows]))) == ["unchanged"]
    assert row(started(delegation, xlsx([heads, [*SOMEBODY, "Fish"]])), 2).errors.keys() == {"q_diet"}
    written(started(delegation, xlsx([heads, [*SOMEBODY, "Any"]])))
    assert diet.answers.get().value == "none"


def test_the_marked_copy_keeps_rows_where_they_are_and_fills_what_was_merged(focal, delegation):
    def change(book, sheet):
        sheet.insert_rows(1, 2)
        sheet.merge_cells("C4:C5")

    job = started(delegation, xlsx([HEADS, SOMEBODY, BAD], change))
    content = b"".join(focal.get(at("import_annotated", delegation, job)).streaming_content)
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert [sheet["A3"].value, sheet["A5"].value, sheet["C5"].value] == ["Given names", "Ana", "Director"]


def test_a_focal_point_who_confirms_for_an_organiser_still_needs_their_word(focal, delegation):
    known = RegistrationFactory(delegation=delegation, status="approved", email="litia@health.gov.fj")
    content = xlsx([HEADS, ["Litia", f"{known.family_name} Newname", "", "litia@health.gov.fj", ""]])
    job = started(delegation, content, needs_word=False)
    focal.post(at("import_confirm", delegation, job))
    commit.write(job.pk)
    known.refresh_from_db()
    assert "Newname" not in known.family_name and known.proposals.count() == 1


def test_leaving_out_what_everybody_knows_is_for_this_file_alone(focal, delegation):
    job = started(delegation, xlsx([["Given names", "Email"], ["Ana", "a@b.org"]]))
    focal.post(at("import_read", delegation, job), {"column-0": "given_names", "column-1": ""})
    service.preview(job.pk)
    job.refresh_from_db()
    assert job.reading["fields"] == ["given_names", ""]
    assert not RememberedHeading.objects.exists()


def test_what_became_of_a_child_is_told_as_it_is(focal, delegation):
    CategoryFactory(meeting=delegation.meeting, for_children=True, listing="number")
    child = ["Mele", "Tupou", "Youth delegate", "", "2015-01-01"]
    said = page(focal, delegation, taken(delegation, [child], by=focal.user))
    assert "1 row is of somebody under 18: the name is sealed" in said
    assert "so it is deleted already" in said
    assert "stand as drafts" not in said and "seven days" not in said
    said = page(focal, delegation, taken(delegation, [child, SOMEBODY], by=focal.user))
    assert "stand as drafts" in said and "so it is deleted already" in said


def test_without_children_the_rows_are_drafts_for_seven_days(focal, delegation):
    said = page(focal, delegation, taken(delegation, [SOMEBODY]))
    assert "stand as drafts" in said and "seven days" in said and "under 18" not in said


def test_delegations_that_nobody_looks_after_are_told_after_a_whole_meeting(focal, delegation):
    other = DelegationFactory(meeting=delegation.meeting, category=delegation.category)
    meeting = delegation.meeting
    organiser = StaffRoleFactory(meeting=meeting).user
    rows = [["Country", *HEADS], [other.entity.name("en"), *SOMEBODY]]
    job = written(started(meeting, xlsx(rows), by=organiser))
    focal.force_login(organiser)
    address = reverse("admin:desk:import_job", args=[meeting.slug, job.token])
    said = focal.get(address).content.decode()
    assert "No focal point (1)" in said
    assert reverse("admin:desk:delegations", args=[meeting.slug]) + "?needs=focal_point" in said
    FocalPoint.objects.create(delegation=other, user=organiser)
    assert "No focal point" not in focal.get(address).content.decode()
