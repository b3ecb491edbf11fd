"""What is held for an address that does not work leaves when it is put right, if it still says something true."""

import datetime

import pytest
from django.utils import timezone

from registration import workflow
from registration.bounces.addresses import mark_wrong
from registration.mail import addresses, outbox
from registration.models import MailEvent, MailState, OutgoingMail, SeatOffer, Status, UnreachableAddress
from tests.factories import RegistrationFactory, UserFactory

pytestmark = pytest.mark.django_db
What = MailEvent.What


def held(write, **values):
    return write(MailState.HELD, held_for="address", **values)


def told(mail):
    mail.refresh_from_db()
    return mail.state, mail.to, list(mail.events.values_list("what", flat=True))


def test_an_address_is_marked_once_and_the_first_answer_stays(write):
    mail = write()
    assert addresses.mark("Litia@Example.org", answer="550 no such user", mail=mail)
    assert not addresses.mark("litia@example.org", answer="another")
    (row,) = UnreachableAddress.objects.all()
    assert (row.email, row.why, row.answer, row.mail) == ("litia@example.org", "bounced", "550 no such user", mail)


def test_what_is_held_leaves_when_the_address_works_again(write, unannounced, django_capture_on_commit_callbacks):
    mail, other = held(write, to="Litia@example.org"), held(write, to="somebody@example.org")
    by = UserFactory()
    with django_capture_on_commit_callbacks(execute=True):
        assert addresses.release("litia@example.org", by=by) == 1
    assert told(mail) == (MailState.QUEUED, "Litia@example.org", [What.RELEASED])
    assert mail.held_for == "" and mail.events.get().by == by
    assert told(other)[0] == MailState.HELD
    assert unannounced == [mail.pk]


def test_what_waits_for_a_reader_is_not_let_go_with_it(write):
    mail = write(MailState.HELD, held_for="review")
    assert addresses.release(mail.to, by=None) == 0
    assert addresses.sweep() == 0


@pytest.mark.parametrize("kind", ["rejected", "seat_offered"])
def test_what_no_longer_holds_is_stopped_instead(write, kind):
    mail = held(write, kind=kind)
    assert addresses.release(mail.to, by=None) == 0
    assert told(mail) == (MailState.CANCELLED, mail.to, [What.STOPPED])


def test_a_seat_still_on_offer_is_offered_when_the_address_works(write):
    registration = RegistrationFactory(status=Status.WAITLISTED)
    later = timezone.now() + datetime.timedelta(hours=5)
    SeatOffer.objects.create(registration=registration, expires_at=later)
    mail = held(write, registration=registration, kind="seat_offered")
    assert addresses.release(mail.to, by=None) == 1


@pytest.mark.parametrize("kind", ["sign_in", "change_code", "password_reset"])
def test_a_code_for_which_nobody_waits_any_more_is_stopped(write, kind):
    fresh, old = held(write, kind=kind), held(write, kind=kind)
    OutgoingMail.objects.filter(pk=old.pk).update(created_at=timezone.now() - datetime.timedelta(minutes=21))
    assert addresses.release(fresh.to, by=None) == 1
    assert told(fresh)[0] == MailState.QUEUED
    assert told(old)[0] == MailState.CANCELLED


def test_the_sweep_finds_what_was_held_in_the_moment_of_the_correction(write):
    mail, stays = held(write), held(write, to="gone@example.org")
    UnreachableAddress.objects.create(email="gone@example.org", why="bounced")
    assert addresses.sweep() == 1
    assert told(mail)[0] == MailState.QUEUED
    assert told(stays)[0] == MailState.HELD


def test_a_wrong_address_of_a_delegate_keeps_no_colleague_from_signing_in(write):
    mark_wrong("litia@example.org")
    signing_in = write(MailState.QUEUED, to="litia@example.org", kind="sign_in", registration=RegistrationFactory())
    OutgoingMail.objects.filter(pk=signing_in.pk).update(registration=None)
    about = write(MailState.QUEUED, to="litia@example.org")
    assert OutgoingMail.objects.claim(signing_in.pk) is not None
    assert OutgoingMail.objects.claim(about.pk) is None
    assert addresses.sweep() == 0  # and what was held stays held


def correct(registration, email, by):
    return workflow.edit(registration.pk, {"email": email}, by=by, needs_word=by is None)


def test_a_corrected_address_brings_what_was_held(write):
    registration = RegistrationFactory(email="litia@example.org", status=Status.APPROVED)
    mail = held(write, registration=registration, kind="programme_changed")
    by = UserFactory()
    correct(registration, "litia@fiji.example", by)
    assert told(mail) == (MailState.QUEUED, "litia@fiji.example", [What.READDRESSED, What.RELEASED])
    assert {event.by for event in mail.events.all()} == {by}


def test_news_that_is_told_anew_with_a_working_link_is_not_told_twice(write):
    registration = RegistrationFactory(email="litia@example.org", status=Status.APPROVED)
    mail = held(write, registration=registration, kind="approved")
    correct(registration, "litia@fiji.example", UserFactory())
    mail.refresh_from_db()
    assert mail.state == MailState.CANCELLED
    waiting = OutgoingMail.objects.filter(registration=registration, state=MailState.QUEUED)
    assert list(waiting.values_list("kind", "to")) == [("approved", "litia@fiji.example")]


def test_whoever_puts_their_own_address_right_gets_what_was_held(write):
    registration = RegistrationFactory(email="litia@example.org")
    mail = held(write, registration=registration)
    correct(registration, "litia@fiji.example", None)
    assert told(mail)[:2] == (MailState.QUEUED, "litia@fiji.example")


def test_a_correction_to_another_address_that_does_not_work_is_held_again(write):
    registration = RegistrationFactory(email="litia@example.org")
    mail = held(write, registration=registration)
    UnreachableAddress.objects.create(email="litia@fiji.example", why="bounced")
    correct(registration, "litia@fiji.example", None)
    assert outbox.deliver(mail.pk) is None
    assert told(mail)[0] == MailState.HELD


def test_a_failed_message_is_overtaken_by_the_one_that_says_the_same_to_the_right_address(write):
    registration = RegistrationFactory(email="litia@example.org")
    mail = write(MailState.FAILED, registration=registration)
    correct(registration, "litia@fiji.example", UserFactory())
    assert told(mail)[0] == MailState.CANCELLED
    assert registration.outgoing_mails.get(state=MailState.QUEUED).to == "litia@fiji.example"


def test_what_else_has_failed_goes_to_the_right_address(write):
    registration = RegistrationFactory(email="litia@example.org")
    mail = write(MailState.FAILED, registration=registration, kind="letter_ready")
    correct(registration, "litia@fiji.example", UserFactory())
    assert told(mail) == (MailState.QUEUED, "litia@fiji.example", [What.READDRESSED, What.AGAIN])
