"""Letters for many: each issued once, whatever becomes of the worker; a file to print, or one for each."""

import io
import uuid
import zipfile

import pypdfium2
import pytest

from meeting.models import AuditEntry
from registration import workflow
from registration.issuing import batches, filing, issue
from registration.issuing.issue import Wanted
from registration.mail.broker import publisher
from registration.models import IssuedKind, IssuedLetter, LetterBatch, LetterRow, OutgoingMail
from tests.factories import RegistrationFactory

from .conftest import approved, letter_for

Kind = IssuedKind
Form = LetterBatch.Form
State = LetterRow.State


@pytest.fixture
def announced(monkeypatch):
    told = []
    monkeypatch.setattr(publisher, "announce", lambda *what: told.append(what))
    return told


def many(delegation, count):
    return [approved(delegation=delegation) for _ in range(count)]


def start(people, by, form="", token=None, **wanted):
    meeting = people[0].meeting
    return batches.start(
        meeting, Wanted(Kind.CONFIRMATION, by=by, **wanted), [p.pk for p in people], token=token or uuid.uuid4(),
        by=by, form=form,
    )  # fmt: skip


def content_of(batch):
    batch.refresh_from_db()
    with batch.file.open("rb") as file:
        return file.read()


def test_a_few_are_there_at_once(delegation, officer):
    batch = start(many(delegation, 3), officer, Form.PDF)
    batch.refresh_from_db()
    assert batch.ended_at is not None
    assert set(batch.rows.values_list("state", flat=True)) == {State.DONE}
    assert len(pypdfium2.PdfDocument(content_of(batch))) == 3


def test_a_zip_has_a_file_for_each_called_by_its_number(delegation, officer):
    batch = start(many(delegation, 3), officer, Form.ZIP)
    archive = zipfile.ZipFile(io.BytesIO(content_of(batch)))
    assert archive.namelist() == [f"EAP-2008-REG-000{n}.pdf" for n in (1, 2, 3)]
    assert all(b"/StructTreeRoot" in archive.read(name) for name in archive.namelist())


def test_confirmed_twice_is_once(delegation, officer):
    people, token = many(delegation, 2), uuid.uuid4()
    assert start(people, officer, token=token) == start(people, officer, token=token)
    assert IssuedLetter.objects.count() == 2


def test_whoever_has_one_keeps_it_and_whoever_may_not_have_one_is_told_why(delegation, officer):
    there, gone, new = many(delegation, 3)
    letter_for(there, language=there.language)
    workflow.withdraw(gone.pk)
    batch = start([there, gone, new], officer, Form.PDF)
    states = dict(batch.rows.values_list("registration", "state"))
    assert states == {there.pk: State.THERE, gone.pk: State.REFUSED, new.pk: State.DONE}
    assert "withdrawn" in batch.rows.get(registration=gone).told
    assert len(pypdfium2.PdfDocument(content_of(batch))) == 2


def test_many_wait_for_a_worker_and_a_killed_one_loses_and_doubles_nothing(delegation, officer, announced, monkeypatch):
    people = many(delegation, batches.AT_ONCE + 10)
    batch = start(people, officer, Form.PDF)
    assert announced[0] == ("issue_letters", batch.pk)
    monkeypatch.setattr(batches, "TOGETHER", 8)
    calls = []

    def dies(registrations, wanted, real=issue.issue_to):
        calls.append(len(registrations))
        outcomes = real(registrations, wanted)
        if len(calls) == 2:
            raise SystemExit  # in the middle of a transaction, as a kill does
        return outcomes

    monkeypatch.setattr(issue, "issue_to", dies)
    with pytest.raises(SystemExit):
        batches.run(batch.pk)
    assert IssuedLetter.objects.count() == 8
    assert batch.rows.filter(state=State.WAITING).count() == len(people) - 8
    batches.run(batch.pk)
    assert sorted(IssuedLetter.objects.values_list("number", flat=True)) == list(range(1, len(people) + 1))
    assert len(pypdfium2.PdfDocument(content_of(batch))) == len(people)
    assert AuditEntry.objects.filter(action="bulk").count() == 1


def test_a_worker_that_died_while_drawing_is_followed_by_another(delegation, officer, announced, monkeypatch):
    batch = start(many(delegation, batches.AT_ONCE + 1), officer, Form.PDF)

    def dies(*_args):
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(filing, "_as_pdf", dies)
        with pytest.raises(SystemExit):
            batches.run(batch.pk)
    batch.refresh_from_db()
    assert batch.issued_at is not None and batch.ended_at is None
    LetterBatch.objects.update(created_at="2008-01-01T00:00Z")
    batches.sweep()
    assert len(pypdfium2.PdfDocument(content_of(batch))) == batches.AT_ONCE + 1


def test_stopping_leaves_the_rest_without(delegation, officer, announced):
    batch = start(many(delegation, batches.AT_ONCE + 1), officer)
    batches.stop(batch)
    batch.refresh_from_db()
    assert batch.ended_at is not None
    assert IssuedLetter.objects.count() == 0


def test_whoever_may_issue_no_more_issues_nothing(delegation, officer, announced):
    batch = start(many(delegation, batches.AT_ONCE + 1), officer)
    officer.staff_roles.all().delete()
    batches.run(batch.pk)
    assert IssuedLetter.objects.count() == 0
    assert set(batch.rows.values_list("state", flat=True)) == {State.REFUSED}


def test_one_that_fails_takes_no_other_with_it(delegation, officer, monkeypatch):
    people = many(delegation, 3)
    real = issue._compose

    def broken(registration, *rest):
        if registration.pk == people[1].pk:
            raise ValueError("a fault of ours")
        return real(registration, *rest)

    monkeypatch.setattr(issue, "_compose", broken)
    batch = start(people, officer)
    assert [row.state for row in batch.rows.order_by("registration")] == [State.DONE, State.REFUSED, State.DONE]
    assert sorted(IssuedLetter.objects.values_list("number", flat=True)) == [1, 2]


def test_each_is_told_once_with_the_letter_however_often_it_is_asked(delegation, officer):
    people = many(delegation, 2)
    start(people, officer, tells=True)
    start(people, officer, tells=True)
    mails = OutgoingMail.objects.filter(kind="letter_ready")
    assert mails.count() == 2
    assert {mail.letter.registration_id for mail in mails} == {p.pk for p in people}
    assert all(letter.is_shared for letter in IssuedLetter.objects.all())


def test_a_letter_in_the_file_that_is_revoked_makes_the_file_stale(delegation, officer):
    people = many(delegation, 2)
    batch = start(people, officer, Form.PDF)
    batch.refresh_from_db()
    assert not filing.is_stale(batch)
    workflow.withdraw(people[0].pk)
    assert filing.is_stale(batch)
    filing.ask_for(batch, Form.PDF)
    batches.run(batch.pk)
    assert len(pypdfium2.PdfDocument(content_of(batch))) == 1


def test_files_go_after_a_week_and_batches_after_a_month(delegation, officer):
    batch = start(many(delegation, 1), officer, Form.PDF)
    batch.refresh_from_db()
    path = batch.file.name
    LetterBatch.objects.update(file_made_at="2008-01-01T00:00Z")
    batches.forget()
    batch.refresh_from_db()
    assert not batch.file and not LetterBatch._meta.get_field("file").storage.exists(path)
    LetterBatch.objects.update(ended_at="2008-01-01T00:00Z")
    batches.forget()
    assert not LetterBatch.objects.exists()
    assert IssuedLetter.objects.count() == 1


def test_each_gets_it_in_their_own_language(delegation, officer):
    french = approved(delegation=delegation, language="fr")
    start([french, *many(delegation, 1)], officer)
    assert IssuedLetter.objects.get(registration=french).language == "fr"


def test_nobody_under_18_is_written_for(delegation, officer):
    alias = "Participant Y77"
    child = RegistrationFactory(
        delegation=delegation, status="approved", is_minor=True, display_name=alias, given_names=alias, family_name="",
        email="", functional_title="",
    )  # fmt: skip
    batch = start([child], officer)
    assert batch.rows.get().state == State.REFUSED
    assert alias not in batch.rows.get().told
