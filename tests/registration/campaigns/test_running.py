"""Everybody whom the filter reaches gets one message, whatever happens meanwhile."""

import datetime
from collections import Counter

import pytest
from django.utils import timezone

from meeting.models import AuditEntry, Role
from registration.campaigns import running, starting
from registration.models import (
    Campaign,
    HeldKind,
    MailState,
    MessageChoice,
    OutgoingMail,
    Registration,
    Status,
    UnreachableAddress,
    Urgency,
)
from tests.factories import ChildFactory, DelegationFactory, MeetingFactory, RegistrationFactory, UserFactory
from tests.registration.many import people
from tests.registration.many.test_running import together

from . import made

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _unannounced(unannounced):
    """What is announced reaches no broker."""


def mails():
    return Counter(OutgoingMail.objects.values_list("to", flat=True))


def test_each_gets_one_message_in_the_queue_behind_all_others(unannounced):
    everybody = people.waiting(120)
    campaign = made.sent_off(everybody[0].meeting)
    assert unannounced == [("run_campaign", campaign.pk)]
    running.run(campaign.pk)
    assert mails() == {person.email: 1 for person in everybody}
    assert set(OutgoingMail.objects.values_list("urgency", "state", "kind")) == {
        (Urgency.MANY, MailState.QUEUED, "campaign")
    }
    mail = OutgoingMail.objects.get(to=everybody[0].email)
    assert mail.subject == f"Rooms for the {everybody[0].meeting.short_title}"
    assert "The hotel is full soon." in mail.text and "The hotel is full soon." in mail.html
    assert unannounced == [("run_campaign", campaign.pk)]  # the sweep finds the messages
    campaign.refresh_from_db()
    assert campaign.state == Campaign.State.ENDED
    entry = AuditEntry.objects.filter(action="campaign").latest("at")
    assert entry.detail == {"what": "sent", "written": 120, "left_out": 0, "left_alone": 0}


def test_pressed_twice_at_once_is_one_sending():
    everybody = people.waiting(30)
    campaign = made.campaign(everybody[0].meeting)
    press = [lambda: starting.send_off(campaign, revision=1, expected=30, by=campaign.by)] * 4
    together(press)
    together([lambda: running.run(campaign.pk)] * 4)
    assert mails() == {person.email: 1 for person in everybody}
    assert AuditEntry.objects.filter(action="campaign", detail__what="sent_off").count() == 1
    assert AuditEntry.objects.filter(action="campaign", detail__what="sent").count() == 1


def test_the_same_person_registered_twice_is_written_to_once():
    (first,) = people.waiting(1, email="salote@example.org")
    twin = RegistrationFactory(
        delegation=DelegationFactory(category=first.delegation.category),
        email="Salote@Example.org",
        display_name=first.display_name.upper(),
    )
    colleague = RegistrationFactory(delegation=first.delegation, email="salote@example.org")
    campaign = made.sent_off(first.meeting)
    running.run(campaign.pk)
    assert made.told(campaign) == [(first.pk, "queued"), (twin.pk, "same"), (colleague.pk, "queued")]
