"""What follows from an address that does not work: who is told, what is forgotten, what happens at the same time."""

import datetime
import threading

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from registration.bounces import effects, forgetting, refused, telling
from registration.bounces.addresses import mark_wrong, works_again
from registration.bounces.receiving import receive
from registration.bounces.report import Outcome, Report
from registration.mail import addresses, outbox
from registration.models import FocalPoint, MailState, OutgoingMail, Status, UnreachableAddress
from tests.factories import RegistrationFactory, UserFactory
from tests.registration.bounces import samples

pytestmark = pytest.mark.django_db
DEAD = Report(Outcome.FAILED, "5.1.1", "550 5.1.1 no such user")


def looked_after(registration, **values):
    user = values.pop("user", None) or UserFactory(is_staff=False)
    return FocalPoint.objects.create(delegation=registration.delegation, user=user, **values)


def told():
    return OutgoingMail.objects.filter(kind="address_returned")


# Who is told


def test_each_focal_point_is_told_once_and_nothing_of_the_message(write):
    mail = write(subject="You are approved")
    focal = looked_after(mail.registration)
    looked_after(mail.registration, language="ar")
    effects.apply(mail.pk, DEAD)
    UnreachableAddress.objects.all().delete()
    effects.apply(mail.pk, Report(Outcome.FAILED, "5.1.1", "another answer"))
    assert told().count() == 2
    message = told().get(to=focal.user.email)
    assert (message.registration, message.focal_user) == (None, focal.user)
    for part in (message.subject, message.text, message.html):
        assert "You are approved" not in part and "litia@" not in part and "550" not in part
    assert mail.registration.printed_name in message.text


def test_in_arabic_the_message_is_written_from_right_to_left(write):
    mail = write()
    looked_after(mail.registration, language="ar")
    telling.tell(mail)
    assert 'dir="rtl"' in told().get().html


@pytest.mark.parametrize(
    "values",
    [
        {"status": Status.REJECTED, "status_reason": "No."},
        {"status": Status.WITHDRAWN},
        {"quiet_status": Status.WITHDRAWN, "quiet_until": timezone.now() + datetime.timedelta(hours=1)},
    ],
)
def test_of_whom_does_not_come_nobody_is_told(write, values):
    registration = RegistrationFactory(email="litia@example.org", **values)
    looked_after(registration)
    effects.apply(write(registration=registration).pk, DEAD)
    assert not told().exists()


def test_a_notice_that_comes_back_itself_tells_nobody(write):
    mail = write()
    first, second = looked_after(mail.registration), looked_after(mail.registration)
    effects.apply(mail.pk, DEAD)
    notice = told().get(to=first.user.email)
    OutgoingMail.objects.filter(pk=notice.pk).update(state=MailState.SENT, sent_at=timezone.now())
    effects.apply(notice.pk, DEAD)
    assert told().count() == 2
    assert UnreachableAddress.objects.filter(email=first.user.email).exists()
    assert second.pk


def test_whoever_shares_the_address_is_not_told_there(write):
    mail = write()
    looked_after(mail.registration, user=UserFactory(email="LITIA@example.org", is_staff=False))
    effects.apply(mail.pk, DEAD)
    assert not told().exists()


def test_an_old_address_is_nobody_s_any_more(write):
    mail = write()
    looked_after(mail.registration)
    mail.registration.email = "new@example.org"
    mail.registration.save()
    effects.apply(mail.pk, DEAD)
    assert not told().exists()


# Refused while we are talking


def test_an_address_refused_at_once_is_known_too(write):
    mail = write(MailState.FAILED, last_error="550 5.1.1 <***>: user unknown", claimed_at=timezone.now())
    focal = looked_after(mail.registration)
    assert refused.sweep() == 1
    assert UnreachableAddress.objects.get().answer == "550 5.1.1 <***>: user unknown"
    assert told().get().to == focal.user.email
    works_again(mail.registration, by=UserFactory())
    assert refused.sweep() == 0  # somebody has said that it works


@pytest.mark.parametrize(
    "said",
    ["552 5.2.2 mailbox full", "554 5.7.1 spam", "451 4.7.1 later", "The mail server does not accept us: 535 no"],
)
def test_what_is_refused_for_another_reason_says_nothing_against_the_address(write, said):
    write(MailState.FAILED, last_error=said, claimed_at=timezone.now())
    assert refused.sweep() == 0
    assert not UnreachableAddress.objects.exists()


# Forgetting


def test_an_address_is_forgotten_after_a_year():
    mark_wrong("old@example.org")
    UnreachableAddress.objects.update(since=timezone.now() - forgetting.KEPT - datetime.timedelta(hours=1))
    mark_wrong("young@example.org")
    assert forgetting.forget() == 1
    assert UnreachableAddress.objects.get().email == "young@example.org"


# At the same time


def at_once(*acts):
    """Each act in a connection of its own, started together; what each returned, or raised."""
    barrier, results = threading.Barrier(len(acts)), [None] * len(acts)

    def run(n, act):
        try:
            barrier.wait(timeout=10)
            results[n] = act()
        except Exception as error:
            results[n] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(n, act)) for n, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return results


@pytest.mark.django_db(transaction=True)
def test_the_same_report_from_four_sides_takes_effect_once(write):
    mail = write()
    looked_after(mail.registration)
    assert sorted(at_once(*[lambda: effects.apply(mail.pk, DEAD)] * 4)) == [False, False, False, True]
    assert (mail.events.count(), UnreachableAddress.objects.count(), told().count()) == (1, 1, 1)


@pytest.mark.django_db(transaction=True)
def test_two_messages_to_one_address_come_back_at_once(write):
    one = write()
    other = write(registration=one.registration)
    looked_after(one.registration)
    assert at_once(lambda: effects.apply(one.pk, DEAD), lambda: effects.apply(other.pk, DEAD)) == [True, True]
    assert (UnreachableAddress.objects.count(), told().count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_a_bounce_that_overtakes_the_worker_stays(write, monkeypatch, settings):
    """The server has taken the message and sends it back before the worker has written down that it left."""
    settings.MAIL_BOUNCE_ADDRESS = "bounces@placard.example"
    mail = write(MailState.QUEUED)

    def taken_and_returned(message):
        assert receive(samples.postfix(mail)).value == "applied"

    monkeypatch.setattr("registration.mail.delivery.postbox.send", taken_and_returned)
    outbox.deliver(mail.pk)
    mail.refresh_from_db()
    assert mail.state == MailState.BOUNCED


@pytest.mark.django_db(transaction=True)
def test_held_in_the_moment_in_which_the_address_works_again_is_never_held_for_good(write):
    for _n in range(5):
        mail = write(MailState.QUEUED)
        addresses.mark(mail.to)
        registration, by = mail.registration, UserFactory()
        outcomes = at_once(
            lambda mail=mail: OutgoingMail.objects.claim(mail.pk),
            lambda registration=registration, by=by: works_again(registration, by=by),
        )
        assert not any(isinstance(outcome, Exception) for outcome in outcomes)
        addresses.sweep()
        mail.refresh_from_db()
        assert mail.state in (MailState.QUEUED, MailState.SENDING)


@pytest.mark.django_db(transaction=True)
def test_a_claim_that_waited_for_a_correction_sees_the_new_address(write):
    mail = write(MailState.QUEUED)
    addresses.mark(mail.to)
    claimed = []

    def claim():
        claimed.append(OutgoingMail.objects.claim(mail.pk))
        connections.close_all()

    with transaction.atomic():
        OutgoingMail.objects.filter(pk=mail.pk).update(to="litia@fiji.example")
        worker = threading.Thread(target=claim)
        worker.start()
        _wait_until_somebody_waits()
    worker.join(timeout=10)
    assert claimed[0] is not None and claimed[0].to == "litia@fiji.example"


def _wait_until_somebody_waits():
    for _n in range(100):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
        threading.Event().wait(0.05)
    raise AssertionError("nobody waits for the row")
