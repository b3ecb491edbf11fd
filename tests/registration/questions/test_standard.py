"""The standard groups: complete in six languages, each with its promise, never doubled, never a diagnosis."""

import pytest
from django.urls import reverse

from meeting.languages import SIX
from meeting.models import AuditEntry, Role
from registration.models import Question, QuestionGroup
from registration.questions import conditions, fields, standard
from tests.factories import CategoryFactory, MeetingFactory, StaffRoleFactory

READY = [(group, ready) for group, questions in standard.GROUPS.items() for ready in questions]


@pytest.mark.parametrize(("group", "ready"), READY, ids=[ready.key for _group, ready in READY])
def test_each_is_whole(group, ready):
    for text in (ready.label, ready.purpose, *ready.options.values()):
        assert set(text) == set(SIX)
        assert all(text.values())
    assert ready.readers
    assert ready.keep_days <= 30
    assert bool(ready.shown_if) == bool(ready.shown_if_answer)


def test_needs_are_services_and_restricted():
    words = " ".join(
        text["en"].lower() for r in standard.GROUPS[QuestionGroup.NEEDS] for text in (r.label, *r.options.values())
    )
    for diagnosis in ("disab", "deaf", "blind", "allerg", "illness", "diabet", "disease", "condition", "survivor"):
        assert diagnosis not in words
    assert {r.data_class for r in standard.GROUPS[QuestionGroup.NEEDS]} == {3}


def test_no_group_asks_for_a_passport_number():
    assert not any("passport" in ready.key or "number" in ready.key for _group, ready in READY)


@pytest.mark.django_db
def test_switching_on_twice_adds_nothing():
    meeting = MeetingFactory()
    for group, questions in standard.GROUPS.items():
        assert standard.switch_on(meeting, group) == len(questions)
        assert standard.switch_on(meeting, group) == 0
    assert Question.objects.filter(meeting=meeting).count() == len(READY)
    assert AuditEntry.objects.filter(action="question").count() == 4
    category = CategoryFactory(meeting=meeting)
    asked = fields.for_category(meeting, category)
    assert len(asked) == len(READY)
    assert "needs-visa" in conditions.counting(asked, {})
    assert "nationality" not in conditions.counting(asked, {})
    assert "nationality" in conditions.counting(asked, {"needs-visa": True})


@pytest.mark.django_db
def test_what_is_no_longer_asked_is_asked_again_as_it_was_left():
    meeting = MeetingFactory()
    standard.switch_on(meeting, QuestionGroup.INTERPRETATION)
    Question.objects.filter(key="listens-in").update(is_retired=True, label_en="Which channel?")
    assert standard.missing(meeting, QuestionGroup.INTERPRETATION) == ["listens-in"]
    assert standard.switch_on(meeting, QuestionGroup.INTERPRETATION) == 1
    assert Question.objects.asked().get(key="listens-in").label_en == "Which channel?"


@pytest.mark.django_db
def test_the_button(client):
    meeting = MeetingFactory(slug="ours")
    client.force_login(StaffRoleFactory(meeting=meeting, role=Role.ORGANISER).user)
    address = reverse("admin:desk:standard_questions", args=["ours"])
    assert address in client.get(reverse("admin:registration_question_changelist")).content.decode()
    assert client.post(address, {}).status_code == 422
    assert client.post(address, {"groups": ["nonsense"]}).status_code == 422
    page = client.post(address, {"groups": ["needs"]}, follow=True).content.decode()
    assert "5 questions added." in page
    offered = [box.data["value"] for box in client.get(address).context["form"]["groups"]]
    assert offered == ["travel", "languages", "side_events"]
