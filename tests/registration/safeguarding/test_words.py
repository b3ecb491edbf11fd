"""No field anywhere says that somebody is a survivor; and what the public form says to somebody under 18."""

import datetime
import logging
import re
import uuid

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from meeting.models import User
from registration import rules
from registration.models import AccessKey, Delegation, Letter, Question, Registration
from registration.questions import standard
from tests.factories import PDF, CategoryFactory, EntityFactory, MeetingFactory

pytestmark = pytest.mark.django_db

ABOUT_HARM = re.compile(
    r"surviv|victim|abus|exploit|traffick|rape|assault|violence|harm|perpetrat|case[_ ](detail|history)", re.I
)
LABELS = ("meeting", "registration", "programme")


def fields():
    for label in LABELS:
        for model in apps.get_app_config(label).get_models():
            for field in model._meta.get_fields():
                words = [field.name, str(getattr(field, "verbose_name", "")), str(getattr(field, "help_text", ""))]
                words += [str(part) for choice in getattr(field, "choices", None) or [] for part in choice]
                yield f"{model.__name__}.{field.name}", " ".join(words)


def test_no_field_of_any_model_is_about_being_a_survivor():
    found = dict(fields())
    assert len(found) > 300
    assert {name: words for name, words in found.items() if ABOUT_HARM.search(words)} == {}


def test_the_search_for_such_a_field_would_find_it():
    assert ABOUT_HARM.search("is_survivor")
    assert ABOUT_HARM.search("Victim of violence")


def test_no_standard_question_asks_for_it(meeting):
    for group in standard.GROUPS:
        standard.switch_on(meeting, group)
    asked = Question.objects.filter(meeting=meeting)
    assert asked.count() > 5
    for question in asked:
        words = [question.label, question.help, question.purpose, *question.options.values_list("label", flat=True)]
        assert not ABOUT_HARM.search(" ".join(words))


def test_needs_are_asked_as_services_and_not_as_diagnoses(meeting):
    for group in standard.GROUPS:
        standard.switch_on(meeting, group)
    for question in Question.objects.filter(meeting=meeting):
        assert not re.search(r"diagnos|disabilit|illness|disease|condition", question.label, re.I)


# The public form


@pytest.fixture
def form_of(settings):
    settings.MEDIA_ROOT.mkdir(parents=True, exist_ok=True)
    meeting = MeetingFactory(slug="ours", safeguarding_email="safe@example.org")
    CategoryFactory(meeting=meeting, code="NGO", represents="ngo", kinds=["ngo"], required_documents=["nomination"])
    EntityFactory(code="org", kind="ngo")
    return reverse("registration:form", args=["ours", "org"])


def answers(**changed):
    return {
        "attempt": uuid.uuid4(),
        "given_names": "Zephyrine",
        "family_name": "Quillabamba",
        "functional_title": "Pupil",
        "role": "observer",
        "modality": "in_person",
        "email": "z@example.org",
        "letter": SimpleUploadedFile("Zephyrine.pdf", PDF),
        **changed,
    }


def test_the_form_asks_for_today_where_the_first_day_is_past(client, form_of):
    today = timezone.now().astimezone(MeetingFactory().zone).date()
    page = client.get(form_of).content.decode()
    assert f"Will you be 18 or over on {today.day} {today:%B} {today.year}?" in page


def test_the_form_asks_for_the_first_day_of_a_meeting_to_come():
    meeting = MeetingFactory(starts_on=datetime.date(2999, 9, 18), ends_on=datetime.date(2999, 9, 19))
    assert rules.age_counts_on(meeting) == datetime.date(2999, 9, 18)


def test_whoever_is_under_18_gets_a_kind_page_and_nothing_is_kept(client, form_of, settings, caplog):
    caplog.set_level(logging.DEBUG)
    before = User.objects.count()
    page = client.post(form_of, answers(adult="no"))
    said = page.content.decode()
    assert "The organization that sends you registers you" in said
    assert "safe@example.org" in said
    assert "Nothing that you typed here was kept" in said
    assert "Quillabamba" not in said
    kept = (Registration, Letter, Delegation, AccessKey)
    assert [model.objects.count() for model in kept] == [0, 0, 0, 0]
    assert User.objects.count() == before
    assert [p for p in settings.MEDIA_ROOT.rglob("*") if p.is_file()] == []
    assert "Quillabamba" not in caplog.text


def test_a_draft_from_before_goes_with_its_letter(client, form_of, settings):
    sent = client.post(form_of, answers(adult="yes"))
    key = sent.url.rstrip("/").rsplit("/", 1)[1]
    client.post(reverse("registration:change", args=["ours", key]), answers(adult="no"))
    assert not Registration.objects.exists()
    assert not Letter.objects.exists()
    assert [p for p in settings.MEDIA_ROOT.rglob("*") if p.is_file()] == []


def test_a_letter_that_waited_for_its_form_goes_too(client, form_of):
    bad = client.post(form_of, answers(adult="yes", email="nonsense"))
    receipt = bad.context["form"]["letter_receipt"].value()
    assert Letter.objects.count() == 1
    client.post(form_of, answers(adult="no", letter="", letter_receipt=receipt))
    assert not Letter.objects.exists()


def test_the_question_has_to_be_answered(client, form_of):
    page = client.post(form_of, answers())
    assert "Say whether you are 18 or over" in page.content.decode()
    assert not Registration.objects.exists()


def test_the_answer_is_kept_while_the_form_is_put_right(client, form_of):
    page = client.post(form_of, answers(adult="yes", email="nonsense")).content.decode()
    assert re.search(r'name="adult" value="yes"[^>]*checked', page)


@pytest.mark.parametrize("language", ["ar", "en"])
def test_report_a_concern_works_logged_out_and_leads_to_the_lead(client, form_of, language):
    client.cookies["django_language"] = language
    page = client.get(reverse("meeting:concern", args=["ours"])).content.decode()
    assert "mailto:safe@example.org" in page
    assert reverse("meeting:concern", args=["ours"]) in client.get("/ours/").content.decode()
