"""The broker comes and goes: requests stay quick, and no mail is lost."""

import os
import signal
import time

import pytest
from django.db import connection, transaction

from registration.mail import outbox
from registration.mail.broker import Publisher, publisher
from registration.models import MailState, OutgoingMail
from tests.factories import RegistrationFactory

from .processes import Celery, wait_until

pytestmark = pytest.mark.django_db(transaction=True)


def queue(key="event-1"):
    registration = RegistrationFactory()
    began = time.monotonic()
    with transaction.atomic():
        mail = outbox.queue("submitted", registration, key=key)
    return mail, time.monotonic() - began


def state(mail):
    return OutgoingMail.objects.get(pk=mail.pk).state


def test_worker_sends_what_was_announced(broker, sink):
    with Celery(broker, "worker", "--concurrency", "2"):
        mail, _seconds = queue()
        sink.wait_for(1, seconds=60)
        wait_until(lambda: state(mail) == MailState.SENT)


def test_worker_and_beat_survive_a_broker_that_crashes_and_nothing_is_lost(broker, sink):
    with Celery(broker, "worker", "--concurrency", "1") as worker, Celery(broker, "beat") as beat:
        queue("before")
        sink.wait_for(1, seconds=60)
        broker.crash()
        mail, seconds = queue("during")
        assert seconds < 1
        assert state(mail) == MailState.QUEUED
        time.sleep(3)  # both notice
        broker.start()
        sink.wait_for(2, seconds=90)
        publisher.quiet_until = 0
        queue("after")
        sink.wait_for(3, seconds=60)
        assert worker.process.poll() is None and beat.process.poll() is None


def test_worker_keeps_its_database_connection_and_replaces_a_broken_one(broker, sink):
    with Celery(broker, "worker", "--concurrency", "1"):
        for n in range(3):
            queue(f"event-{n}")
        sink.wait_for(3, seconds=60)
        wait_until(lambda: OutgoingMail.objects.filter(state=MailState.SENT).count() == 3)
        (before,) = other_connections()
        queue("kept")
        sink.wait_for(4, seconds=60)
        assert other_connections() == [before]
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [before])
        queue("replaced")
        sink.wait_for(5, seconds=60)
        assert other_connections() != [before]


def other_connections() -> list[int]:
    """Process ids of the database's other clients."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        return [pid for (pid,) in cursor.fetchall()]


@pytest.mark.parametrize("ailment", ["gone", "frozen"])
def test_request_hardly_waits_for_a_broker_that_is_away(broker, sink, ailment):
    pid = broker.process.pid
    if ailment == "gone":
        broker.crash()
    else:
        os.kill(pid, signal.SIGSTOP)
    mails = [queue(f"event-{n}") for n in range(5)]
    assert mails[0][1] < 1
    assert sum(seconds for _mail, seconds in mails[1:]) < 0.5, "not asked again and again"
    assert {state(mail) for mail, _seconds in mails} == {MailState.QUEUED}
    if ailment == "frozen":
        os.kill(pid, signal.SIGCONT)


def test_broker_is_asked_again_after_a_pause(monkeypatch):
    asked = []
    ours = Publisher()
    monkeypatch.setattr("registration.mail.broker.PAUSE", 0.1)
    monkeypatch.setattr(ours, "_executor", lambda: asked.append(1) or 1 / 0)
    ours.send_mail(1)
    ours.send_mail(1)
    assert len(asked) == 1
    time.sleep(0.15)
    ours.send_mail(1)
    assert len(asked) == 2
