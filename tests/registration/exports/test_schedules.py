"""Exports that come again: on their day, once, to each with their own rights, until the meeting is over."""

import datetime

import pytest
import time_machine
from django.urls import reverse

from meeting.models import AuditEntry, Meeting, Role, StaffRole
from registration.exports import jobs, schedules
from registration.models import ExportJob, ExportSchedule, OutgoingMail, SavedView
from tests.factories import QuestionFactory, StaffRoleFactory, UserFactory

from . import content

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("announced")]
REASON = "Catering counts meals each morning"
# In Bangkok a Monday, 06:00; the meeting begins on the Thursday after next week.
MONDAY = datetime.datetime(2008, 9, 7, 23, 0, tzinfo=datetime.UTC)
HOUR = datetime.timedelta(hours=1)
DAY = datetime.timedelta(days=1)


@pytest.fixture
def view(meeting, exporter, person):
    return SavedView.objects.create(
        meeting=meeting, owner=exporter, screen="people", name="Coming", query="status=approved", is_shared=True
    )


@pytest.fixture
def now():
    with time_machine.travel(MONDAY, tick=False) as clock:
        yield clock


@pytest.fixture
def signed_in(client, exporter, now):
    """The clock was turned back after they had signed in."""
    client.force_login(exporter)


def set_up(client, meeting, kept, *recipients, **given):
    data = {
        "view": kept.pk, "format": "xlsx", "reason": REASON, "hour": "7", "weekday": "",
        "recipients": [user.pk for user in recipients], **given,
    }  # fmt: skip
    return client.post(reverse("admin:desk:export_schedule", args=[meeting.slug]), data)


@pytest.fixture
def schedule(client, meeting, view, exporter, signed_in):
    assert set_up(client, meeting, view, exporter).status_code == 302
    return ExportSchedule.objects.get()


def worked():
    """What beat asks for, and what a worker makes of it."""
    asked = schedules.run_due()
    for job in ExportJob.objects.filter(ended_at=None):
        jobs.run(job.pk)
    return asked


def test_on_its_hour_a_link_is_mailed_once_a_day(client, meeting, schedule, exporter, now):
    assert worked() == 0
    now.shift(HOUR)
    assert [worked(), worked()] == [1, 0]
    job = ExportJob.objects.get()
    mail = OutgoingMail.objects.get()
    assert (mail.kind, mail.to, mail.subject) == ("export_ready", exporter.email, "Your export is ready (EAP 2008)")
    link = reverse("admin:desk:export_job", args=[meeting.slug, job.token])
    assert link in mail.text and link in mail.html
    assert "The export “Coming” is made, with 1 person." in " ".join(mail.text.split())
    assert "Waqanisau" not in mail.text + mail.html  # a link, and never the list
    now.shift(DAY)
    assert worked() == 1
    assert ExportJob.objects.count() == OutgoingMail.objects.count() == 2


def test_the_file_is_fetched_like_any_other_and_written_into_the_history(client, schedule, now):
    now.shift(HOUR)
    worked()
    job = ExportJob.objects.get()
    assert job.count == 1
    content(client.get(reverse("admin:desk:export_file", args=[job.meeting.slug, job.token])))
    detail = AuditEntry.objects.get(action="export").detail
    assert (detail["view"], detail["reason"], detail["filter"]) == ("Coming", REASON, {"status": "approved"})


def test_where_no_worker_ran_in_that_hour_it_comes_later_the_same_day(schedule, now):
    now.shift(9 * HOUR)
    assert worked() == 1


def test_weekly_comes_on_its_day_alone(client, meeting, view, exporter, signed_in, now):
    set_up(client, meeting, view, exporter, weekday="2")
    now.shift(HOUR)
    counts = []
    for _ in range(10):
        counts.append(worked())
        now.shift(DAY)
    assert counts == [0, 0, 1, 0, 0, 0, 0, 0, 0, 1]


def test_set_up_after_its_hour_it_begins_on_the_next_day(client, meeting, view, exporter, signed_in, now):
    set_up(client, meeting, view, exporter, hour="6")
    assert worked() == 0
    now.shift(DAY)
    assert worked() == 1


def test_each_gets_a_file_of_their_own_with_what_they_may_read(client, meeting, view, exporter, person, signed_in, now):
    other = StaffRoleFactory(meeting=meeting, role=Role.ORGANISER).user
    QuestionFactory(meeting=meeting, key="seat", readers=["organiser"])
    set_up(client, meeting, view, exporter, other)
    now.shift(HOUR)
    worked()
    held = {job.by: "q_seat" in job.held["columns"] for job in ExportJob.objects.select_related("by")}
    assert held == {exporter: False, other: True}
    assert {mail.to for mail in OutgoingMail.objects.all()} == {exporter.email, other.email}


def test_whoever_may_export_no_more_gets_nothing_and_the_others_go_on(client, meeting, view, exporter, signed_in, now):
    other = StaffRoleFactory(meeting=meeting, role=Role.LISTS).user
    set_up(client, meeting, view, exporter, other)
    StaffRole.objects.filter(user=other).update(role=Role.AUDITOR)
    now.shift(HOUR)
    worked()
    assert [job.by for job in ExportJob.objects.select_related("by")] == [exporter]


def over(meeting):
    Meeting.objects.filter(pk=meeting.pk).update(starts_on="2008-09-06", ends_on="2008-09-07")


def role_taken(meeting):
    StaffRole.objects.filter(meeting=meeting).update(role=Role.AUDITOR)


def view_removed(meeting):
    SavedView.objects.all().delete()


def view_hidden(meeting):
    SavedView.objects.update(is_shared=False, owner=UserFactory())


@pytest.mark.parametrize(
    ("event", "told"),
    [
        (over, "The meeting is over."),
        (role_taken, "You may not export lists of this meeting any more."),
        (view_removed, "The view was removed. Save another one, and set the export up for that."),
        (
            view_hidden,
            "The view is not shared with you any more. Save one of your own, and set the export up for that.",
        ),
    ],
)
def test_it_ends_by_itself_and_whoever_set_it_up_is_told_why(meeting, schedule, exporter, now, event, told):
    event(meeting)
    now.shift(HOUR)
    assert [worked(), worked()] == [0, 0]
    schedule.refresh_from_db()
    assert (schedule.told, ExportJob.objects.count()) == (told, 0)
    mail = OutgoingMail.objects.get()
    assert (mail.kind, mail.to) == ("export_ended", exporter.email)
    assert told in " ".join(mail.text.split())


def test_whoever_set_it_up_ends_it_and_an_organiser_but_no_colleague(client, meeting, schedule, now):
    url = reverse("admin:desk:export_schedule_end", args=[meeting.slug, schedule.pk])
    client.force_login(StaffRoleFactory(meeting=meeting, role=Role.LISTS).user)
    assert client.post(url).status_code == 404
    client.force_login(StaffRoleFactory(meeting=meeting, role=Role.ORGANISER).user)
    assert client.post(url).status_code == 302
    now.shift(HOUR)
    assert worked() == 0
    assert not OutgoingMail.objects.exists()  # they have asked for that


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"recipients": []}, "Choose at least one colleague."),
        ({"recipients": ["0"]}, "One of them may not export lists of this meeting any more. Choose again."),
        ({"view": "0"}, "This view was removed. Choose another one."),
        ({"reason": "meals"}, "Say what it is needed for again and again, in a short sentence."),
        ({"hour": "24"}, "24"),
        ({"weekday": "7"}, "7"),
    ],
)
def test_what_is_missing_is_asked_for(client, meeting, view, exporter, signed_in, given, told):
    response = set_up(client, meeting, view, exporter, **given)
    assert response.status_code == 422
    assert told in response.content.decode()
    assert not ExportSchedule.objects.exists()


def test_nobody_has_more_than_twenty(client, meeting, view, exporter, signed_in):
    for _ in range(20):
        ExportSchedule.objects.create(meeting=meeting, by=exporter, view=view, format="csv")
    response = set_up(client, meeting, view, exporter)
    assert response.status_code == 422 and "You have 20 of these. End one first." in response.content.decode()


def test_after_the_meeting_none_is_set_up(client, meeting, view, exporter, signed_in, now):
    over(meeting)
    response = set_up(client, meeting, view, exporter)
    assert response.status_code == 422
    assert "The meeting is over: nothing would come any more. Export the list by hand." in response.content.decode()


def test_without_a_view_the_page_says_how_to_keep_one(client, meeting, exporter):
    page = client.get(reverse("admin:desk:export_schedule", args=[meeting.slug])).content.decode()
    assert "First keep a view" in page


def test_what_ended_long_ago_is_forgotten(schedule, now):
    schedules.end(schedule)
    assert schedules.forget() == 0
    now.shift(31 * DAY)
    schedules.forget()
    assert not ExportSchedule.objects.exists()


@pytest.mark.parametrize("rows", [1, 3])
def test_due_ones_ask_as_often_for_each(client, meeting, view, exporter, now, rows, django_assert_num_queries):
    for _ in range(rows):
        schedule = ExportSchedule.objects.create(meeting=meeting, by=exporter, view=view, format="csv", hour=23)
        schedule.recipients.add(exporter)
    with django_assert_num_queries(1):
        schedules.run_due()
