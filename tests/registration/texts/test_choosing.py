"""Which words a message has, and their versions."""

import threading

import pytest
from django.db import IntegrityError, connection, transaction

from meeting.models import Meeting
from registration import texts
from registration.models import Wording
from tests.factories import CategoryFactory, MeetingFactory, UserFactory

pytestmark = pytest.mark.django_db
OURS, THEIRS = texts.Words("s", "t", "ours"), texts.Words("s", "t", "theirs")


def save(meeting, words, category=None, kind="approved", language="en"):
    return texts.save(meeting, kind, category, language, words, by=None)


def said(meeting, category=None, language="en"):
    return texts.words_for(meeting, "approved", category and category.pk, language).body


def test_words_of_the_category_come_before_those_for_all_and_these_before_the_products():
    category = CategoryFactory()
    meeting, other = category.meeting, CategoryFactory(meeting=category.meeting)
    product = texts.default("approved", "en").body
    assert said(meeting, category) == product
    save(meeting, OURS)
    assert (said(meeting, category), said(meeting)) == ("ours", "ours")
    save(meeting, THEIRS, category)
    assert (said(meeting, category), said(meeting, other), said(meeting)) == ("theirs", "ours", "ours")
    save(meeting, None)
    assert (said(meeting, category), said(meeting, other)) == ("theirs", product)
    save(meeting, None, category)
    assert said(meeting, category) == product


def test_words_hold_for_their_language_and_meeting_only():
    meeting, other = MeetingFactory(), MeetingFactory()
    save(meeting, OURS, language="fr")
    assert said(meeting, language="fr") == "ours"
    assert said(meeting) == texts.default("approved", "en").body
    assert said(other, language="fr") == texts.default("approved", "fr").body


def test_what_another_process_has_kept_is_not_used_after_a_change():
    """It knows the meeting by its row alone, and reads the row anew for each message."""
    meeting = MeetingFactory()
    elsewhere = Meeting.objects.get(pk=meeting.pk)
    before = said(elsewhere)
    save(meeting, OURS)
    assert said(Meeting.objects.get(pk=meeting.pk)) == "ours" != before


def test_versions_are_kept_with_who_and_one_is_in_use():
    meeting, by = MeetingFactory(), UserFactory()
    for words in (OURS, None, THEIRS):
        texts.save(meeting, "approved", None, "en", words, by=by)
    versions = list(texts.versions(meeting, "approved", None, "en"))
    assert [(v.version, v.body, v.is_current, v.by) for v in versions] == [
        (3, "theirs", True, by), (2, "", False, by), (1, "ours", False, by),
    ]  # fmt: skip


@pytest.mark.parametrize("wrong", [{"version": 1, "is_current": False}, {"version": 2, "is_current": True}])
def test_the_database_keeps_one_version_of_a_number_and_one_in_use(wrong):
    meeting = MeetingFactory()
    save(meeting, OURS)
    with pytest.raises(IntegrityError), transaction.atomic():
        Wording.objects.create(meeting=meeting, kind="approved", language="en", **wrong)


def test_kinds_are_held_until_they_are_let_go():
    meeting, other = MeetingFactory(), MeetingFactory()
    texts.hold(meeting, "approved", on=True)
    texts.hold(meeting, "approved", on=True)
    assert (texts.is_held(meeting, "approved"), texts.is_held(meeting, "rejected")) == (True, False)
    assert not texts.is_held(other, "approved")
    texts.hold(meeting, "approved", on=False)
    assert not texts.is_held(meeting, "approved")


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_at_once_both_have_a_version_and_one_is_in_use():
    meeting = MeetingFactory()
    save(meeting, OURS)
    start = threading.Barrier(2)

    def write(body):
        start.wait()
        texts.save(Meeting.objects.get(pk=meeting.pk), "approved", None, "en", texts.Words("s", "t", body), by=None)
        connection.close()

    threads = [threading.Thread(target=write, args=[body]) for body in ("a", "b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    versions = list(texts.versions(meeting, "approved", None, "en"))
    assert [v.version for v in versions] == [3, 2, 1]
    assert [v.is_current for v in versions] == [True, False, False]
    assert {v.body for v in versions} == {"ours", "a", "b"}
