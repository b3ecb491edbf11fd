"""What people do with messages, what waits for a reader, and what is told no more because it no longer holds."""

import datetime
from types import SimpleNamespace

import pytest
from django.utils import timezone

from registration.mail import acts, outbox, stages, urgency
from registration.mail.kinds import NAMES
from registration.mail.stages import Stage
from registration.models import HeldFor, HeldKind, MailEvent, MailState, OutgoingMail, Registration, SeatOffer, Status
from tests.factories import RegistrationFactory, UserFactory

pytestmark = pytest.mark.django_db
What = MailEvent.What


@pytest.fixture
def by():
    return UserFactory()


def written(state=MailState.QUEUED, kind="approved", status=Status.APPROVED, **values):
    """One message about somebody, in this state."""
    registration = RegistrationFactory(status=status)
    mail = outbox.queue(kind, registration, key=f"event-{OutgoingMail.objects.count()}")
    if state == MailState.HELD:
        values.setdefault("held_for", HeldFor.REVIEW)
    OutgoingMail.objects.filter(pk=mail.pk).update(state=state, **values)
    return OutgoingMail.objects.get(pk=mail.pk)


def stage(mail):
    return stages.stage_of(OutgoingMail.objects.get(pk=mail.pk))


def told(mail):
    return list(mail.events.values_list("what", "by"))


@pytest.mark.parametrize("state", [MailState.FAILED, MailState.STUCK])
def test_sent_again_starts_anew_and_says_who_wanted_it(unannounced, by, state, django_capture_on_commit_callbacks):
    mail = written(state, attempts=10, last_error="550 no")
    unannounced.clear()
    with django_capture_on_commit_callbacks(execute=True):
        assert acts.send_again(mail.pk, by=by)
    mail.refresh_from_db()
    assert (mail.state, mail.attempts, mail.last_error) == (MailState.QUEUED, 0, "")
    assert unannounced == [mail.pk]
    assert told(mail) == [(What.AGAIN, by.pk)]


@pytest.mark.parametrize("state", [s for s in MailState if s not in (MailState.FAILED, MailState.STUCK)])
def test_nothing_else_is_sent_again(unannounced, by, state):
    sent = {"sent_at": timezone.now()} if state in ("sent", "delivered", "bounced") else {}
    mail = written(state, **sent)
    assert not acts.send_again(mail.pk, by=by)
    assert told(mail) == []


def test_what_holds_no_more_is_not_sent_again(unannounced, by):
    mail = written(MailState.FAILED, status=Status.SUBMITTED)
    assert not acts.send_again(mail.pk, by=by)
    assert stage(mail) == Stage.FAILED


def test_unclear_is_taken_as_sent_on_somebodys_word(unannounced, by):
    claimed = timezone.now() - datetime.timedelta(hours=1)
    mail = written(MailState.STUCK, claimed_at=claimed, last_error="gone")
    assert acts.settle_as_sent(mail, by=by)
    assert not acts.settle_as_sent(mail, by=by)
    mail.refresh_from_db()
    assert (mail.state, mail.sent_at) == (MailState.SENT, claimed)
    assert told(mail) == [(What.SETTLED, by.pk)]


@pytest.mark.parametrize("state", acts.CAN_BE_STOPPED)
def test_what_has_not_left_is_stopped(unannounced, by, state):
    mail = written(state)
    assert acts.cancel(mail, by=by)
    assert stage(mail) == Stage.CANCELLED
    assert told(mail) == [(What.STOPPED, by.pk)]
    assert outbox.deliver(mail.pk) is None


def test_what_is_on_its_way_is_not_stopped(unannounced, by):
    mail = written(MailState.SENDING)
    assert not acts.cancel(mail, by=by)
    assert stage(mail) == Stage.SENDING


# Kinds that wait for a reader


def test_kind_that_is_read_first_is_held_and_no_worker_takes_it(sink, unannounced):
    registration = RegistrationFactory(status=Status.APPROVED)
    HeldKind.objects.create(meeting=registration.meeting, kind="approved")
    mail = outbox.queue("approved", registration, key="event-1")
    assert (mail.state, mail.held_for) == (MailState.HELD, HeldFor.REVIEW)
    assert outbox.deliver(mail.pk) is None
    assert outbox.sweep() == 0
    assert sink.messages == []


def test_other_kinds_and_meetings_are_not(unannounced):
    registration, elsewhere = RegistrationFactory(status=Status.APPROVED), RegistrationFactory(status=Status.APPROVED)
    HeldKind.objects.create(meeting=registration.meeting, kind="rejected")
    HeldKind.objects.create(meeting=elsewhere.meeting, kind="approved")
    mail = outbox.queue("approved", registration, key="event-1")
    assert (mail.state, mail.held_for) == (MailState.QUEUED, "")


@pytest.mark.parametrize("kind", sorted(kind for kind in NAMES if not urgency.may_be_held(kind)))
def test_what_somebody_waits_for_is_never_held(unannounced, kind):
    registration = RegistrationFactory()
    HeldKind.objects.create(meeting=registration.meeting, kind=kind)
    mail = OutgoingMail(
        key="event-1", kind=kind, registration=registration, meeting=registration.meeting, to="a@example.org",
        language="en", subject="s", text="t", html="h",
    )  # fmt: skip
    outbox.store_many([mail])
    assert mail.state == MailState.QUEUED


def test_codes_and_links_that_are_waited_for_are_among_them():
    for kind in ("change_code", "sign_in", "password_reset", "staff_invitation", "submitted", "seat_offered"):
        assert not urgency.may_be_held(kind)
    for kind in ("approved", "rejected", "returned", "waitlisted", "withdrawn", "campaign", "letter_ready"):
        assert urgency.may_be_held(kind)


@pytest.mark.parametrize("held", [True, False])
def test_writing_costs_the_same_whether_kinds_are_held_or_not(unannounced, held, django_assert_num_queries):
    registration = RegistrationFactory(status=Status.APPROVED)
    if held:
        HeldKind.objects.create(meeting=registration.meeting, kind="approved")
    mail = OutgoingMail(
        key="event-1", kind="approved", registration=registration, meeting=registration.meeting, to="a@example.org",
        language="en", subject="s", text="t", html="h",
    )  # fmt: skip
    with django_assert_num_queries(1):
        outbox.store_many([mail])


def test_released_message_leaves(sink, unannounced, by, django_capture_on_commit_callbacks):
    mail = written(MailState.HELD)
    unannounced.clear()
    with django_capture_on_commit_callbacks(execute=True):
        assert acts.release(mail, by=by)
    assert unannounced == [mail.pk]
    assert told(mail) == [(What.RELEASED, by.pk)]
    assert outbox.deliver(mail.pk) == MailState.SENT
    assert not acts.release(mail, by=by)


def test_released_decision_still_waits_out_its_grace(unannounced, by):
    later = timezone.now() + datetime.timedelta(minutes=10)
    mail = written(MailState.HELD, not_before=later)
    unannounced.clear()
    assert acts.release(mail, by=by)
    assert (stage(mail), unannounced) == (Stage.GRACE, [])


def test_what_holds_no_more_is_stopped_when_it_is_released(unannounced, by):
    over = written(MailState.HELD, status=Status.SUBMITTED)
    acts.release(over, by=by)
    assert stage(over) == Stage.CANCELLED


def test_a_decision_that_can_still_be_undone_is_released_and_told_later(unannounced, by):
    later = timezone.now() + datetime.timedelta(minutes=10)
    mail = written(MailState.HELD, not_before=later)
    Registration.objects.filter(pk=mail.registration_id).update(quiet_until=later, quiet_status=Status.SUBMITTED)
    again = OutgoingMail.objects.get(pk=mail.pk)
    assert acts.release(again, by=by)
    assert stage(mail) == Stage.GRACE


def test_held_for_its_address_is_not_released_by_reading_it(unannounced, by):
    mail = written(MailState.HELD, held_for=HeldFor.ADDRESS)
    assert not acts.release(mail, by=by)
    assert stage(mail) == Stage.ADDRESS


@pytest.mark.parametrize("state", [MailState.QUEUED, MailState.HELD])
def test_later_decision_stops_what_still_waits_to_tell_of_an_earlier(unannounced, state):
    mail = written(state)
    assert outbox.overtake(mail.registration) == 1
    assert stage(mail) == Stage.CANCELLED
    assert told(mail) == [(What.STOPPED, None)]


@pytest.mark.parametrize("state", [MailState.QUEUED, MailState.HELD])
def test_event_is_stopped_whether_its_message_waits_or_is_held(unannounced, state):
    mail = written(state)
    assert outbox.stop(mail.key)
    assert stage(mail) == Stage.CANCELLED


@pytest.mark.parametrize("state", [MailState.SENDING, MailState.FAILED, MailState.STUCK])
def test_event_that_was_told_is_not_stopped(unannounced, state):
    mail = written(state)
    assert not outbox.stop(mail.key)
    assert stage(mail) != Stage.CANCELLED


# What no longer holds


def test_retry_does_not_tell_what_was_taken_back_meanwhile(scripted, unannounced):
    """The approval is taken back while the message is on the wire, and the server puts the message off."""
    mail = written()

    def meanwhile(step):
        return "450 4.2.1 later" if step == "rcpt" else None

    scripted.script = meanwhile
    outbox.deliver(mail.pk)
    type(mail.registration).objects.filter(pk=mail.registration_id).update(status=Status.SUBMITTED)
    scripted.script = lambda step: None
    OutgoingMail.objects.update(not_before=timezone.now(), last_error="450 later")
    assert outbox.deliver(mail.pk) is None
    assert stage(mail) == Stage.CANCELLED
    assert sum(scripted.taken.values()) == 0
    assert told(mail)[-1] == (What.STOPPED, None)


def test_seat_that_was_given_away_is_not_offered_by_a_retry(sink, unannounced):
    registration = RegistrationFactory(status=Status.WAITLISTED)
    offer = SeatOffer.objects.create(registration=registration, expires_at=timezone.now() + datetime.timedelta(hours=1))
    mail = outbox.queue("seat_offered", registration, key="event-1", values={"offer": offer})
    OutgoingMail.objects.update(attempts=3, last_error="450 later")
    SeatOffer.objects.update(state=SeatOffer.State.EXPIRED, answered_at=timezone.now())
    assert outbox.deliver(mail.pk) is None
    assert stage(mail) == Stage.CANCELLED


def test_what_still_holds_is_retried(sink, unannounced):
    mail = written(attempts=3, last_error="450 later")
    assert outbox.deliver(mail.pk) == MailState.SENT


def test_repeated_message_says_who_wanted_it_and_is_not_held(unannounced, by):
    mail = written(MailState.SENT, sent_at=timezone.now())
    HeldKind.objects.create(meeting=mail.meeting, kind=mail.kind)
    again = outbox.repeat(mail, to=mail.to, key="again-1", by=by)
    assert again.state == MailState.QUEUED
    assert told(mail) == [(What.REPEATED, by.pk)]


def test_hurried_message_says_who_wanted_it(unannounced, by):
    mail = written(not_before=timezone.now() + datetime.timedelta(hours=1))
    assert outbox.hurry(mail, together=mail.key, by=by)
    assert told(mail) == [(What.HURRIED, by.pk)]


def test_messages_to_many_are_told_to_a_worker_together(monkeypatch, django_capture_on_commit_callbacks):
    announced = []
    monkeypatch.setattr("registration.mail.broker.publisher", SimpleNamespace(announce=lambda *a: announced.append(a)))
    registration = RegistrationFactory()
    mails = [
        OutgoingMail(
            key=f"event-{n}", kind="campaign", registration=registration, meeting=registration.meeting,
            to="a@example.org", language="en", subject="s", text="t", html="h",
        )
        for n in range(3)
    ]  # fmt: skip
    with django_capture_on_commit_callbacks(execute=True):
        outbox.store_many(mails)
    assert announced == [("send_mails", *(mail.pk for mail in mails))]
