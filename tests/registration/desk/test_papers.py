"""Whoever issues a letter is told where nobody signs it."""

import pytest
from django.urls import reverse

from meeting.models import Role
from registration.models import IssuedKind, LetterSetup, Status
from tests.factories import RegistrationFactory, StaffRoleFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("signatory", ["", "Dr. Suda P."])
def test_an_unsigned_letter_is_not_issued_without_a_word(client, signatory):
    person = RegistrationFactory(status=Status.APPROVED)
    client.force_login(StaffRoleFactory(meeting=person.meeting, role=Role.ORGANISER).user)
    LetterSetup.objects.create(meeting=person.meeting, kind=IssuedKind.CONFIRMATION, signatory=signatory)
    issue = reverse("admin:desk:paper_issue", args=[person.meeting.slug, person.reference])
    page = client.post(issue, {"kind": "confirmation", "language": "en"}, follow=True).content.decode()
    assert ("Nobody signs this letter yet" in page) == (not signatory)
    many = client.get(reverse("admin:desk:papers_many", args=[person.meeting.slug])).content.decode()
    assert ("Nobody signs this letter yet" in many) == (not signatory)
    assert ": Confirmation of registration</button>" in many
