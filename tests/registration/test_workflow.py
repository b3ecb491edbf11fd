"""The moves: what each changes, appends and queues, and what it refuses."""

import datetime

import pytest
from django.utils import timezone

from meeting.models import Meeting
from registration import workflow
from registration.models import Delegation, OutgoingMail, Registration, SeatOffer, Status
from tests.factories import CategoryFactory, DelegationFactory, RegistrationFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def organiser():
    return UserFactory(name="Suda P.")


def mails(registration):
    return list(OutgoingMail.objects.filter(registration=registration).values_list("kind", flat=True))


def history(registration):
    return list(registration.events.values_list("from_status", "to_status"))


def test_submit_sends_a_draft_to_the_organisers_and_queues_one_mail():
    draft = RegistrationFactory(status=Status.DRAFT)
    workflow.submit(draft.pk)
    draft.refresh_from_db()
    assert (draft.status, draft.submitted_at is not None) == (Status.SUBMITTED, True)
    assert history(draft) == [("draft", "submitted")]
    assert mails(draft) == ["submitted"]


def test_submit_again_changes_nothing():
    draft = RegistrationFactory(status=Status.DRAFT)
    workflow.submit(draft.pk)
    first = Registration.objects.get(pk=draft.pk).status_since
    workflow.submit(draft.pk)
    assert Registration.objects.get(pk=draft.pk).status_since == first
    assert mails(draft) == ["submitted"]


def test_submit_refuses_when_the_meeting_closed_meanwhile_and_keeps_the_draft():
    draft = RegistrationFactory(status=Status.DRAFT)
    now = timezone.now()
    Meeting.objects.filter(pk=draft.meeting_id).update(
        registration_held_open=False,
        registration_opens_at=now - datetime.timedelta(days=2),
        registration_closes_at=now - datetime.timedelta(seconds=1),
    )
    with pytest.raises(workflow.MoveNotAllowed, match="Registration for this meeting is closed"):
        workflow.submit(draft.pk)
    draft.refresh_from_db()
    assert (draft.status, mails(draft)) == (Status.DRAFT, [])


def test_submit_refuses_a_category_that_closed():
    category = CategoryFactory(is_open=False, name="Non-governmental organizations")
    draft = RegistrationFactory(status=Status.DRAFT, delegation__category=category)
    with pytest.raises(workflow.MoveNotAllowed, match="Registration for “Non-governmental organizations” is closed"):
        workflow.submit(draft.pk)


@pytest.mark.parametrize(
    "quotas",
    [{"delegation__category__delegation_quota": 1}, {"delegation__category__quota": 1}, {"delegation__quota": 1}],
)
def test_submit_puts_on_the_waiting_list_when_no_seat_is_left(quotas):
    seated = RegistrationFactory(**quotas)
    draft = RegistrationFactory(status=Status.DRAFT, delegation=seated.delegation)
    workflow.submit(draft.pk)
    draft.refresh_from_db()
    assert draft.status == Status.WAITLISTED
    assert mails(draft) == ["waitlisted"]


def test_approve_tells_the_delegate_with_a_calendar(organiser):
    registration = RegistrationFactory()
    workflow.approve(registration.pk, by=organiser)
    registration.refresh_from_db()
    assert registration.status == Status.APPROVED
    assert registration.events.get().by == organiser
    mail = OutgoingMail.objects.get(registration=registration)
    assert (mail.kind, mail.with_calendar) == ("approved", True)


def test_approve_twice_is_refused_calmly(organiser):
    registration = RegistrationFactory()
    workflow.approve(registration.pk, by=organiser)
    with pytest.raises(workflow.MoveNotAllowed, match=r"is approved already, by Suda P\.\. There is nothing left"):
        workflow.approve(registration.pk, by=UserFactory())
    assert mails(registration) == ["approved"]


@pytest.mark.parametrize("status", [Status.DRAFT, Status.REJECTED, Status.WITHDRAWN, Status.RETURNED])
def test_approve_refuses_what_is_not_waiting(organiser, status):
    registration = RegistrationFactory(status=status, status_reason="Why")
    with pytest.raises(workflow.MoveNotAllowed, match="cannot become approved"):
        workflow.approve(registration.pk, by=organiser)
    registration.refresh_from_db()
    assert (registration.status, mails(registration)) == (status, [])


def test_approve_from_the_waiting_list_needs_a_free_seat(organiser):
    seated = RegistrationFactory(delegation__quota=1)
    waiting = RegistrationFactory(delegation=seated.delegation, status=Status.WAITLISTED)
    with pytest.raises(workflow.MoveNotAllowed, match=r"no seat is free for .*\. Free one"):
        workflow.approve(waiting.pk, by=organiser)
    Delegation.objects.filter(pk=seated.delegation_id).update(quota=2)
    assert workflow.approve(waiting.pk, by=organiser).status == Status.APPROVED


def test_reject_needs_a_reason_and_keeps_it(organiser):
    registration = RegistrationFactory()
    with pytest.raises(workflow.MoveNotAllowed, match="Give a reason"):
        workflow.reject(registration.pk, by=organiser, reason="  ")
    workflow.reject(registration.pk, by=organiser, reason=" Not on the letter. ")
    registration.refresh_from_db()
    assert (registration.status, registration.status_reason) == (Status.REJECTED, "Not on the letter.")
    assert registration.events.get().reason == "Not on the letter."
    assert mails(registration) == ["rejected"]


@pytest.mark.parametrize("limit", ["delegation", "category"])
def test_a_freed_seat_is_offered_to_the_first_in_line(organiser, limit):
    category = CategoryFactory(quota=1 if limit == "category" else None)
    delegation = DelegationFactory(category=category, quota=1 if limit == "delegation" else None)
    seated = RegistrationFactory(delegation=delegation)
    start = timezone.now() - datetime.timedelta(days=3)
    later = RegistrationFactory(
        delegation=delegation, status=Status.WAITLISTED, status_since=start + datetime.timedelta(hours=1)
    )
    first = RegistrationFactory(delegation=delegation, status=Status.WAITLISTED, status_since=start)
    workflow.reject(seated.pk, by=organiser, reason="Not on the letter.")
    offer = SeatOffer.objects.get()
    assert (offer.registration, offer.state) == (first, "open")
    assert mails(first) == ["seat_offered"]
    assert mails(later) == []


def test_every_state_has_its_moves():
    assert set(workflow.MOVES) == set(Status)
