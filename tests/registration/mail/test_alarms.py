"""Somebody hears when sending goes wrong: once, once more each day, and when it is over."""

import datetime

import pytest
from django.utils import timezone

from meeting.models import Role
from registration.mail import alarms, outbox
from registration.mail.delivery import WORKER_GONE
from registration.mail.verdict import OURS
from registration.models import MailAlarm, MailEvent, MailState, OutgoingMail
from tests.factories import RegistrationFactory, StaffRoleFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unannounced")]
What = MailAlarm.What
MINUTE = datetime.timedelta(minutes=1)


@pytest.fixture
def registration():
    return RegistrationFactory()


@pytest.fixture
def organiser(registration):
    user = UserFactory(is_staff=True)
    StaffRoleFactory(user=user, meeting=registration.meeting, role=Role.ORGANISER)
    return user


@pytest.fixture
def administrator():
    return UserFactory(is_staff=True, is_superuser=True)


def written(registration, n=1, **values):
    start = OutgoingMail.objects.count()
    mails = [outbox.queue("submitted", registration, key=f"event-{start + i}") for i in range(n)]
    if values:
        OutgoingMail.objects.filter(pk__in=[mail.pk for mail in mails]).update(**values)
    return mails


def refused(registration, n=1, text="451 later", ago=MINUTE):
    for mail in written(registration, n):
        mail.events.create(what=MailEvent.What.TRIED, text=text, at=timezone.now() - ago)


def wrong():
    return {one.what: one.count for one in alarms.standing()}


def told():
    return list(OutgoingMail.objects.filter(kind="mail_alarm").order_by("pk"))


def test_nothing_is_wrong_where_all_is_well(registration):
    written(registration, 3)
    written(registration, 30, state=MailState.SENT, sent_at=timezone.now())
    assert alarms.standing() == []
    alarms.check()
    assert not MailAlarm.objects.exists()


def test_many_that_are_not_taken(registration):
    refused(registration, alarms.MANY)
    assert wrong() == {}
    refused(registration)
    assert wrong() == {What.FAILING: alarms.MANY + 1}


def test_some_among_many_that_are_taken_are_no_alarm(registration):
    refused(registration, 12)
    written(registration, 12, state=MailState.SENT, sent_at=timezone.now())
    assert wrong() == {}


@pytest.mark.parametrize(
    "values", [{"ago": alarms.WINDOW + MINUTE}, {"text": WORKER_GONE}, {"text": f"{OURS}535 wrong"}]
)
def test_what_is_long_past_or_told_otherwise_does_not_count(registration, values):
    refused(registration, 30, **values)
    assert wrong() == {}


def test_one_message_tried_often_counts_once(registration):
    (mail,) = written(registration)
    for _ in range(30):
        mail.events.create(what=MailEvent.What.TRIED, text="451 later")
    assert wrong() == {}


def test_server_that_does_not_accept_us(registration):
    written(registration, 2, last_error=f"{OURS}535 5.7.8 wrong password")
    (one,) = alarms.standing()
    assert (one.what, one.meeting, one.count) == (What.REFUSED, None, 2)
    assert "535 5.7.8 wrong password" in one.in_words


def test_message_that_should_have_left(registration):
    written(registration, not_before=timezone.now() - alarms.LATE_AFTER + MINUTE)
    assert wrong() == {}
    written(registration, not_before=timezone.now() - alarms.LATE_AFTER - MINUTE)
    assert wrong() == {What.LATE: 1}


def test_unclear_ones_are_told_for_their_meeting(registration):
    written(registration, 2, state=MailState.STUCK)
    (one,) = alarms.standing(registration.meeting)
    assert (one.what, one.meeting, one.count) == (What.UNCLEAR, registration.meeting.pk, 2)
    assert alarms.standing(RegistrationFactory().meeting) == []


def test_meeting_hears_what_is_wrong_for_all(registration):
    written(registration, last_error=f"{OURS}535 no")
    assert [one.what for one in alarms.standing(RegistrationFactory().meeting)] == [What.REFUSED]


@pytest.mark.parametrize("rows", [1, 3])
def test_look_costs_few_queries(registration, rows, django_assert_num_queries):
    written(registration, rows, state=MailState.STUCK)
    with django_assert_num_queries(4):
        alarms.standing()


def test_incident_is_told_once_then_daily_and_when_it_is_over(registration, organiser):
    mails = written(registration, 2, state=MailState.STUCK)
    alarms.check()
    alarms.check()
    (first,) = told()
    assert first.to == organiser.email
    assert "Of 2 messages it is unclear whether they arrived" in first.text
    assert f"/{registration.meeting.slug}/messages/" in first.text
    MailAlarm.objects.update(told_at=timezone.now() - datetime.timedelta(hours=25))
    alarms.check()
    alarms.check()
    assert len(told()) == 2
    OutgoingMail.objects.filter(pk__in=[mail.pk for mail in mails]).update(state=MailState.CANCELLED)
    alarms.check()
    alarms.check()
    assert len(told()) == 3
    assert "This is over." in told()[-1].text
    assert MailAlarm.objects.get().over_at is not None


def test_what_begins_again_soon_is_the_same_incident(registration, organiser):
    (mail,) = written(registration, state=MailState.STUCK)
    alarms.check()
    OutgoingMail.objects.filter(pk=mail.pk).update(state=MailState.CANCELLED)
    alarms.check()
    OutgoingMail.objects.filter(pk=mail.pk).update(state=MailState.STUCK)
    alarms.check()
    assert MailAlarm.objects.get().over_at is None
    assert len(told()) == 2, "told, and over; not told anew"
    OutgoingMail.objects.filter(pk=mail.pk).update(state=MailState.CANCELLED)
    alarms.check()
    MailAlarm.objects.update(
        began_at=timezone.now() - datetime.timedelta(hours=5), over_at=timezone.now() - datetime.timedelta(hours=2)
    )
    OutgoingMail.objects.filter(pk=mail.pk).update(state=MailState.STUCK)
    alarms.check()
    assert MailAlarm.objects.count() == 2


def test_administrators_hear_of_the_whole_installation(registration, organiser, administrator):
    written(registration, last_error=f"{OURS}535 no")
    alarms.check()
    assert [mail.to for mail in told()] == [administrator.email]


def test_organisers_do_where_there_is_no_administrator(registration, organiser):
    written(registration, last_error=f"{OURS}535 no")
    alarms.check()
    assert [mail.to for mail in told()] == [organiser.email]


def test_mail_about_it_goes_before_all_others_and_is_not_counted_late(registration, administrator):
    written(registration, not_before=timezone.now() - alarms.LATE_AFTER - MINUTE)
    alarms.check()
    assert OutgoingMail.objects.claim_next().kind == "mail_alarm"


def test_words_name_nobody(registration, administrator):
    written(registration, last_error=f"{OURS}535 no")
    alarms.check()
    (mail,) = told()
    for body in (mail.subject, mail.text, mail.html):
        assert registration.display_name not in body and registration.email not in body
    assert "535 no" in mail.text and "535 no" in mail.html


def test_page_of_messages_says_it_on_top_and_only_there_where_it_is_wrong(client, registration, organiser):
    client.force_login(organiser)
    address = f"/admin/desk/{registration.meeting.slug}/messages/"
    assert "does not accept us" not in client.get(address).content.decode()
    written(registration, last_error=f"{OURS}535 5.7.8 <wrong>")
    page = client.get(address).content.decode()
    assert "The mail server does not accept us: 535 5.7.8 &lt;wrong&gt;." in page
