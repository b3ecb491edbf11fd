"""Workers are killed in the middle of an export, for real: the next one reads only what is missing."""

import pytest
from celery import current_app
from django.urls import reverse

from registration.exports import options
from registration.mail.broker import publisher
from registration.models import ExportJob
from tests.registration.mail.processes import Broker, Celery, wait_until
from tests.registration.many import people

from . import in_xlsx, read_xlsx

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 2400  # 120 pieces of twenty


@pytest.fixture
def broker(tmp_path_factory, monkeypatch):
    """One that this process tells nothing: the sweep must find what waits."""
    broker = Broker(tmp_path_factory.mktemp("b"))
    broker.start()
    monkeypatch.setattr(current_app.conf, "broker_url", broker.url.replace("unix://", "redis+socket://"))
    monkeypatch.setattr(publisher, "announce", lambda *what: None)
    yield broker
    broker.crash()


def pieces_of(job):
    job.refresh_from_db()
    return job.held.get("pieces", 0)


def kill_in_the_middle(broker, job, after):
    """A worker is set to it and killed without a word; how many pieces there are then."""
    worker = Celery(broker, "worker", "--concurrency", "2")
    wait_until(lambda: pieces_of(job) > after + 5, seconds=90)
    worker.kill()
    assert pieces_of(job) < MANY / 20 and job.ended_at is None, "the worker was too quick to be killed in the middle"
    return pieces_of(job)


def test_workers_that_are_killed_lose_nothing(client, meeting, exporter, broker, monkeypatch):
    people.waiting(MANY, meeting)
    job = ExportJob.objects.create(meeting=meeting, by=exporter, format="xlsx", reason="For the bus")
    with Celery(broker, "beat"):
        first = kill_in_the_middle(broker, job, after=0)
        second = kill_in_the_middle(broker, job, after=first)
        assert first < second
        with Celery(broker, "worker", "--concurrency", "2"):
            wait_until(lambda: pieces_of(job) and job.ended_at is not None, seconds=120)
    assert (job.tries, job.told, job.count) == (3, "", MANY)
    monkeypatch.setattr(options, "AT_ONCE", MANY)
    file = client.get(reverse("admin:desk:export_file", args=[meeting.slug, job.token]))
    headings, *rows = read_xlsx(file).iter_rows(values_only=True)
    assert [dict(zip(headings, row, strict=True)) for row in rows] == in_xlsx(client, meeting)
