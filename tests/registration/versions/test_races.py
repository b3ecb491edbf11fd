"""Two at once: versions get numbers of their own, and nobody who registers waits for one that is made."""

import threading

import pytest
from django.db import connection

from meeting.models import Role
from registration.models import ListVersion, ParticipantsSetup
from registration.versions.making import CannotMakeError, make
from tests.factories import CategoryFactory, MeetingFactory, StaffRoleFactory
from tests.registration.participants.making import person, state


@pytest.fixture
def there(transactional_db):
    meeting = MeetingFactory()
    ParticipantsSetup.objects.create(meeting=meeting, profile="un")
    person(state(CategoryFactory(meeting=meeting, code="MEM", kinds=["state"]), "FJI", en="Fiji"))
    return meeting, StaffRoleFactory(meeting=meeting, role=Role.ORGANISER).user


def at_once(*works):
    gate = threading.Barrier(len(works))

    def run(work):
        gate.wait()
        try:
            work()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)


def test_two_provisional_lists_at_once_have_two_numbers(there):
    meeting, organiser = there
    at_once(*[lambda: make(meeting, "provisional", ["en"], by=organiser)] * 4)
    assert sorted(ListVersion.objects.values_list("number", flat=True)) == [1, 2, 3, 4]


def test_of_two_final_lists_at_once_there_is_one(there):
    meeting, organiser = there
    refused = []

    def final():
        try:
            make(meeting, "final", ["en"], by=organiser)
        except CannotMakeError as error:
            refused.append(str(error))

    at_once(final, final, final)
    assert ListVersion.objects.filter(kind="final").count() == 1
    assert len(refused) == 2
