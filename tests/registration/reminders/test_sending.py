"""Each rung once, never two on one day, nothing when it is done, and no flood after an outage."""

import datetime
import zoneinfo
from collections import Counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from registration import workflow
from registration.models import (
    Channel,
    Invitation,
    MailState,
    MessageChoice,
    OutgoingMail,
    Registration,
    Reminder,
    Status,
    Typist,
    UnreachableAddress,
)
from registration.reminders import due, ladder, sending
from tests.factories import (
    CategoryFactory,
    ChildFactory,
    DelegationFactory,
    LetterFactory,
    MeetingFactory,
    RegistrationFactory,
    UserFactory,
)
from tests.registration.campaigns import made
from tests.registration.test_races import at_once, faults

pytestmark = pytest.mark.django_db
BANGKOK = zoneinfo.ZoneInfo("Asia/Bangkok")


@pytest.fixture(autouse=True)
def _unannounced(unannounced):
    """What is announced reaches no broker."""


@pytest.fixture
def clock(monkeypatch):
    """What time it is: 07:20 in Bangkok on the first of August at first."""

    def at(*moment):
        now = datetime.datetime(*moment, tzinfo=BANGKOK).astimezone(datetime.UTC)
        monkeypatch.setattr(timezone, "now", lambda: now)

    at(2008, 8, 1, 7, 20)
    return at


@pytest.fixture
def meeting(clock):
    """Eighteenth of September; registration closes on the twelfth at 17:00."""
    closes = datetime.datetime(2008, 9, 12, 17, tzinfo=BANGKOK)
    return MeetingFactory(digest_hour=7, registration_held_open=True, registration_closes_at=closes)


@pytest.fixture
def delegation(meeting):
    return DelegationFactory(category=CategoryFactory(meeting=meeting, required_documents=["nomination"]))


def switch_on(meeting, kind, *days):
    """Rungs that were on long before."""
    for step, number in enumerate(days, start=1):
        Reminder.objects.create(
            meeting=meeting, kind=kind, step=step, days=number, on_since=timezone.now() - datetime.timedelta(days=300)
        )


def sent():
    """How many of each kind each address was written to."""
    rows = OutgoingMail.objects.filter(kind__startswith="reminder_")
    return Counter(rows.values_list("kind", "to"))


def returned(delegation, **values):
    registration = RegistrationFactory(delegation=delegation, **values)
    workflow.return_for_correction(
        registration.pk, by=UserFactory(), reason="Write your whole name.", fields=["functional_title"]
    )
    OutgoingMail.objects.all().delete()
    return registration


def test_a_missing_letter_is_asked_for_on_each_rung_once(clock, meeting, delegation):
    switch_on(meeting, "letter", 3, 10)
    who = RegistrationFactory(delegation=delegation)
    for day, number in ((3, 0), (4, 1), (5, 1), (10, 1), (11, 2), (12, 2), (25, 2)):
        clock(2008, 8, day, 7, 20)
        sending.send()
        sending.send()
        assert sum(sent().values()) == number, day
    assert sent() == {("reminder_letter", who.email): 2}


def test_a_letter_that_came_is_not_asked_for(clock, meeting, delegation):
    switch_on(meeting, "letter", 3, 10)
    LetterFactory(registration=RegistrationFactory(delegation=delegation))
    clock(2008, 8, 20, 7, 20)
    assert sending.send() == 0


def test_where_focal_points_act_they_are_asked_once_for_all(clock, meeting):
    category = CategoryFactory(meeting=meeting, required_documents=["nomination"], typist=Typist.FOCAL_POINT)
    delegation = DelegationFactory(category=category)
    RegistrationFactory.create_batch(3, delegation=delegation)
    first, second = made.focal_point(delegation), made.focal_point(delegation)
    switch_on(meeting, "letter", 3)
    clock(2008, 8, 4, 7, 20)
    sending.send()
    assert sent() == {("reminder_letter", first.user.email): 1, ("reminder_letter", second.user.email): 1}
    assert "3 names wait for the letter." in OutgoingMail.objects.first().text


def test_after_an_outage_only_the_highest_rung_is_climbed(clock, meeting, delegation):
    switch_on(meeting, "letter", 3, 10)
    who = RegistrationFactory(delegation=delegation)
    clock(2008, 8, 26, 7, 20)
    sending.send()
    clock(2008, 8, 27, 7, 20)
    sending.send()
    assert sent() == {("reminder_letter", who.email): 1}
    assert "-letter-2-" in OutgoingMail.objects.get().key


def test_nobody_hears_two_things_on_one_day(clock, meeting, delegation):
    switch_on(meeting, "letter", 3)
    switch_on(meeting, "returned", 3)
    who = returned(delegation)
    clock(2008, 8, 4, 7, 20)
    sending.send()
    assert sent() == {("reminder_returned", who.email): 1}
    assert "Write your whole name." in OutgoingMail.objects.get().text
    clock(2008, 8, 5, 7, 20)
    sending.send()
    assert sent() == {("reminder_returned", who.email): 1, ("reminder_letter", who.email): 1}


def test_who_is_returned_a_second_time_is_reminded_a_second_time(clock, meeting, delegation):
    switch_on(meeting, "returned", 3)
    who = returned(delegation)
    clock(2008, 8, 4, 7, 20)
    sending.send()
    workflow.resubmit(who.pk)
    workflow.return_for_correction(who.pk, by=UserFactory(), reason="Now the title.", fields=["functional_title"])
    clock(2008, 8, 7, 7, 20)
    sending.send()
    assert sent() == {("reminder_returned", who.email): 2}


def test_a_reminder_that_waits_ends_when_the_thing_is_done(clock, meeting, delegation):
    switch_on(meeting, "returned", 3)
    who = returned(delegation)
    clock(2008, 8, 4, 7, 20)
    sending.send()
    workflow.resubmit(who.pk)
    assert OutgoingMail.objects.get(kind="reminder_returned").state == MailState.CANCELLED


def test_a_quiet_decision_is_not_told_by_a_reminder(clock, meeting, delegation):
    switch_on(meeting, "returned", 3)
    switch_on(meeting, "arrival", 40)
    meeting.decision_grace_minutes = 60
    meeting.save()
    who = RegistrationFactory(delegation=delegation)
    clock(2008, 8, 20, 7, 0)
    workflow.approve(who.pk, by=UserFactory())
    clock(2008, 8, 20, 7, 20)
    sending.send()
    assert not sent()
    clock(2008, 8, 20, 8, 20)
    sending.send()
    assert sent() == {("reminder_arrival", who.email): 1}


def test_before_it_closes_whoever_has_something_open_hears(clock, meeting, delegation):
    switch_on(meeting, "closing", 7, 2)
    focal = made.focal_point(delegation)
    RegistrationFactory.create_batch(2, delegation=delegation, status=Status.DRAFT, channel=Channel.ROSTER)
    RegistrationFactory(delegation=delegation, status=Status.DRAFT)  # a form that somebody left, nobody's row
    RegistrationFactory(delegation=delegation)  # has nothing open
    who = returned(delegation)
    invited = DelegationFactory(category=delegation.category)
    Invitation.objects.create(delegation=invited, email="mission@example.org", sent_by=UserFactory())
    clock(2008, 9, 4, 7, 20)
    assert sending.send() == 0
    clock(2008, 9, 5, 7, 20)
    sending.send()
    expected = {
        ("reminder_closing", focal.user.email): 1,
        ("reminder_closing", who.email): 1,
        ("reminder_invitation", "mission@example.org"): 1,
    }
    assert sent() == expected
    assert "2 rows are not sent." in OutgoingMail.objects.get(to=focal.user.email).text
    clock(2008, 9, 10, 7, 20)
    sending.send()
    assert sent() == dict.fromkeys(expected, 2)
    clock(2008, 9, 13, 7, 20)
    assert sending.send() == 0


def test_an_invitation_without_an_answer_is_asked_about(clock, meeting, delegation):
    switch_on(meeting, "invitation", 14)
    invitation = Invitation.objects.create(delegation=delegation, email="mission@example.org", sent_by=UserFactory())
    clock(2008, 8, 15, 7, 20)
    sending.send()
    assert sent() == {("reminder_invitation", "mission@example.org"): 1}
    assert OutgoingMail.objects.get().invitation == invitation
    Invitation.objects.update(state=Invitation.State.ANSWERED)
    OutgoingMail.objects.all().delete()
    assert sending.send() == 0


def test_before_the_meeting_those_who_come_in_person_hear_and_children_through_who_looks_after_them(
    clock, meeting, delegation
):
    switch_on(meeting, "arrival", 7)
    comes = RegistrationFactory(delegation=delegation, status=Status.APPROVED)
    RegistrationFactory(delegation=delegation, status=Status.APPROVED, modality="online")
    RegistrationFactory(delegation=delegation)
    ChildFactory(delegation=delegation, status=Status.APPROVED)
    focal = made.focal_point(delegation)
    clock(2008, 9, 11, 7, 20)
    sending.send()
    assert sent() == {("reminder_arrival", comes.email): 1, ("reminder_arrival", focal.user.email): 1}


def test_addresses_that_do_not_work_are_left_alone_and_who_wants_no_information_is_reminded(clock, meeting, delegation):
    switch_on(meeting, "letter", 3)
    wrong, unwilling = RegistrationFactory.create_batch(2, delegation=delegation)
    UnreachableAddress.objects.create(email=wrong.email, why="bounced")
    MessageChoice.objects.create(meeting=meeting, email=unwilling.email)
    clock(2008, 8, 4, 7, 20)
    sending.send()
    assert sent() == {("reminder_letter", unwilling.email): 1}


@pytest.mark.parametrize(("moment", "number"), [((6, 59), 0), ((7, 0), 1), ((18, 59), 1), ((19, 0), 0), ((23, 0), 0)])
def test_it_is_morning_by_the_clocks_of_the_meeting_or_made_up_for_on_the_same_day(
    clock, meeting, delegation, moment, number
):
    switch_on(meeting, "letter", 3)
    RegistrationFactory(delegation=delegation)
    clock(2008, 8, 5, *moment)
    assert sending.send() == number


def test_what_is_switched_on_today_begins_tomorrow(clock, meeting, delegation):
    RegistrationFactory(delegation=delegation)
    clock(2008, 8, 10, 9, 0)
    assert ladder.save(meeting, {"letter-1": (3, True)}, by=UserFactory()) == 1
    assert sending.send() == 0
    clock(2008, 8, 11, 7, 20)
    assert sending.send() == 1


def test_a_new_meeting_reminds_nobody(clock, meeting, delegation):
    returned(delegation)
    clock(2008, 9, 11, 7, 20)
    assert sending.send() == 0
    assert not any(rung.on_since for rung in ladder.of(meeting))


def test_the_page_counts_what_would_go_out(clock, meeting, delegation):
    returned(delegation)
    RegistrationFactory(delegation=delegation)
    clock(2008, 8, 12, 12, 0)
    counts = due.counts(meeting, ladder.of(meeting), timezone.now())
    assert counts == {"returned-2": 1, "letter-2": 1}


def test_a_hundred_are_reminded_with_a_fixed_number_of_questions(clock, meeting, delegation):
    switch_on(meeting, "letter", 3)
    counts = []
    for day, number in ((5, 1), (6, 1), (7, 3)):  # the first finds nothing kept yet
        RegistrationFactory.create_batch(number, delegation=delegation)
        clock(2008, 8, day, 7, 20)
        Registration.objects.update(submitted_at=timezone.now() - datetime.timedelta(days=4))
        with CaptureQueriesContext(connection) as captured:
            assert sending.send() == number
        counts.append(len(captured))
    assert counts[1] == counts[2]


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_remind_each_once(clock, meeting, delegation):
    switch_on(meeting, "letter", 3)
    everybody = RegistrationFactory.create_batch(20, delegation=delegation)
    clock(2008, 8, 5, 7, 20)
    assert faults(at_once(sending.send, sending.send, sending.send)) == []
    assert sent() == {("reminder_letter", who.email): 1 for who in everybody}


@pytest.mark.django_db(transaction=True)
def test_what_is_done_between_finding_and_writing_is_not_asked_for(clock, meeting, delegation, monkeypatch):
    switch_on(meeting, "letter", 3)
    stays, sends = RegistrationFactory.create_batch(2, delegation=delegation)
    clock(2008, 8, 5, 7, 20)
    real = sending._remind

    def letter_comes(meeting, rungs, wanted):
        LetterFactory(registration=sends)
        return real(meeting, rungs, wanted)

    monkeypatch.setattr(sending, "_remind", letter_comes)
    sending.send()
    assert sent() == {("reminder_letter", stays.email): 1}
