"""A worker is killed in the middle, twice: everybody is decided on once, and mailed once."""

import os
import signal
import time
from collections import Counter

import pytest

from meeting.models import AuditEntry
from registration.models import BulkRow, MailState, OutgoingMail, RegistrationEvent
from tests.registration.mail.processes import Celery, wait_until

from . import people

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 500


def decided(bulk):
    return bulk.rows.exclude(state=BulkRow.State.WAITING).count()


def kill(worker):
    """As the kernel does when memory is short: parent and children, without a word."""
    os.killpg(worker.process.pid, signal.SIGKILL)
    worker.process.wait()


def test_a_bulk_of_five_hundred_survives_workers_that_are_killed_and_nobody_is_decided_on_or_mailed_twice(broker, sink):
    everybody = people.waiting(MANY)
    first = Celery(broker, "worker", "--concurrency", "2")
    bulk = people.decide(everybody)
    wait_until(lambda: decided(bulk) > 40, seconds=90)
    kill(first)
    after_first = decided(bulk)
    assert 40 < after_first < MANY, "the worker was too quick to be killed in the middle"
    time.sleep(0.5)
    assert decided(bulk) == after_first  # nobody else is at it

    with Celery(broker, "beat"):
        second = Celery(broker, "worker", "--concurrency", "2")
        wait_until(lambda: decided(bulk) > after_first + 40, seconds=90)
        kill(second)
        after_second = decided(bulk)
        assert after_first < after_second < MANY, "the worker was too quick to be killed in the middle"

        with Celery(broker, "worker", "--concurrency", "2"):
            wait_until(lambda: decided(bulk) == MANY, seconds=90)
            wait_until(lambda: not OutgoingMail.objects.filter(state=MailState.QUEUED).exists(), seconds=120)

    bulk.refresh_from_db()
    assert bulk.ended_at is not None
    assert set(bulk.rows.values_list("state", flat=True)) == {BulkRow.State.DONE}
    moves = Counter(RegistrationEvent.objects.filter(action="moved").values_list("registration", flat=True))
    assert moves == {who.pk: 1 for who in everybody}
    assert AuditEntry.objects.filter(action="bulk").count() == 1
    mails = Counter(OutgoingMail.objects.values_list("registration", flat=True))
    assert mails == {who.pk: 1 for who in everybody}

    # A message that was being sent at the moment of the kill is never sent again unasked: it may have arrived.
    in_hand = set(OutgoingMail.objects.filter(state=MailState.SENDING).values_list("to", flat=True))
    assert len(in_hand) <= 4  # two workers were killed, with two hands each
    arrived = Counter(sink.recipients)
    assert set(arrived.values()) == {1}
    assert {who.email for who in everybody} - set(arrived) <= in_hand
