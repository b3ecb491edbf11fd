"""One page for all rungs: organisers change them, others read."""

import pytest
from django.urls import reverse

from meeting.models import AuditEntry, Role
from registration.models import Reminder
from tests.factories import CategoryFactory, MeetingFactory
from tests.registration.campaigns import made

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting():
    return MeetingFactory()


def page(meeting):
    return reverse("admin:desk:reminders", args=[meeting.slug])


def posted(client, meeting, **changes):
    form = client.get(page(meeting)).context["form"]
    data = {f.html_name: f.value() for f in form if f.value() not in (None, False)}
    return client.post(page(meeting), data | {name.replace("__", "-"): value for name, value in changes.items()})


def test_days_and_switches_are_saved_and_written_down(client, meeting):
    client.force_login(made.organiser(meeting))
    posted(client, meeting, days__letter__1=5, on__letter__1="on")
    rung = Reminder.objects.get()
    assert (rung.kind, rung.step, rung.days, rung.is_on) == ("letter", 1, 5, True)
    assert AuditEntry.objects.get(action="setup").detail == {"letter-1": ["3 off", "5 on"]}
    since = rung.on_since
    posted(client, meeting, days__letter__1=6)
    rung.refresh_from_db()
    assert (rung.days, rung.on_since) == (6, since)  # to change the days is not to switch it on anew


@pytest.mark.parametrize("days", ["", "0", "91", "soon", "-1", "99999999999999999999"])
def test_a_number_of_days_that_makes_no_sense_is_asked_for_again(client, meeting, days):
    client.force_login(made.organiser(meeting))
    answer = posted(client, meeting, days__closing__1=days)
    assert answer.status_code == 422
    assert "Registration closes soon: write a number of days from 1 to 90." in answer.content.decode()
    assert not Reminder.objects.exists()


def test_two_rungs_of_one_kind_need_different_days(client, meeting):
    client.force_login(made.organiser(meeting))
    answer = posted(client, meeting, days__closing__1=2)
    assert "Registration closes soon: choose a different day for each." in answer.content.decode()


def test_others_read_and_change_nothing(client, meeting):
    for role in (Role.REVIEWER, Role.AUDITOR):
        client.force_login(made.organiser(meeting, role))
        answer = client.get(page(meeting))
        assert answer.status_code == 200
        assert "disabled" in answer.content.decode()
        assert client.post(page(meeting), {}).status_code == 403


def test_who_may_not_know_of_all_categories_sees_no_numbers(client, meeting):
    reviewer = made.organiser(meeting, Role.REVIEWER)
    reviewer.staff_roles.get().reviewed_categories.create(category=CategoryFactory(meeting=meeting))
    client.force_login(reviewer)
    assert {line["today"] for line in client.get(page(meeting)).context["lines"]} == {"–"}
