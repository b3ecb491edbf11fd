"""Answers go when the promised time is over: counted first, deleted once."""

import datetime
from io import StringIO

import pytest
from django.core.management import call_command

from meeting.models import AuditEntry
from registration.models import Answer
from registration.questions import answers, forgetting
from tests.factories import FileAnswerFactory, MeetingFactory, QuestionFactory, RegistrationFactory

pytestmark = pytest.mark.django_db
LAST_DAY = datetime.date(2008, 9, 19)  # of the meeting


@pytest.fixture
def answered():
    person = RegistrationFactory(delegation__category__meeting=MeetingFactory(slug="ours", ends_on=LAST_DAY))
    food = QuestionFactory(meeting=person.meeting, key="food", keep_days=30)
    title = QuestionFactory(meeting=person.meeting, key="title", keep_days=700)
    answers.save(person, {food: "Rice", title: "Dr."})
    return person


def kept():
    return set(Answer.objects.values_list("question__key", flat=True))


def test_kept_to_the_last_promised_day(answered):
    assert forgetting.forget(LAST_DAY + datetime.timedelta(days=30)) == {}
    assert kept() == {"food", "title"}
    assert forgetting.forget(LAST_DAY + datetime.timedelta(days=31)) == {answered.meeting: {"food": 1}}
    assert kept() == {"title"}
    assert AuditEntry.objects.get().detail["counts"] == {"food": 1}


def test_twice_is_once_and_counting_deletes_nothing(answered):
    day = LAST_DAY + datetime.timedelta(days=31)
    assert forgetting.counts(day) == {answered.meeting: {"food": 1}}
    assert kept() == {"food", "title"}
    forgetting.forget(day)
    assert forgetting.forget(day) == {}
    assert AuditEntry.objects.count() == 1


def test_what_was_promised_to_the_one_who_answered_holds(answered):
    food = answered.meeting.questions.get(key="food")
    type(food).objects.filter(pk=food.pk).update(is_current=False)
    QuestionFactory(meeting=answered.meeting, key="food", version=2, keep_days=700)
    forgetting.forget(LAST_DAY + datetime.timedelta(days=31))
    assert kept() == {"title"}


def test_files_go_too(answered, django_capture_on_commit_callbacks):
    sent = FileAnswerFactory(registration=answered)
    with django_capture_on_commit_callbacks(execute=True):
        forgetting.forget(LAST_DAY + datetime.timedelta(days=31))
    assert not sent.file.storage.exists(sent.file.name)


def test_the_command_counts_then_deletes(answered):
    out = StringIO()
    call_command("forget_answers", "--dry-run", stdout=out)
    assert out.getvalue().splitlines() == ["ours\tfood\t1", "ours\ttitle\t1", "2 would be deleted"]
    assert Answer.objects.count() == 2
    out = StringIO()
    call_command("forget_answers", stdout=out)
    assert out.getvalue().splitlines()[-1] == "2 were deleted"
    assert not Answer.objects.exists()
