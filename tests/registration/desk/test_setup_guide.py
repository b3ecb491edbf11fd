"""The guided setup: what is missing, when registration opens, how each category will see the form."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from meeting.models import AuditEntry, Entity, Meeting, Role, Venue
from registration import texts
from registration.models import (
    CannedReason,
    Delegation,
    Invitation,
    OutgoingMail,
    Registration,
    ReviewedCategory,
)
from registration.setup import opening, readiness
from tests.factories import (
    CategoryFactory,
    DelegationFactory,
    MeetingFactory,
    QuestionFactory,
    StaffRoleFactory,
)

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def meeting():
    first = timezone.now().date() + datetime.timedelta(days=60)
    return MeetingFactory(registration_held_open=False, starts_on=first, ends_on=first, is_published=False)


@pytest.fixture
def organiser(client, meeting):
    user = StaffRoleFactory(meeting=meeting, role=Role.ORGANISER).user
    client.force_login(user)
    return user


@pytest.fixture
def ready(meeting):
    """Everything necessary is there but the opening."""
    Meeting.objects.filter(pk=meeting.pk).update(privacy_notice_en="We keep it.", is_published=True)
    CategoryFactory(meeting=meeting, code="NGO", name="Non-governmental organizations", quota=9)
    meeting.refresh_from_db()
    return meeting


def step(meeting, key):
    return next(s for s in readiness.steps(meeting) if s.key == key)


def at(name, meeting, *args):
    return reverse(f"admin:desk:{name}", args=[meeting.slug, *args])


def post(client, meeting, **data):
    return client.post(at("setup_opening", meeting), data, follow=True)


# What is missing


def test_an_empty_meeting_lacks_what_is_necessary_first(meeting):
    necessary = [s.key for s in readiness.missing(meeting) if s.is_must]
    assert necessary == ["categories", "privacy", "published", "opening"]
    assert [s.is_must for s in readiness.missing(meeting)][: len(necessary)] == [True] * len(necessary)
    assert not readiness.may_open(readiness.steps(meeting))


def test_with_all_that_is_necessary_it_may_be_opened(ready):
    assert [s.key for s in readiness.missing(ready) if s.is_must] == ["opening"]
    assert readiness.may_open(readiness.steps(ready))


def test_a_zone_nobody_has_chosen_is_missing(meeting):
    meeting.time_zone = "UTC"
    assert not step(meeting, "dates").is_done


def test_the_venue_and_texts_in_other_languages_are_advice(meeting):
    assert not step(meeting, "venue").is_done
    assert not step(meeting, "texts").is_done
    meeting.venue = Venue.objects.create(name="UNCC", city="Bangkok")
    for language in ("en", "fr", "es", "ru", "zh_hans", "ar"):
        setattr(meeting, f"title_{language}", "A title")
    assert step(meeting, "venue").is_done
    assert step(meeting, "texts").is_done
    meeting.privacy_notice_en = "We keep it."
    assert "Arabic" in step(meeting, "texts").why


def test_answers_that_lead_to_no_category_are_named(meeting):
    CategoryFactory(meeting=meeting, represents="ngo")
    CategoryFactory(meeting=meeting, represents="government", by_invitation=True)
    assert "A Government" in step(meeting, "represents").why
    assert "non-governmental" not in step(meeting, "represents").why


def test_where_only_focal_points_register_somebody_has_to_be_invited(meeting, organiser):
    category = CategoryFactory(meeting=meeting, typist="focal_point", name="Members")
    assert "Members" in step(meeting, "invitations").why
    theirs = DelegationFactory(category=category)
    Invitation.objects.create(delegation=theirs, email="mission@example.org", sent_by=organiser)
    assert step(meeting, "invitations").is_done


def test_a_category_for_children_needs_the_lead_and_the_mailbox(meeting):
    assert not step(meeting, "children").is_must
    CategoryFactory(meeting=meeting, for_children=True, listing="number")
    found = step(meeting, "children")
    assert (found.is_must, found.is_done) == (True, False)
    StaffRoleFactory(meeting=meeting, role=Role.SAFEGUARDING)
    meeting.safeguarding_email = "safe@example.org"
    assert step(meeting, "children").is_done


def test_seats_are_a_number_or_a_word_that_there_is_no_limit(client, ready, organiser):
    CategoryFactory(meeting=ready, code="OBS", name="Observers")
    assert "No limit: Observers" in step(ready, "quotas").why
    assert not step(ready, "quotas").is_done
    client.post(at("setup", ready), {"agree": "quotas"})
    assert step(ready, "quotas").is_done
    entry = AuditEntry.objects.get(action=AuditEntry.Action.SETUP)
    assert (entry.by, entry.detail["with"]) == (organiser, ["OBS"])
    CategoryFactory(meeting=ready, code="NEW")
    assert not step(ready, "quotas").is_done


def test_questions_are_looked_through_again_when_one_comes(client, ready, organiser):
    QuestionFactory(meeting=ready)
    client.post(at("setup", ready), {"agree": "questions"})
    assert step(ready, "questions").is_done
    QuestionFactory(meeting=ready)
    assert not step(ready, "questions").is_done


def test_nothing_else_can_be_said_to_be_right(client, meeting, organiser):
    client.post(at("setup", meeting), {"agree": "privacy"})
    assert not AuditEntry.objects.exists()


def test_two_approvals_need_two_people_who_see_the_category(meeting, organiser):
    members = CategoryFactory(meeting=meeting, two_approvals=True, name="Members")
    reviewer = StaffRoleFactory(meeting=meeting, role=Role.REVIEWER)
    assert step(meeting, "colleagues").is_done
    ReviewedCategory.objects.create(staff_role=reviewer, category=CategoryFactory(meeting=meeting))
    found = step(meeting, "colleagues")
    assert (found.is_must, found.is_done) == (True, False)
    assert "Members" in found.why
    ReviewedCategory.objects.create(staff_role=reviewer, category=members)
    assert step(meeting, "colleagues").is_done


def test_reasons_and_failed_messages_are_told(meeting):
    assert not step(meeting, "reasons").is_done
    for use in ("return", "reject"):
        CannedReason.objects.create(meeting=meeting, use=use, name="No date", text="Send it with a date.")
    assert step(meeting, "reasons").is_done
    OutgoingMail.objects.create(meeting=meeting, key="k", kind="submitted", to="a@example.org", state="failed")
    assert "1 message did not leave" in step(meeting, "mail").why


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_costs_the_same_however_much_there_is(client, meeting, organiser, number, django_assert_num_queries):
    for _ in range(number):
        category = CategoryFactory(meeting=meeting, typist="focal_point", two_approvals=True)
        theirs = DelegationFactory(category=category)
        Invitation.objects.create(delegation=theirs, email="mission@example.org", sent_by=organiser)
        QuestionFactory(meeting=meeting)
        StaffRoleFactory(meeting=meeting, role=Role.REVIEWER)
    with django_assert_num_queries(14):
        assert client.get(at("setup", meeting)).status_code == 200


# The guided page


def test_the_button_to_open_stands_only_when_nothing_necessary_is_missing(client, meeting, organiser):
    assert "Open registration" not in client.get(at("setup", meeting)).text


def test_the_button_opens_and_nothing_opens_by_itself(client, ready, organiser):
    page = client.get(at("setup", ready))
    assert "Open registration" in page.text
    ready.refresh_from_db()
    assert not ready.registration_is_open()
    assert "Registration is open." in post(client, ready, act="open").text
    ready.refresh_from_db()
    assert ready.registration_is_open()


@pytest.mark.parametrize("asked", [{"act": "open"}, {"act": "save", "held_open": "on"}])
def test_whoever_opens_an_incomplete_meeting_is_warned(client, meeting, organiser, asked):
    assert "You can open registration all the same" in client.get(at("setup_opening", meeting)).text
    page = post(client, meeting, **asked).text
    assert "Registration is open although something necessary is missing" in page
    assert "You can open registration all the same" not in page
    meeting.refresh_from_db()
    assert meeting.registration_is_open()


# Opening and closing


def test_times_are_those_of_the_meeting_and_stand_in_the_history(client, ready, organiser):
    post(client, ready, opens="2031-09-01T09:00", closes="2031-09-12T17:00")
    ready.refresh_from_db()
    assert ready.registration_opens_at == datetime.datetime(2031, 9, 1, 2, tzinfo=datetime.UTC)
    detail = AuditEntry.objects.get(action=AuditEntry.Action.SETUP).detail
    assert detail["registration_opens_at"] == {"was": None, "now": "2031-09-01T02:00:00+00:00"}
    page = client.get(at("setup_opening", ready)).text
    assert "12 September 2031, 10:00 UTC" in page
    assert 'data-own-time="2031-09-12T10:00:00Z"' in page


def test_the_same_times_again_are_not_written_down(client, ready, organiser):
    for _ in range(2):
        post(client, ready, opens="2031-09-01T09:00", closes="2031-09-12T17:00")
    assert AuditEntry.objects.count() == 1


def test_closing_before_opening_comes_back_filled(client, ready, organiser):
    data = {"opens": "2031-09-12T09:00", "closes": "2031-09-01T09:00"}
    answer = client.post(at("setup_opening", ready), data)
    assert answer.status_code == 422
    assert "close before it opens" in answer.text
    assert 'value="2031-09-01T09:00"' in answer.text


def test_a_closing_time_after_the_meeting_began_is_a_warning(client, ready, organiser):
    late = ready.starts_on.isoformat()
    assert (
        "only after the meeting has begun" in post(client, ready, opens="2020-01-01T09:00", closes=f"{late}T18:00").text
    )
    assert "closing time is past" in post(client, ready, opens="2020-01-01T09:00", closes="2020-02-01T18:00").text


def test_closing_now_ends_holding_open_too(client, ready, organiser):
    opening.change(ready.pk, by=organiser, registration_held_open=True)
    post(client, ready, act="close")
    ready.refresh_from_db()
    assert not ready.registration_is_open()
    assert ready.registration_closes_at <= timezone.now()


def test_closing_asks_once_and_says_what_becomes_of_the_closing_time(client, ready, organiser):
    closes = timezone.now() + 24 * HOUR
    opening.change(ready.pk, by=organiser, registration_opens_at=timezone.now() - HOUR, registration_closes_at=closes)
    page = client.get(at("setup_opening", ready)).text
    assert "Yes, close it now" in page
    assert "is replaced by now." in page


def test_only_those_for_whom_something_is_there_see_the_setup_in_the_bar(client, meeting, organiser):
    assert at("setup", meeting) in client.get(at("queue", meeting)).text
    client.force_login(StaffRoleFactory(meeting=meeting, role=Role.REVIEWER).user)
    assert ">Setup</a>" not in client.get(at("queue", meeting)).text


def test_closing_what_is_closed_is_refused(client, ready, organiser):
    assert client.post(at("setup_opening", ready), {"act": "close"}).status_code == 422


def test_holding_open_carries_a_note(client, ready, organiser):
    post(client, ready, held_open="on", note="A word")
    ready.refresh_from_db()
    assert (ready.registration_held_open, ready.held_open_note_en) == (True, "A word")


def test_publishing_is_a_word_of_its_own(client, meeting, organiser):
    post(client, meeting, act="publish")
    meeting.refresh_from_db()
    assert meeting.is_published


def test_nonsense_is_told_how_to_write_a_time(client, ready, organiser):
    answer = client.post(at("setup_opening", ready), {"opens": "tomorrow", "closes": "9999-12-31T23:59"})
    assert answer.text.count("Write the date and the time like") >= 2


# Preview


def test_the_preview_is_the_form_of_that_category_and_keeps_nothing(client, meeting, organiser):
    category = CategoryFactory(meeting=meeting, code="MEM", required_documents=["nomination"])
    mine = QuestionFactory(meeting=meeting, label="Do you need a visa letter?")
    mine.categories.add(category)
    others = QuestionFactory(meeting=meeting, label="Which side event?")
    others.categories.add(CategoryFactory(meeting=meeting))
    before = (Registration.objects.count(), Delegation.objects.count(), Entity.objects.count())
    page = client.get(at("setup_preview", meeting, "MEM"))
    assert page.status_code == 200
    assert "Do you need a visa letter?" in page.text
    assert "Which side event?" not in page.text
    assert "Letter signed by your organization" in page.text
    assert "Nothing that you type here is kept or sent." in page.text
    assert 'method="post" enctype' not in page.text
    assert client.post(at("setup_preview", meeting, "MEM"), {"adult": "yes"}).status_code == 405
    assert (Registration.objects.count(), Delegation.objects.count(), Entity.objects.count()) == before


def test_the_preview_speaks_each_language_and_its_frame_the_readers(client, meeting, organiser):
    CategoryFactory(meeting=meeting, code="MEM")
    page = client.get(at("setup_preview", meeting, "MEM"), {"in": "ar"})
    assert '<html lang="ar" dir="rtl">' in page.text
    assert "Nothing that you type here is kept or sent." in page.text
    assert client.get(at("setup_preview", meeting, "MEM"), {"in": "xx"}).status_code == 200
    assert client.get(at("setup", meeting)).wsgi_request.LANGUAGE_CODE == "en"


def test_where_the_focal_point_types_the_preview_shows_what_the_others_read(client, meeting, organiser):
    CategoryFactory(meeting=meeting, code="MEM", typist="focal_point")
    page = client.get(at("setup_preview", meeting, "MEM")).text
    assert "the focal point of the delegation registers everybody" in page
    assert "as rows of the roster" in page


def test_the_closed_page_has_its_preview(client, meeting, organiser):
    CategoryFactory(meeting=meeting, code="MEM")
    assert "has not opened yet" in client.get(at("setup_preview", meeting, "MEM"), {"closed": "on"}).text


def test_a_category_of_another_meeting_is_not_there(client, meeting, organiser):
    CategoryFactory(code="ELSE")
    assert client.get(at("setup_preview", meeting, "ELSE")).status_code == 404


def test_words_changed_in_some_languages_only_are_advice_to_write_the_others(meeting):
    assert step(meeting, "words").is_done
    for n, code in enumerate(("en", "fr", "es", "ru", "zh-hans", "ar")):
        texts.save(meeting, "approved", None, code, texts.Words("s", "t", "b"), by=None)
        assert step(meeting, "words").is_done == (n == 5)
    texts.save(meeting, "approved", None, "ru", None, by=None)
    assert "Русский" in step(meeting, "words").why
    assert not step(meeting, "words").is_must
