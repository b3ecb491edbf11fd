"""A worker is killed in the middle, twice: everybody is written to once, and their message leaves once."""

import time
from collections import Counter

import pytest

from registration.models import CampaignRecipient, MailState, OutgoingMail
from tests.registration.mail.processes import Celery, wait_until
from tests.registration.many.test_killed_worker import kill

from . import made

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 2000


def written():
    return CampaignRecipient.objects.exclude(state="waiting").count()


def test_a_message_to_two_thousand_survives_workers_that_are_killed(broker, sink):
    meeting = made.crowd(MANY)
    first = Celery(broker, "worker", "--concurrency", "2")
    campaign = made.sent_off(meeting)
    wait_until(lambda: written() >= 100, seconds=90)
    kill(first)
    after_first = written()
    assert 100 <= after_first < MANY, "the worker was too quick to be killed in the middle"
    time.sleep(0.5)
    assert written() == after_first  # nobody else is at it
    assert OutgoingMail.objects.count() == after_first

    with Celery(broker, "beat"):
        second = Celery(broker, "worker", "--concurrency", "2")
        wait_until(lambda: written() > after_first + 100, seconds=90)
        kill(second)
        assert written() < MANY, "the worker was too quick to be killed in the middle"

        with Celery(broker, "worker", "--concurrency", "2"):
            wait_until(lambda: written() == MANY, seconds=90)
            wait_until(lambda: not OutgoingMail.objects.filter(state=MailState.QUEUED).exists(), seconds=120)

    campaign.refresh_from_db()
    assert campaign.ended_at is not None
    assert set(campaign.recipients.values_list("state", flat=True)) == {"queued"}
    mails = Counter(OutgoingMail.objects.values_list("registration", flat=True))
    assert len(mails) == MANY
    assert set(mails.values()) == {1}
    # A message that was on the wire at the moment of the kill is never sent again unasked: it may have arrived.
    in_hand = set(OutgoingMail.objects.filter(state=MailState.SENDING).values_list("to", flat=True))
    arrived = Counter(sink.recipients)
    assert len(in_hand) <= 4  # two workers were killed, with two hands each
    assert set(arrived.values()) == {1}
    assert len(arrived) >= MANY - len(in_hand)
