"""Whoever is under 18 leaves the ordinary row: category, alias, sealed record."""

import datetime
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from meeting.models import AuditEntry
from registration import workflow
from registration.models import (
    AccessKey,
    Answer,
    BulkDecision,
    ChildRecord,
    FocalPoint,
    Letter,
    LetterName,
    Note,
    OutgoingMail,
    Question,
    Registration,
    RosterImport,
    SavedView,
    Status,
)
from registration.safeguarding import intake, watch
from registration.workflow import MoveNotAllowed
from tests.factories import (
    CategoryFactory,
    DelegationFactory,
    LetterFactory,
    MeetingFactory,
    RegistrationFactory,
    UserFactory,
)

from .conftest import BORN, LEGAL_NAME, fill, row_of, typed

pytestmark = pytest.mark.django_db

TODAY = timezone.now().date()


def eighteen_years_before(day):
    return day.replace(year=day.year - 18)


@pytest.mark.parametrize(("days", "child"), [(1, True), (0, False), (-1, False)])
def test_under_18_counts_on_the_first_day_of_a_meeting_to_come(days, child):
    first_day = datetime.date(TODAY.year + 1, 5, 20)
    meeting = MeetingFactory(starts_on=first_day, ends_on=first_day)
    born = eighteen_years_before(first_day) + datetime.timedelta(days=days)
    assert intake.is_child({"birth_date": born}, meeting) is child
    assert intake.is_child({"birth_date": born.isoformat()}, meeting) is child


@pytest.mark.parametrize(("days", "child"), [(2, True), (-2, False)])
def test_under_18_counts_today_where_the_first_day_is_past(days, child):
    born = eighteen_years_before(TODAY) + datetime.timedelta(days=days)
    assert intake.is_child({"birth_date": born}, MeetingFactory()) is child  # in 2008


def test_no_date_of_birth_is_no_child(meeting):
    assert not intake.is_child({}, meeting)
    assert not intake.is_child({"birth_date": None}, meeting)


def test_the_category_for_children_is_forced_and_the_entity_stays(record, delegation, for_children):
    row = row_of(record)
    assert row.delegation.category == for_children
    assert row.delegation.entity == delegation.entity
    assert (row.is_minor, record.came_from) == (True, delegation)


def test_the_row_says_nothing_but_an_alias(record):
    row = row_of(record)
    assert row.display_name == row.given_names
    assert row.display_name.startswith("Participant Y")
    told = [row.family_name, row.honorific, row.functional_title, row.department, row.organisation, row.email]
    assert [*told, row.phone, row.passport_name, row.unparsed, row.birth_date] == [""] * 8 + [{}, None]
    assert "quillabamba" not in row.search_key
    assert "zephyrine" not in row.search_key


def test_the_sealed_record_keeps_what_left_the_row(record):
    fresh = ChildRecord.objects.get(pk=record.pk)
    assert (fresh.legal_name, fresh.birth_date) == (LEGAL_NAME, BORN.isoformat())


def test_somebody_not_yet_stored_never_has_the_name_in_a_row(delegation, for_children, focal):
    row = Registration(meeting=delegation.meeting, delegation=delegation, role="observer", display_name=LEGAL_NAME)
    record = intake.take_in(row, legal_name=LEGAL_NAME, birth_date=BORN, by=focal)
    assert row_of(record).display_name.startswith("Participant Y")
    assert row.pk == record.registration_id


def test_taking_in_twice_is_taking_in_once(record, focal):
    again = intake.take_in(row_of(record), legal_name="Another Name", birth_date=BORN, by=focal)
    assert again.pk == record.pk
    assert again.legal_name == LEGAL_NAME


def test_without_a_category_for_children_nothing_is_written(delegation, focal):
    row = typed(delegation)
    with pytest.raises(MoveNotAllowed, match="Ask the organisers to add it"):
        intake.take_in(row, legal_name=LEGAL_NAME, birth_date=BORN, by=focal)
    assert row_of_pk(row).display_name == LEGAL_NAME
    assert not ChildRecord.objects.exists()
    assert not OutgoingMail.objects.exists()


def row_of_pk(row):
    return Registration.objects.get(pk=row.pk)


def test_aliases_are_unique_and_by_lot(delegation, for_children, focal):
    rows = [typed(delegation) for _ in range(12)]
    records = [intake.take_in(row, legal_name=LEGAL_NAME, birth_date=BORN, by=focal) for row in rows]
    aliases = [row_of(record).display_name for record in records]
    assert len(set(aliases)) == 12
    assert aliases != sorted(aliases)  # 1 in 479 million


@pytest.mark.django_db(transaction=True)
def test_two_who_come_at_once_get_two_aliases(delegation, for_children, focal):
    rows, start = [typed(delegation) for _ in range(4)], Barrier(4)

    def go(row):
        start.wait()
        intake.take_in(row, legal_name=LEGAL_NAME, birth_date=BORN, by=focal)
        connection.close()

    threads = [Thread(target=go, args=[row]) for row in rows]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    aliases = Registration.objects.filter(is_minor=True).values_list("display_name", flat=True)
    assert len(set(aliases)) == 4


def test_the_lead_is_told_without_a_name(record, lead, meeting):
    told = OutgoingMail.objects.filter(kind="child_waits")
    assert list(told.values_list("to", flat=True)) == ["safe@example.org"]  # the role was given afterwards
    intake.take_in(typed(record.came_from), legal_name=LEGAL_NAME, birth_date=BORN, by=None)
    assert set(told.values_list("to", flat=True)) == {"safe@example.org", lead.email}
    for mail in told:
        assert "Quillabamba" not in mail.subject + mail.text + mail.html
        assert "Participant" not in mail.subject + mail.text + mail.html
        assert "under 18" in mail.text


def test_whoever_typed_looks_after_the_file_and_no_other_focal_point(delegation, for_children, focal):
    FocalPoint.objects.create(delegation=delegation, user=UserFactory(is_staff=False))
    record = intake.take_in(typed(delegation), legal_name=LEGAL_NAME, birth_date=BORN, by=focal)
    looking = FocalPoint.objects.active().filter(delegation=record.registration.delegation)
    assert [point.user for point in looking] == [focal]


def test_letters_answers_links_and_messages_of_the_row_go(delegation, for_children, focal, meeting):
    row = typed(delegation)
    kept = LetterFactory(registration=row, original_name=f"{LEGAL_NAME}.pdf")
    of_all = LetterFactory(registration=None, delegation=delegation, meeting=meeting, original_name=f"{LEGAL_NAME}.pdf")
    for n, name in enumerate(["Ms. Zephyrine QUILLABAMBA", "Quillabamba Zephyrine", "Somebody Else"]):
        LetterName.objects.create(letter=of_all, number=n, name=name)
    question = Question.objects.create(meeting=meeting, key="diet", kind="text", label="Diet", purpose="Meals")
    Answer.objects.create(registration=row, question=question, value=LEGAL_NAME)
    AccessKey.objects.issue(row)
    intake.take_in(row, legal_name=LEGAL_NAME, birth_date=BORN, by=focal)
    assert not Letter.objects.filter(pk=kept.pk).exists()
    assert Letter.objects.get(pk=of_all.pk).original_name == "Letter"
    assert list(LetterName.objects.values_list("name", flat=True)) == ["Somebody Else"]
    assert not Answer.objects.exists()
    assert not AccessKey.objects.filter(registration=row).exists()
    # The letter of this one person is the endorsement from now on, sealed.
    assert ChildRecord.objects.get().consents.get().kind == "endorsed"


def test_the_history_of_the_row_forgets_the_name(delegation, for_children, focal, organiser):
    row = typed(delegation, status=Status.SUBMITTED)
    workflow.edit(row.pk, {"family_name": "Quillabamba Soto"}, by=focal)
    workflow.return_for_correction(row.pk, by=organiser, reason=f"{LEGAL_NAME}: which one?", fields=["family_name"])
    workflow.resubmit(row.pk, by=focal)
    OutgoingMail.objects.update(text=f"Dear {LEGAL_NAME}")
    intake.take_in(row, legal_name=LEGAL_NAME, birth_date=BORN, by=focal)
    for event in row.events.all():
        assert "uillabamba" not in f"{event.reason} {event.changes}"
    assert row.events.filter(changes__has_key="category").exists()
    assert not OutgoingMail.objects.filter(text__contains="Quillabamba").exists()


def test_what_colleagues_wrote_kept_and_were_told_forgets_the_name(delegation, for_children, focal, organiser, meeting):
    row, query = typed(delegation, status=Status.SUBMITTED), "q=Zephyrine+Quillabamba"
    mother = RegistrationFactory(delegation=delegation)
    many = BulkDecision.objects.create(
        meeting=meeting, by=organiser, move="reject", reason=f"{LEGAL_NAME} is too young.", query=query
    )
    for person in (row, mother):
        many.rows.create(
            registration=person, seen=Status.SUBMITTED, state="refused", told=f"{LEGAL_NAME} is not here.",
            decided_at=timezone.now(),
        )  # fmt: skip
    Note.objects.create(registration=mother, by=organiser, text=f"The mother of {LEGAL_NAME}.")
    SavedView.objects.create(meeting=meeting, owner=organiser, screen="queue", name="One", query=query)
    AuditEntry.objects.create(meeting=meeting, by=organiser, action="imported", about=f"{LEGAL_NAME}.xlsx")
    intake.take_in(row, legal_name=LEGAL_NAME, birth_date=BORN, by=focal)
    many.refresh_from_db()
    assert (many.reason, many.query, [r.told for r in many.rows.all()]) == ("", "", ["", ""])
    assert not Note.objects.exists() and not SavedView.objects.exists()
    assert not AuditEntry.objects.filter(about__contains="Quillabamba").exists()


def test_rows_of_an_import_forget_the_name(delegation, for_children, focal, meeting):
    job = RosterImport.objects.create(meeting=meeting, delegation=delegation, by=focal, original_name="r.xlsx")
    job.rows.create(number=2, cells={"Name": LEGAL_NAME}, outcome="created")
    job.rows.create(number=3, cells={"Name": "Somebody Else"}, outcome="created")
    intake.take_in(typed(delegation), legal_name=LEGAL_NAME, birth_date=BORN, by=focal)
    assert [row.cells for row in job.rows.order_by("number")] == [{}, {"Name": "Somebody Else"}]


def test_an_approved_person_who_turns_out_to_be_a_child_waits_for_the_lead(delegation, for_children, focal, organiser):
    row = typed(delegation, status=Status.SUBMITTED)
    workflow.approve(row.pk, by=organiser)
    intake.take_in(row, legal_name=LEGAL_NAME, birth_date=BORN, by=focal)
    assert row.status == Status.SUBMITTED


def test_the_seat_that_becomes_free_is_offered(delegation, for_children, focal):
    delegation.quota = 1
    delegation.save()
    row = typed(delegation, status=Status.SUBMITTED)
    waiting = RegistrationFactory(delegation=delegation, status=Status.WAITLISTED)
    intake.take_in(row, legal_name=LEGAL_NAME, birth_date=BORN, by=focal)
    assert waiting.seat_offers.exists()


def test_the_history_of_the_meeting_has_the_reference_and_no_name(record):
    entry = AuditEntry.objects.get(action=AuditEntry.Action.CHILD)
    assert entry.about == record.registration.reference
    assert "uillabamba" not in str(entry.detail)


def test_a_slip_of_the_pen_gives_the_name_back_to_the_row(record, focal, delegation):
    fill(record, focal)
    born = datetime.date(1980, 3, 4)
    row = intake.put_right(record.pk, birth_date=born, by=focal)
    row = row_of_pk(row)
    assert (row.display_name, row.is_minor, row.birth_date) == (LEGAL_NAME, False, born)
    assert row.delegation == delegation
    assert not ChildRecord.objects.exists()


def test_another_date_under_18_stays_sealed(record, focal):
    intake.put_right(record.pk, birth_date=datetime.date(2013, 1, 1), by=focal)
    assert row_of(record).is_minor
    assert ChildRecord.objects.get().birth_date == "2013-01-01"


def test_after_the_decision_nobody_makes_a_child_an_adult(whole, lead, focal):
    from registration.safeguarding import gate

    gate.clear(whole.pk, by=lead)
    with pytest.raises(MoveNotAllowed, match="decided"):
        intake.put_right(whole.pk, birth_date=datetime.date(1980, 3, 4), by=focal)


@pytest.mark.parametrize(
    "values",
    [
        {"display_name": LEGAL_NAME},
        {"given_names": "Zephyrine"},
        {"family_name": "Quillabamba"},
        {"email": "z@example.org"},
        {"functional_title": "Pupil"},
        {"organisation": "School"},
        {"birth_date": BORN},
        {"honorific": "Ms."},
        {"unparsed": {"birth_date": "4 March"}},
    ],
)
def test_the_database_refuses_a_child_s_row_that_tells_anything(record, values):
    with pytest.raises(IntegrityError, match="tells_nothing"), transaction.atomic():
        Registration.objects.filter(pk=record.registration_id).update(**values)


def test_nobody_types_a_name_into_the_row_afterwards(record, focal):
    with pytest.raises(MoveNotAllowed, match="sealed file"):
        workflow.edit(record.registration_id, {"given_names": "Zephyrine"}, by=focal)


def test_a_birth_date_of_a_child_enters_no_ordinary_row(delegation, focal):
    row = RegistrationFactory(delegation=delegation)
    with pytest.raises(MoveNotAllowed, match="under 18"):
        workflow.edit(row.pk, {"birth_date": BORN}, by=focal)


def test_a_child_that_came_in_some_other_way_is_taken_in_by_the_watch(delegation, for_children, focal):
    row = typed(delegation, birth_date=BORN, status=Status.SUBMITTED)
    assert watch.take_in_overlooked() == 1
    assert watch.take_in_overlooked() == 0
    assert row_of_pk(row).is_minor
    assert FocalPoint.objects.filter(delegation=row_of_pk(row).delegation, user=focal).exists()


def test_until_then_it_cannot_be_approved(delegation, organiser):
    row = typed(delegation, birth_date=BORN, status=Status.SUBMITTED)
    with pytest.raises(MoveNotAllowed, match="safeguarding lead"):
        workflow.approve(row.pk, by=organiser)


def test_the_watch_leaves_a_meeting_without_the_category_as_it_is(focal):
    delegation = DelegationFactory(category=CategoryFactory())
    typed(delegation, birth_date=BORN)
    assert watch.take_in_overlooked() == 0
