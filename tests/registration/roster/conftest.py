"""A delegation, whoever looks after it, and rows to work on."""

import pytest
from django.urls import reverse

from registration.focal.access import SESSION_KEY
from registration.models import Channel, FocalPoint, Status
from tests.factories import CategoryFactory, DelegationFactory, MeetingFactory, RegistrationFactory, UserFactory


@pytest.fixture
def meeting(db):
    return MeetingFactory(slug="eap")


@pytest.fixture
def delegation(meeting):
    return DelegationFactory(category=CategoryFactory(meeting=meeting))


def look_after(client, delegation, name="Lê Thu Minh"):
    """Sign somebody in who looks after this delegation."""
    user = UserFactory(name=name, is_staff=False)
    FocalPoint.objects.create(delegation=delegation, user=user)
    session = client.session
    session[SESSION_KEY] = user.pk
    session.save()
    return user


@pytest.fixture
def focal(client, delegation):
    return look_after(client, delegation)


@pytest.fixture
def draft(delegation):
    return make_draft(delegation)


def make_draft(delegation, **values):
    return RegistrationFactory(delegation=delegation, status=Status.DRAFT, channel=Channel.ROSTER, **values)


def at(name, delegation, **more):
    return reverse(
        f"roster:{name}", kwargs={"slug": delegation.meeting.slug, "delegation": delegation.reference, **more}
    )
