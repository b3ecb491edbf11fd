"""Sealed records are destroyed 30 days after the meeting, and how much went is written down."""

import datetime

import pytest
from django.utils import timezone

from meeting.models import AuditEntry
from registration.models import ChildConsent, ChildRecord, Registration
from registration.safeguarding import retention
from registration.safeguarding.retention import Destroyed
from tests.factories import ChildPaperFactory, ChildRecordFactory

pytestmark = pytest.mark.django_db

NOW = timezone.now()
DAY = datetime.timedelta(days=1)


def made(days_ago, *, meeting_ended_days_ago):
    ended = (NOW - meeting_ended_days_ago * DAY).date()
    record = ChildRecordFactory(
        registration__delegation__category__meeting__starts_on=ended,
        registration__delegation__category__meeting__ends_on=ended,
    )
    ChildRecord.objects.filter(pk=record.pk).update(created_at=NOW - days_ago * DAY)
    return record


@pytest.mark.parametrize(
    ("made_ago", "ended_ago", "goes"),
    [
        (90, 32, True),
        (90, 29, False),
        (90, -10, False),  # to come
        # The meeting was long past when the record was made, as in the sample: the days count from then.
        (29, 6000, False),
        (31, 6000, True),
    ],
)
def test_thirty_days_after_the_meeting_or_after_the_record_whichever_is_later(made_ago, ended_ago, goes):
    made(made_ago, meeting_ended_days_ago=ended_ago)
    assert retention.destroy_old(NOW).records == int(goes)
    assert ChildRecord.objects.exists() is not goes


def test_the_files_go_and_the_alias_stays(settings, django_capture_on_commit_callbacks):
    paper = ChildPaperFactory(record=made(90, meeting_ended_days_ago=40))
    stored = settings.MEDIA_ROOT / paper.file.name
    assert stored.exists()
    with django_capture_on_commit_callbacks(execute=True):
        assert retention.destroy_old(NOW) == Destroyed(1, 1)
    assert not stored.exists()
    assert not ChildConsent.objects.exists()
    assert Registration.objects.get().is_minor


def test_it_may_run_any_number_of_times():
    made(90, meeting_ended_days_ago=40)
    assert retention.destroy_old(NOW).records == 1
    assert retention.destroy_old(NOW) == Destroyed()


def test_a_dry_run_counts_and_destroys_nothing():
    ChildPaperFactory(record=made(90, meeting_ended_days_ago=40))
    assert retention.destroy_old(NOW, dry_run=True) == Destroyed(1, 1)
    assert ChildRecord.objects.exists()


def test_the_history_of_each_meeting_says_how_much_went_and_not_whose():
    record = made(90, meeting_ended_days_ago=40)
    retention.destroy_old(NOW)
    entry = AuditEntry.objects.get()
    assert (entry.meeting, entry.detail, entry.about) == (
        record.registration.meeting,
        {"what": "destroyed", "records": 1},
        "",
    )
