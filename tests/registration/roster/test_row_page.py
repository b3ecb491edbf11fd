"""What the page of one row offers."""

import pytest
from django.urls import reverse

from registration.models import Channel, FocalPoint, Status
from tests.factories import RegistrationFactory, UserFactory

pytestmark = pytest.mark.django_db


def page(client, status):
    registration = RegistrationFactory(status=status, channel=Channel.ROSTER)
    delegation = registration.delegation
    focal = UserFactory(is_staff=False)
    FocalPoint.objects.create(delegation=delegation, user=focal)
    session = client.session
    session["focal_point"] = focal.pk
    session.save()
    where = [delegation.meeting.slug, delegation.reference, registration.reference]
    text = client.get(reverse("roster:row", args=where)).content.decode()
    return reverse("roster:substitute", args=where) in text, reverse("roster:submit", args=where[:2]) in text


@pytest.mark.parametrize(
    ("status", "offered"),
    [
        (Status.DRAFT, (False, True)),
        (Status.SUBMITTED, (True, False)),
        (Status.WAITLISTED, (True, False)),
        (Status.APPROVED, (True, False)),
        (Status.RETURNED, (True, True)),
        (Status.WITHDRAWN, (False, False)),
    ],
)
def test_whoever_comes_can_be_replaced_and_whoever_was_not_sent_can_be_sent(client, status, offered):
    assert page(client, status) == offered
