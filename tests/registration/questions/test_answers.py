"""Answers: kept with the draft, read by those whom the question names, files served to nobody else."""

import datetime
import uuid

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from meeting.models import AuditEntry, EntityKind, Role
from registration import drafts
from registration.letters.files import AcceptedFile
from registration.models import AccessKey, Answer, Question, QuestionKind, Registration, Status
from registration.questions import answers, kept_files
from tests.factories import (
    PDF,
    CategoryFactory,
    EntityFactory,
    FileAnswerFactory,
    MeetingFactory,
    QuestionFactory,
    RegistrationFactory,
    StaffRoleFactory,
)

pytestmark = pytest.mark.django_db
K = QuestionKind


@pytest.fixture
def meeting():
    return MeetingFactory(slug="ours")


@pytest.fixture
def person(meeting):
    return RegistrationFactory(delegation__category=CategoryFactory(meeting=meeting))


def staff(meeting, role):
    return StaffRoleFactory(meeting=meeting, role=role).user


def typed(**changed):
    return {
        "attempt": uuid.uuid4(), "adult": "yes", "honorific": "Ms.", "given_names": "Litia", "family_name": "Waqanisau",
        "display_name": "", "functional_title": "Director", "department": "", "organisation": "", "role": "head",
        "modality": "in_person", "email": "litia@example.org", "phone": "", **changed,
    }  # fmt: skip


def form_address(person):
    return reverse("registration:form", args=["ours", person.delegation.entity.code])


def key_in(response):
    assert response.status_code == 302, response.context["form"].errors
    return response.url.rstrip("/").rsplit("/", 1)[1]


def test_the_form_asks_a_draft_keeps_and_the_page_to_check_shows(client, meeting, person):
    QuestionFactory(meeting=meeting, key="visa", kind=K.YES_NO, label="Do you need a visa?", purpose="For the host.")
    QuestionFactory(
        meeting=meeting, key="food", kind=K.MANY_OF, label="Food", options={"halal": "Halal", "nuts": "No nuts"}
    )
    QuestionFactory(meeting=meeting, key="paper", kind=K.FILE, label="Statement")
    page = client.get(form_address(person)).content.decode()
    assert page.index("For the host.") < page.index("Do you need a visa?") < page.index("Nomination letter")
    upload = SimpleUploadedFile("Statement.pdf", PDF)
    key = key_in(client.post(form_address(person), typed(q_visa="no", q_food=["nuts", "halal"], q_paper=upload)))
    check = client.get(reverse("registration:check", args=["ours", key])).content.decode()
    for words in ("Do you need a visa?", "Halal and No nuts", "Statement.pdf", "#id_q_food_0", "#id_q_paper"):
        assert words in check
    draft = Registration.objects.get(status=Status.DRAFT)
    assert dict(draft.answers.values_list("question__key", "value")) == {
        "visa": False, "food": ["halal", "nuts"], "paper": None,
    }  # fmt: skip
    change = reverse("registration:change", args=["ours", key])
    page = client.get(change).content.decode()
    assert "We have “Statement.pdf”" in page
    client.post(change, typed(attempt=draft.attempt, q_visa="yes"))
    assert dict(draft.answers.values_list("question__key", "value")) == {"visa": True, "paper": None}
    client.post(reverse("registration:check", args=["ours", key]))
    own = client.get(reverse("private:page", args=[key])).content.decode()
    assert "Do you need a visa?" in own


def test_errors_stand_beside_the_answer_and_in_the_summary(client, meeting, person):
    QuestionFactory(meeting=meeting, key="copies", kind=K.NUMBER, label="Copies", required=True)
    page = client.post(form_address(person), typed(q_copies="many")).content.decode()
    assert '<a href="#id_q_copies">Write a number in digits, like 3 or 12.5</a>' in page
    assert 'value="many"' in page
    assert not Answer.objects.exists()


def test_a_good_file_need_not_be_chosen_twice(client, meeting, person):
    paper = QuestionFactory(meeting=meeting, key="paper", kind=K.FILE, label="Statement", required=True)
    sent = typed(q_paper=SimpleUploadedFile("Statement.pdf", PDF), functional_title="")
    page = client.post(form_address(person), sent)
    assert "We have “Statement.pdf”" in page.content.decode()
    receipt = page.context["form"]["q_paper_receipt"].value()
    key_in(client.post(form_address(person), typed(q_paper_receipt=receipt)))
    stored = Answer.objects.get(question=paper)
    assert (stored.file.read(), stored.original_name) == (PDF, "Statement.pdf")
    # It is worth nothing for another question, and nothing when it was made up.
    other = QuestionFactory(meeting=meeting, key="other", kind=K.FILE, required=True)
    page = client.post(form_address(person), typed(q_paper_receipt="made:up", q_other_receipt=receipt))
    assert {"q_paper", "q_other"} <= set(page.context["form"].errors)
    assert not Answer.objects.filter(question=other).exists()


def test_somebody_under_18_leaves_no_file_behind(client, meeting, person):
    QuestionFactory(meeting=meeting, key="paper", kind=K.FILE)
    sent = typed(q_paper=SimpleUploadedFile("Statement.pdf", PDF), functional_title="")
    receipt = client.post(form_address(person), sent).context["form"]["q_paper_receipt"].value()
    assert default_storage.listdir(kept_files.FOLDER)[1]
    page = client.post(form_address(person), typed(adult="no", q_paper_receipt=receipt))
    assert page.status_code == 200
    assert default_storage.listdir(kept_files.FOLDER)[1] == []


def test_files_that_waited_too_long_are_swept(monkeypatch):
    accepted = AcceptedFile(PDF, "application/pdf", "Statement.pdf")
    kept, _receipt = kept_files.keep(accepted, 1)
    assert kept_files.sweep() == 0
    monkeypatch.setattr(kept_files, "KEPT_FOR", -1)
    assert kept_files.sweep() == 1
    assert not default_storage.exists(kept.path)


def test_a_question_of_another_meeting_takes_no_answer(client, meeting, person):
    QuestionFactory(meeting=MeetingFactory(), key="theirs")
    key_in(client.post(form_address(person), typed(q_theirs="x")))
    assert not Answer.objects.exists()


def test_saving_again_replaces_and_none_forgets(meeting, person, django_capture_on_commit_callbacks):
    food, seat = QuestionFactory(meeting=meeting), QuestionFactory(meeting=meeting)
    answers.save(person, {food: "Rice", seat: "Aisle"})
    answers.save(person, {food: "Noodles"})
    assert answers.initial(person) == {f"q_{food.key}": "Noodles", f"q_{seat.key}": "Aisle"}
    sent = FileAnswerFactory(registration=person)
    storage, name = sent.file.storage, sent.file.name
    with django_capture_on_commit_callbacks(execute=True):
        answers.save(person, {food: None, sent.question: None})
    assert answers.initial(person) == {f"q_{seat.key}": "Aisle"}
    assert not storage.exists(name)


def test_a_file_that_is_there_stays_until_there_is_another(meeting, person):
    sent = FileAnswerFactory(registration=person)
    answers.save(person, {sent.question: sent})
    assert Answer.objects.get() == sent


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        (K.YES_NO, False, "No"),
        (K.NUMBER, 1500, "1500"),
        (K.NUMBER, 0, "0"),
        (K.DATE, "2008-09-18", "18 September 2008"),
        (K.ONE_OF, "a", "Alpha"),
        (K.ONE_OF, "gone", "gone"),
        (K.MANY_OF, ["a", "b"], "Alpha and Beta"),
        (K.LONG_TEXT, "one\ntwo", "one\ntwo"),
        (K.COUNTRY, "ZZ", "ZZ"),
    ],
)
def test_answers_in_words(meeting, person, kind, value, text):
    question = QuestionFactory(meeting=meeting, kind=kind, options={"a": "Alpha", "b": "Beta"})
    answers.save(person, {question: value})
    [(asked, words)] = answers.of(person)
    assert (asked, words) == (question, text)


@pytest.mark.parametrize("rows", [1, 3])
def test_answers_of_a_person_query_count(meeting, person, rows, django_assert_num_queries):
    for _n in range(rows):
        question = QuestionFactory(meeting=meeting, kind=K.ONE_OF, options={"a": "A"})
        answers.save(person, {question: "a"})
    with django_assert_num_queries(2):  # answers with their questions, options
        answers.of(person)


def test_only_those_whom_the_question_names_read_it(client, meeting, person):
    food = QuestionFactory(meeting=meeting, label="Food", readers=[Role.ORGANISER, Role.LISTS], data_class=3)
    answers.save(person, {food: "Halal meals"})
    page = reverse("admin:desk:registration", args=["ours", person.reference])
    for role, reads in ((Role.ORGANISER, True), (Role.LISTS, True), (Role.REVIEWER, False), (Role.AUDITOR, False)):
        client.force_login(staff(meeting, role))
        assert ("Halal meals" in client.get(page).content.decode()) is reads, role
    other = StaffRoleFactory(meeting=MeetingFactory(), role=Role.ORGANISER).user
    assert answers.readable_by(other, meeting) == set()


def test_readers_are_those_of_the_version_that_was_answered_and_of_today(meeting):
    first = QuestionFactory(meeting=meeting, key="food", is_current=False, readers=[Role.ORGANISER])
    second = QuestionFactory(meeting=meeting, key="food", version=2, readers=[Role.ORGANISER, Role.LISTS])
    organiser, lists = staff(meeting, Role.ORGANISER), staff(meeting, Role.LISTS)
    assert answers.readable_by(organiser, meeting) == {first.pk, second.pk}
    assert answers.readable_by(lists, meeting) == {second.pk}
    Question.objects.filter(pk=second.pk).update(readers=[Role.LISTS])
    assert answers.readable_by(organiser, meeting) == set()


def test_restricted_answers_of_a_child_are_the_safeguarding_leads(meeting, person):
    food = QuestionFactory(meeting=meeting, data_class=3, readers=[Role.ORGANISER, Role.SAFEGUARDING])
    person.is_minor = True
    assert answers.readable_by(staff(meeting, Role.ORGANISER), meeting, person) == set()
    assert answers.readable_by(staff(meeting, Role.SAFEGUARDING), meeting, person) == {food.pk}


def test_a_draft_in_another_category_keeps_what_is_asked_there(client, meeting, person):
    here, there = person.delegation.category, CategoryFactory(meeting=meeting, kinds=["igo"], represents="agency")
    both, only_here = QuestionFactory(meeting=meeting, key="both"), QuestionFactory(meeting=meeting, key="here")
    only_here.categories.add(here)
    agency = EntityFactory(code="ADB", kind=EntityKind.IGO, names={"en": "ADB"})
    key = key_in(client.post(form_address(person), typed(q_both="one", q_here="two")))
    draft = Registration.objects.get(status=Status.DRAFT)
    address = reverse("registration:form", args=["ours", agency.code])
    key_in(client.post(f"{address}?draft={key}", typed(attempt=draft.attempt, q_both="one")))
    draft.refresh_from_db()
    assert draft.delegation.category == there
    assert set(draft.answers.values_list("question", flat=True)) == {both.pk}


def test_forgetting_a_draft_leaves_no_file_behind(person, django_capture_on_commit_callbacks):
    sent = FileAnswerFactory(registration=person)
    before = timezone.now() - datetime.timedelta(days=2)
    Registration.objects.update(status=Status.DRAFT, changed_at=before)
    with django_capture_on_commit_callbacks(execute=True):
        assert drafts.forget() == 1
    assert not sent.file.storage.exists(sent.file.name)


# Files


def test_a_file_is_a_download_and_its_reading_is_written_down(client, meeting, person):
    sent = FileAnswerFactory(registration=person, original_name="Passport.pdf")
    reader = staff(meeting, Role.ORGANISER)
    client.force_login(reader)
    address = reverse("admin:desk:answer", args=["ours", sent.pk])
    assert address in client.get(reverse("admin:desk:registration", args=["ours", person.reference])).content.decode()
    response = client.get(address)
    assert b"".join(response.streaming_content) == PDF
    assert response["Content-Disposition"] == 'attachment; filename="Passport.pdf"'
    entry = AuditEntry.objects.get(action="read_answer")
    assert (entry.by, entry.about, entry.detail["answer"]) == (reader, person.reference, sent.pk)


def test_nobody_else_gets_the_file(client, meeting, person):
    sent = FileAnswerFactory(registration=person)
    theirs = FileAnswerFactory()
    client.force_login(staff(meeting, Role.REVIEWER))
    assert client.get(reverse("admin:desk:answer", args=["ours", sent.pk])).status_code == 404
    client.force_login(staff(meeting, Role.ORGANISER))
    assert client.get(reverse("admin:desk:answer", args=["ours", theirs.pk])).status_code == 404
    assert not AuditEntry.objects.exists()


def test_a_private_link_opens_the_files_of_its_own_registration_only(client, person):
    own, other = FileAnswerFactory(registration=person), FileAnswerFactory()
    key = AccessKey.objects.issue(person)
    assert client.get(reverse("private:answer", args=[key, own.pk])).status_code == 200
    assert client.get(reverse("private:answer", args=[key, other.pk])).status_code == 404
    assert client.get(reverse("private:answer", args=["made-up", own.pk])).status_code == 404


def test_an_answer_without_a_file_is_no_download(client, meeting, person):
    question = QuestionFactory(meeting=meeting)
    answers.save(person, {question: "text"})
    key = AccessKey.objects.issue(person)
    assert client.get(reverse("private:answer", args=[key, Answer.objects.get().pk])).status_code == 404


def test_the_file_lies_under_a_name_that_tells_nothing(person):
    sent = FileAnswerFactory(registration=person, file=ContentFile(PDF, name="Litia passport.pdf"))
    assert "passport" not in sent.file.name
    assert person.reference not in sent.file.name
