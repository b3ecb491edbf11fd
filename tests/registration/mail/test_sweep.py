"""The sweep: sends what nobody picked up, gives up on nothing, and makes no backlog worse."""

import datetime

import pytest
from django.utils import timezone

from registration.mail import delivery, outbox
from registration.models import MailState, OutgoingMail
from tests.factories import RegistrationFactory

pytestmark = [pytest.mark.django_db]


def queued(n=1, *, ago=60, **values):
    """`n` messages that came due `ago` seconds ago."""
    registration = RegistrationFactory()
    start = OutgoingMail.objects.count()
    mails = [outbox.queue("submitted", registration, key=f"event-{start + i}") for i in range(n)]
    due = timezone.now() - datetime.timedelta(seconds=ago)
    OutgoingMail.objects.filter(pk__in=[m.pk for m in mails]).update(not_before=due, **values)
    return mails


def states():
    return list(OutgoingMail.objects.order_by("pk").values_list("state", flat=True))


def test_sends_what_no_worker_was_told_of_and_announces_nothing(sink, unannounced):
    queued(3)
    assert outbox.sweep() == 3
    assert states() == ["sent"] * 3
    assert len(sink.messages) == 3
    assert unannounced == []


def test_leaves_a_fresh_message_to_the_worker_that_was_told_of_it(sink, unannounced):
    queued(ago=1)
    assert outbox.sweep() == 0
    assert states() == ["queued"]


def test_takes_a_retry_as_soon_as_it_is_due(sink, unannounced):
    queued(ago=0, attempts=1)
    assert outbox.sweep() == 1


@pytest.mark.parametrize("state", [MailState.FAILED, MailState.STUCK, MailState.SENDING])
def test_leaves_alone_what_is_not_waiting(sink, unannounced, state):
    queued(state=state, claimed_at=timezone.now())
    assert outbox.sweep() == 0
    assert states() == [state]
    assert sink.messages == []


def test_later_means_later(sink, unannounced):
    queued(ago=-60, attempts=1)
    assert outbox.sweep() == 0


def test_message_whose_worker_was_killed_waits_for_a_human(sink, unannounced):
    (mail,) = queued()
    assert OutgoingMail.objects.claim(mail.pk)
    claimed = timezone.now() - delivery.ABANDONED_AFTER
    OutgoingMail.objects.update(claimed_at=claimed + datetime.timedelta(seconds=30))
    outbox.sweep()
    assert states() == ["sending"]
    OutgoingMail.objects.update(claimed_at=claimed - datetime.timedelta(seconds=1))
    outbox.sweep()
    assert states() == ["stuck"]
    assert "worker" in OutgoingMail.objects.get().last_error
    assert sink.messages == []


def test_oldest_first(sink, unannounced):
    (young,) = queued(ago=60)
    (old,) = queued(ago=600)
    outbox.sweep()
    sent = OutgoingMail.objects.order_by("sent_at").values_list("pk", flat=True)
    assert list(sent) == [old.pk, young.pk]


def test_stops_when_the_server_is_away_and_spares_the_others_their_attempts(sink, unannounced):
    queued(5)
    sink.stop()
    outbox.sweep()
    assert OutgoingMail.objects.filter(attempts=1).count() == 1
    assert OutgoingMail.objects.filter(attempts=0).count() == 4


def test_stops_when_the_server_takes_nothing_and_spares_the_others_their_attempts(sink, unannounced):
    queued(delivery.ENOUGH + 5)
    sink.refuse_content("454 not today")
    outbox.sweep()
    assert OutgoingMail.objects.filter(attempts=1).count() == delivery.ENOUGH
    assert OutgoingMail.objects.filter(attempts=0).count() == 5


def test_one_refused_address_does_not_hold_up_the_others(sink, unannounced):
    queued(3)
    sink.refuse_recipients("454 not this one")
    first = OutgoingMail.objects.order_by("pk").first()
    outbox.deliver(first.pk)
    sink.accept()
    assert outbox.sweep() == 2


def test_ends_in_time_for_the_next_one(sink, unannounced, monkeypatch):
    queued(3)
    monkeypatch.setattr(delivery, "SWEEP_SECONDS", -1)
    assert outbox.sweep() == 1
    assert states().count("queued") == 2


@pytest.mark.parametrize("rows", [1, 3])
def test_idle_sweep_costs_two_queries_in_a_transaction_however_much_was_sent(
    rows, sink, unannounced, django_assert_num_queries
):
    queued(rows)
    outbox.sweep()
    with django_assert_num_queries(4):  # with savepoint and release
        assert outbox.sweep() == 0
