"""Trying out as a focal point: the sample's delegation and the one before."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from meeting.models import Meeting
from registration.models import Delegation, FocalPoint, OutgoingMail, Registration, Status

pytestmark = pytest.mark.django_db


def load(*arguments: str) -> str:
    said = StringIO()
    call_command("load_sample_meeting", *arguments, stdout=said)
    return said.getvalue()


def test_an_address_looks_after_the_delegation_now_and_before():
    said = load("--focal-point", "Clerk@example.org")
    assert "Sign in at /delegations/." in said
    meetings = {
        f.delegation.meeting.slug for f in FocalPoint.objects.active().filter(user__email__iexact="clerk@example.org")
    }
    assert meetings == {"eap-2008", "eap-2004"}
    earlier = Meeting.objects.get(slug="eap-2004")
    assert (Meeting.objects.get(slug="eap-2008").previous, earlier.is_published) == (earlier, False)
    assert Registration.objects.filter(meeting=earlier, status=Status.APPROVED).count() == 5


def test_twice_is_once_and_nobody_of_the_roster_gets_mail():
    load("--focal-point", "clerk@example.org")
    load("--focal-point", "clerk@example.org")
    assert FocalPoint.objects.count() == 2
    assert set(OutgoingMail.objects.values_list("to", flat=True)) == {"clerk@example.org"}
    assert Delegation.objects.filter(entity__code="VNM").count() == 2


def test_what_is_no_address_is_refused():
    with pytest.raises(CommandError, match="takes an email address, not 'clerk'"):
        load("--focal-point", "clerk")
    assert not FocalPoint.objects.exists()
