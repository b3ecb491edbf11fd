"""A decision whose mail is read first: whoever decides is told where it waits, before and after, one or many."""

import pytest
from django.urls import reverse

from meeting.models import Role
from registration import workflow
from registration.mail import outbox
from registration.models import HeldKind, OutgoingMail, RegistrationEvent
from tests.factories import DelegationFactory, MeetingFactory, RegistrationFactory, StaffRoleFactory

from .test_many import do

pytestmark = pytest.mark.django_db
WAITS = "The mail waits under Messages until somebody has read it."
BEFORE = "Where a kind of message is read first, it waits under Messages until somebody has."


@pytest.fixture(params=[0, 5])
def meeting(request):
    return MeetingFactory(decision_grace_minutes=request.param)


@pytest.fixture
def delegation(meeting):
    return DelegationFactory(category__meeting=meeting)


@pytest.fixture
def organiser(client, meeting):
    user = StaffRoleFactory(meeting=meeting, role=Role.ORGANISER).user
    client.force_login(user)
    return user


def to(registration, act="registration"):
    return reverse(f"admin:desk:{act}", args=[registration.meeting.slug, registration.reference])


def decide(client, registration, move, **values):
    sent = {"move": move, "seen": registration.status, **values}
    if move == "return":
        sent["fields_to_mend"] = "letter"
    return client.post(to(registration, "decide"), sent, follow=True).content.decode()


REASONS = {"approve": "", "return": "Sign the letter.", "waitlist": "Later.", "reject": "No letter."}
KINDS = {"approve": "approved", "return": "returned", "waitlist": "waitlisted", "reject": "rejected"}


@pytest.mark.parametrize("move", KINDS)
def test_whoever_decides_is_told_where_the_mail_waits(client, meeting, organiser, delegation, move):
    HeldKind.objects.create(meeting=meeting, kind=KINDS[move])
    words = decide(client, RegistrationFactory(delegation=delegation), move, reason=REASONS[move])
    assert WAITS in words
    assert "on its way" not in words
    assert "The mail leaves at" not in words


def test_another_kind_that_is_read_first_says_nothing_of_this_one(client, meeting, organiser, delegation):
    HeldKind.objects.create(meeting=meeting, kind="rejected")
    words = decide(client, RegistrationFactory(delegation=delegation), "approve")
    assert WAITS not in words


def test_an_earlier_message_that_still_waits_says_nothing_of_this_one(client, meeting, organiser, delegation):
    who = RegistrationFactory(delegation=delegation)
    HeldKind.objects.create(meeting=meeting, kind="reminder_letter")
    outbox.queue("reminder_letter", who, key="event-0", values={"waiting": ["Your letter"]})
    OutgoingMail.objects.update(state="held", held_for="review")
    assert WAITS not in decide(client, who, "approve")


def test_the_screen_says_so_before_anybody_decides(client, meeting, organiser, delegation):
    who = RegistrationFactory(delegation=delegation)
    assert BEFORE not in client.get(to(who)).content.decode()
    HeldKind.objects.create(meeting=meeting, kind="returned")
    assert BEFORE in client.get(to(who)).content.decode()


def test_what_is_read_first_elsewhere_does_not_count(client, meeting, organiser, delegation):
    HeldKind.objects.create(meeting=MeetingFactory(), kind="returned")
    assert BEFORE not in client.get(to(RegistrationFactory(delegation=delegation))).content.decode()


@pytest.mark.parametrize("meeting", [5], indirect=True)  # without minutes of grace nothing can be undone
def test_undo_stops_what_waits_for_its_reader(client, meeting, organiser, delegation):
    HeldKind.objects.create(meeting=meeting, kind="approved")
    who = RegistrationFactory(delegation=delegation)
    workflow.approve(who.pk, by=organiser)
    client.post(to(who, "undo"), {"event": RegistrationEvent.objects.get(registration=who).pk})
    assert list(OutgoingMail.objects.values_list("state", "held_for")) == [("cancelled", "")]


def test_the_result_of_many_says_how_many_wait(client, meeting, organiser, delegation):
    HeldKind.objects.create(meeting=meeting, kind="approved")
    words = do(client, meeting, "approve", RegistrationFactory.create_batch(3, delegation=delegation)).content.decode()
    assert "3 mails wait under Messages until somebody has read them." in words
    assert "on their way" not in words
    assert "The mails leave by" not in words


def test_the_result_of_many_says_nothing_where_nothing_waits(client, meeting, organiser, delegation):
    words = do(client, meeting, "approve", RegistrationFactory.create_batch(2, delegation=delegation)).content.decode()
    assert "under Messages" not in words
