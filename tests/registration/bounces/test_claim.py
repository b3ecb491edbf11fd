"""Nothing is sent to an address that does not work: the message is held when a worker would take it."""

import pytest

from registration.mail import outbox
from registration.models import MailEvent, MailState, OutgoingMail, UnreachableAddress

pytestmark = pytest.mark.django_db


def test_a_message_to_an_address_that_does_not_work_is_held(write):
    mail = write(MailState.QUEUED, to="Litia@Example.org")
    UnreachableAddress.objects.create(email="litia@example.org", why="bounced")
    assert outbox.deliver(mail.pk) is None
    mail.refresh_from_db()
    assert (mail.state, mail.held_for, mail.attempts, mail.claimed_at) == (MailState.HELD, "address", 0, None)
    assert list(mail.events.values_list("what", flat=True)) == [MailEvent.What.HELD]


def test_a_message_to_another_address_is_taken(write):
    mail = write(MailState.QUEUED)
    UnreachableAddress.objects.create(email="other@example.org", why="bounced")
    taken = OutgoingMail.objects.claim(mail.pk)
    assert (taken.state, taken.held_for, taken.attempts) == (MailState.SENDING, "", 1)
    assert OutgoingMail.objects.claim(mail.pk) is None


def test_whether_an_address_works_costs_no_query_of_its_own(write, django_assert_num_queries):
    mail = write(MailState.QUEUED)
    with django_assert_num_queries(1):
        OutgoingMail.objects.claim(mail.pk)
