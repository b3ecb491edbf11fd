"""What the mail server says, step by step, and what becomes of the message: nothing lost, nothing twice."""

import datetime
import os
import signal

import pytest
from django.utils import timezone

from registration.mail import delivery, outbox
from registration.mail.postbox import postbox
from registration.mail.verdict import OURS, WAITS, Verdict, wait
from registration.models import MailEvent, MailState, OutgoingMail
from registration.tasks import send_mail
from tests.factories import RegistrationFactory

from .processes import Celery, wait_until
from .scripted import DROP, SILENCE, TAKEN

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unannounced")]
RETRY, FAILED, STUCK, SENT = MailState.QUEUED, MailState.FAILED, MailState.STUCK, MailState.SENT


@pytest.fixture
def mail():
    return outbox.queue("submitted", RegistrationFactory(email="delegate@example.org"), key="event-1")


def tried(mail):
    return list(mail.events.filter(what=MailEvent.What.TRIED).values_list("text", flat=True))


@pytest.mark.parametrize(
    ("step", "says", "becomes", "taken", "attempts"),
    [
        ("greeting", "421 4.3.2 shutting down", RETRY, 0, 1),
        ("greeting", "554 5.7.1 not you", RETRY, 0, 0),
        ("greeting", "Good morning", RETRY, 0, 1),
        ("greeting", SILENCE, RETRY, 0, 1),
        ("greeting", DROP, RETRY, 0, 1),
        ("auth", "535 5.7.8 wrong password", RETRY, 0, 0),
        ("auth", "534 5.7.9 too weak", RETRY, 0, 0),
        ("auth", "454 4.7.0 not now", RETRY, 0, 1),
        ("mail", "530 5.7.0 sign in first", RETRY, 0, 0),
        ("mail", "553 5.1.8 not your address", RETRY, 0, 0),
        ("mail", "421 4.7.0 too much", RETRY, 0, 1),
        ("mail", "What?", RETRY, 0, 1),
        ("mail", SILENCE, RETRY, 0, 1),
        ("mail", "552 5.3.4 message size exceeds fixed limit", RETRY, 0, 1),
        ("rcpt", "450 4.2.1 greylisted", RETRY, 0, 1),
        ("rcpt", "421 4.4.5 busy", RETRY, 0, 1),
        ("rcpt", "432 4.3.2 too many lines", RETRY, 0, 1),
        ("rcpt", "550 5.1.1 nobody here", FAILED, 0, 1),
        ("rcpt", "554 5.3.4 Message is too large", RETRY, 0, 1),
        ("rcpt", DROP, RETRY, 0, 1),
        ("data", "421 4.3.2 closing", RETRY, 0, 1),
        ("data", "451 4.3.0 later", RETRY, 0, 1),
        ("data", "554 5.7.1 no", FAILED, 0, 1),
        ("data", "Well", RETRY, 0, 1),
        ("data", DROP, RETRY, 0, 1),
        ("text", "451 4.3.0 later", RETRY, 0, 1),
        ("text", "550 5.7.1 spam", FAILED, 0, 1),
        ("text", DROP, STUCK, 0, 1),
        ("text", SILENCE, STUCK, 0, 1),
        ("text", f"{TAKEN}{DROP}", STUCK, 1, 1),
        ("text", f"{TAKEN}{SILENCE}", STUCK, 1, 1),
        ("text", f"{TAKEN}Thanks", STUCK, 1, 1),
        ("text", f"{TAKEN}354 more", STUCK, 1, 1),
        ("text", f"{TAKEN}252 perhaps", SENT, 1, 1),
        ("text", f"{TAKEN}250 taken", SENT, 1, 1),
    ],
)
def test_each_answer_at_each_step(scripted, mail, step, says, becomes, taken, attempts):
    scripted.script = {step: says}.get
    assert outbox.deliver(mail.pk) == becomes
    mail.refresh_from_db()
    assert (mail.state, mail.attempts) == (becomes, attempts)
    assert sum(scripted.taken.values()) == taken
    assert len(tried(mail)) == (becomes != SENT), "each failed attempt is written down, and nothing else"
    assert (mail.not_before > timezone.now()) == (becomes == RETRY)
    scripted.script = lambda step: None
    assert outbox.sweep() == 0
    assert sum(scripted.taken.values()) == taken, "what is unclear, has failed or waits is left alone"


def test_server_that_answers_nobody_is_asked_by_one_message_and_keeps_no_worker(scripted, mail):
    """Each would wait for the time-out, and use up an attempt."""
    registration = RegistrationFactory()
    others = [outbox.queue("submitted", registration, key=f"other-{n}") for n in range(3)]
    scripted.script = {"greeting": SILENCE}.get
    assert outbox.deliver(mail.pk) == RETRY
    assert [outbox.deliver(other.pk) for other in others] == [None] * 3
    assert outbox.sweep() == 0
    assert scripted.lines == 1
    assert set(OutgoingMail.objects.exclude(pk=mail.pk).values_list("attempts", flat=True)) == {0}


@pytest.mark.parametrize("step", ["greeting", "auth", "mail"])
def test_what_was_put_off_is_sent_once_when_the_server_is_well(scripted, mail, step):
    scripted.script = {step: "421 4.3.2 shutting down"}.get
    outbox.deliver(mail.pk)
    scripted.script = lambda step: None
    OutgoingMail.objects.update(not_before=timezone.now())
    postbox.shut_until = 0
    assert outbox.sweep() == 1
    assert list(scripted.taken.values()) == [1]


def test_wrong_password_uses_nothing_up_and_is_not_tried_over_and_over(scripted, mail):
    other = outbox.queue("submitted", RegistrationFactory(), key="event-2")
    scripted.script = {"auth": "535 5.7.8 wrong password"}.get
    outbox.deliver(mail.pk)
    assert outbox.deliver(other.pk) is None, "an account would only be locked"
    assert (scripted.lines, outbox.sweep()) == (1, 0)
    for _ in range(20):
        OutgoingMail.objects.update(not_before=timezone.now() - datetime.timedelta(minutes=1))
        postbox.shut_until = 0
        outbox.sweep()
    mail.refresh_from_db()
    assert (mail.state, mail.attempts) == (RETRY, 0)
    assert mail.last_error == f"{OURS}535 5.7.8 wrong password"
    assert tried(mail) == [mail.last_error], "written down once, however long it lasts"


def test_line_serves_the_next_message_after_a_refusal(scripted, mail):
    scripted.script = {"rcpt": "550 5.1.1 nobody here"}.get
    outbox.deliver(mail.pk)
    scripted.script = lambda step: None
    outbox.deliver(outbox.queue("submitted", RegistrationFactory(), key="event-2").pk)
    assert (scripted.lines, sum(scripted.taken.values())) == (1, 1)


def test_old_line_on_which_the_server_says_421_costs_no_attempt(scripted, mail):
    outbox.deliver(mail.pk)
    answers = iter(["421 4.4.2 idle too long"])
    scripted.script = lambda step: next(answers, None) if step == "mail" else None
    other = outbox.queue("submitted", RegistrationFactory(), key="event-2")
    assert outbox.deliver(other.pk) == SENT
    assert (scripted.lines, tried(other)) == (2, [])


def test_success_writes_no_further_row(scripted, mail):
    outbox.deliver(mail.pk)
    assert not MailEvent.objects.exists()


def test_server_that_takes_and_hangs_up_is_left_before_many_are_in_doubt(scripted):
    registration = RegistrationFactory()
    for n in range(10):
        outbox.queue("submitted", registration, key=f"event-{n}")
    OutgoingMail.objects.update(not_before=timezone.now() - datetime.timedelta(minutes=1))
    scripted.script = {"text": f"{TAKEN}{DROP}"}.get
    outbox.sweep()
    assert OutgoingMail.objects.filter(state=STUCK).count() == 3


def test_too_large_is_given_up_sooner(scripted, mail):
    scripted.script = {"rcpt": "552 5.3.4 Message size exceeds limit"}.get
    states = []
    for _ in range(3):
        OutgoingMail.objects.update(not_before=timezone.now())
        states.append(outbox.deliver(mail.pk))
    assert states == [RETRY, RETRY, FAILED]


@pytest.mark.parametrize("verdict", WAITS)
def test_waits_grow_differ_each_time_and_end(verdict):
    waits = [wait(verdict, n) for n in range(1, len(WAITS[verdict]) + 1)]
    assert len(set(waits)) == len(waits)
    assert wait(verdict, len(waits) + 1) is None
    assert wait(verdict, 1) != wait(verdict, 1)
    if verdict is not Verdict.BUSY:  # those who were too many are scattered widely
        assert waits == sorted(waits)


def test_no_wait_is_longer_than_a_day_and_none_is_known_to_the_broker():
    assert max(max(waits) for waits in WAITS.values()) <= datetime.timedelta(days=1)


@pytest.mark.parametrize("name", ["Her Excellency Vuki " * 15, "ก" * 300, "a" * 300])
def test_name_of_300_characters_travels_in_every_place(sink, settings, name):
    """In the words, in both parts, in the subject, and as the name of the sender."""
    settings.DEFAULT_FROM_EMAIL = f'"{name}" <no-reply@example.org>'
    registration = RegistrationFactory(delegation__category__meeting__short_title=name[:60])
    mail = outbox.queue("submitted", registration, key="event-1")
    OutgoingMail.objects.update(html=f"<p>{name}</p>", text=f"Dear {name},", subject=name[:250])
    assert outbox.deliver(mail.pk) == SENT
    (raw,), (message,) = sink.handler.received, sink.messages
    assert max(map(len, raw.split(b"\r\n"))) <= 998, "no server takes longer lines"
    assert message["Subject"].strip() == name[:250].strip()
    assert message["From"].addresses[0].addr_spec == "no-reply@example.org"
    assert len(message["From"].addresses[0].display_name) <= 75
    assert name.strip() in message.get_body(("plain",)).get_content()
    assert name in message.get_body(("html",)).get_content()


@pytest.mark.django_db(transaction=True)
def test_worker_killed_between_the_answer_and_writing_it_down(scripted, broker):
    """The server has taken it; the worker ends before it can say so. Nobody sends it again by itself."""
    mail = outbox.queue("submitted", RegistrationFactory(), key="event-1")
    with Celery(broker, "worker", "--concurrency", "1") as worker:
        wait_until(worker.children)

        def kill(step):
            if step == "text":
                os.killpg(worker.process.pid, signal.SIGKILL)
                return f"{TAKEN}250 taken"
            return None

        scripted.script = kill
        send_mail.apply_async((mail.pk,))
        wait_until(lambda: scripted.taken, 60)
        worker.process.wait()
    assert OutgoingMail.objects.get().state == MailState.SENDING
    OutgoingMail.objects.update(claimed_at=timezone.now() - delivery.ABANDONED_AFTER - datetime.timedelta(seconds=1))
    scripted.script = lambda step: None
    assert outbox.sweep() == 0
    mail.refresh_from_db()
    assert (mail.state, mail.last_error) == (STUCK, delivery.WORKER_GONE)
    assert tried(mail) == [delivery.WORKER_GONE]
    assert list(scripted.taken.values()) == [1]


def test_message_that_cannot_be_made_keeps_nobody_waiting(sink, monkeypatch):
    registration = RegistrationFactory()
    bad = outbox.queue("change_code", registration, key="change-code-nonsense")
    good = outbox.queue("submitted", registration, key="event-1")
    due = timezone.now() - datetime.timedelta(minutes=1)
    OutgoingMail.objects.update(not_before=due)
    assert outbox.sweep() == 1
    bad.refresh_from_db()
    good.refresh_from_db()
    assert (good.state, bad.state, bad.attempts) == (SENT, RETRY, 1)
    assert bad.last_error == "ValueError"


def test_answer_that_comes_after_the_message_was_given_up_for_lost_still_counts(scripted, mail):
    """The worker was only slow: what it knows is better than what we feared."""
    run = delivery._Run(lambda: OutgoingMail.objects.claim(mail.pk), most=1)
    taken = run._take()
    OutgoingMail.objects.update(state=STUCK)
    delivery._settle(taken, None)
    mail.refresh_from_db()
    assert mail.state == SENT
    OutgoingMail.objects.update(state=MailState.SENDING, sent_at=None, claimed_at=timezone.now())
    delivery._settle(taken, None)
    mail.refresh_from_db()
    assert mail.state == MailState.SENDING, "somebody else has it now"
