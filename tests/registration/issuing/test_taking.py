"""What delegates and focal points take themselves; asked again each time, and nothing of what is not told yet."""

import pytest
from django.core import mail as sent
from django.urls import reverse
from django.utils import timezone

from registration import workflow
from registration.issuing import issue
from registration.issuing.standing import setup_of
from registration.mail.message import compose
from registration.models import AccessKey, IssuedKind, IssuedLetter, OutgoingMail
from tests.factories import DelegationFactory, RegistrationFactory
from tests.registration.roster.conftest import look_after

from .conftest import approved, letter_for

Kind = IssuedKind


@pytest.fixture
def own(client, person):
    """The delegate with the link."""
    key = AccessKey.objects.issue(person)

    def ask(kind=None, language="en", post=False):
        if kind is None:
            return client.get(reverse("private:page", args=[key])).content.decode()
        address = reverse("private:paper", args=[key, kind, language])
        return client.post(address) if post else client.get(address)

    return ask


def self_service(meeting, kind=Kind.CONFIRMATION):
    setup = setup_of(meeting, kind)
    setup.is_self_service = True
    setup.save()


def test_a_letter_of_self_service_is_written_when_it_is_first_taken(own, meeting, person):
    assert "Confirmation of registration" not in own()
    self_service(meeting)
    assert "Confirmation of registration" in own()
    assert IssuedLetter.objects.count() == 0
    assert own(Kind.CONFIRMATION, post=True).content.startswith(b"%PDF")
    letter = IssuedLetter.objects.get()
    assert (letter.registration, letter.issued_by, letter.is_shared) == (person, None, True)
    assert own(Kind.CONFIRMATION).content.startswith(b"%PDF")
    assert "EAP/2008/REG/0001" in own()


def test_looking_writes_no_letter(own, meeting):
    self_service(meeting)
    assert own(Kind.CONFIRMATION).status_code == 302
    assert IssuedLetter.objects.count() == 0


def test_what_was_not_handed_over_is_not_there(own, person):
    letter_for(person, Kind.INVITATION)
    assert "EAP/2008/INV/0001" not in own()
    assert own(Kind.INVITATION).status_code == 302
    assert own(Kind.INVITATION, post=True).status_code == 302
    letter_for(person, Kind.INVITATION, shared=True)
    assert own(Kind.INVITATION).content.startswith(b"%PDF")


def test_a_letter_that_is_revoked_is_asked_again_at_the_moment_it_is_taken(own, person, organiser):
    letter = letter_for(person, shared=True)
    assert own(Kind.CONFIRMATION).status_code == 200
    issue.revoke(letter.pk, by=organiser, reason="Wrong")
    assert own(Kind.CONFIRMATION).status_code == 302


def test_nothing_tells_of_an_un_approval_that_can_still_be_undone(own, meeting, person, organiser):
    self_service(meeting)
    letter_for(person, shared=True)
    meeting.decision_grace_minutes = 5
    meeting.save()
    workflow.un_approve(person.pk, by=organiser, reason="Wrong person")
    assert own(Kind.CONFIRMATION).content.startswith(b"%PDF")
    answer = own(Kind.CONFIRMATION, "fr", post=True)
    assert answer.status_code == 302
    words = own()
    assert "try again in a few minutes" in words
    assert "letters are for those who are approved" not in words


def test_nor_of_an_approval(client, meeting, delegation, organiser):
    self_service(meeting)
    meeting.decision_grace_minutes = 5
    meeting.save()
    who = RegistrationFactory(delegation=delegation)
    key = AccessKey.objects.issue(who)
    workflow.approve(who.pk, by=organiser)
    assert "Letters for you" not in client.get(reverse("private:page", args=[key])).content.decode()
    client.post(reverse("private:paper", args=[key, "confirmation", "en"]))
    assert IssuedLetter.objects.count() == 0


def test_a_focal_point_takes_those_of_their_people(client, meeting, delegation, person):
    self_service(meeting)
    focal = look_after(client, delegation)
    page = reverse("roster:papers", args=[meeting.slug, delegation.reference])
    assert "Litia Waqanisau" in client.get(page).content.decode()
    address = reverse("roster:paper", args=[meeting.slug, delegation.reference, person.reference, "confirmation", "en"])
    assert client.post(address).content.startswith(b"%PDF")
    assert IssuedLetter.objects.get().issued_by == focal
    look_after(client, DelegationFactory())
    assert client.get(page).status_code == 404
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_of_the_focal_point_costs_the_same_with_one_and_with_three(
    client, meeting, delegation, django_assert_num_queries, count
):
    self_service(meeting)
    look_after(client, delegation)
    for _ in range(count):
        letter_for(approved(delegation=delegation), shared=True)
    page = reverse("roster:papers", args=[meeting.slug, delegation.reference])
    client.get(page)
    with django_assert_num_queries(7):
        client.get(page)


def test_the_message_brings_the_letter_each_time_it_is_tried_and_not_when_it_counts_no_more(person, organiser):
    letter = letter_for(person, shared=True, tells=True, by=organiser)
    mail = OutgoingMail.objects.get(kind="letter_ready")
    first, second = (compose(mail, "key").attachments[-1] for _ in range(2))
    assert first == second
    assert (first[0], first[2]) == ("EAP-2008-REG-0001.pdf", "application/pdf")
    issue.revoke(letter.pk, by=organiser, reason="Wrong")
    assert compose(mail, "key").attachments == []
    assert sent.outbox == []


def test_a_certificate_is_offered_when_the_meeting_is_over(own, meeting):
    self_service(meeting, Kind.CERTIFICATE)
    assert "Certificate of participation" in own()
    meeting.starts_on = meeting.ends_on = timezone.now().astimezone(meeting.zone).date()
    meeting.save()
    assert "Certificate of participation" not in own()
