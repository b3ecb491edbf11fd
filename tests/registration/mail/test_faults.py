"""Two thousand messages, a mail server that does everything it should not, and workers that are killed at random."""

import os
import random
import signal
import time
from collections import Counter
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from registration.bounces import refused
from registration.bounces.addresses import works_again_for
from registration.mail import acts, delivery, outbox, stages
from registration.mail.message import message_id
from registration.mail.stages import Stage
from registration.models import DomainPace, MailEvent, MailState, OutgoingMail, UnreachableAddress, Urgency
from tests.factories import RegistrationFactory, UserFactory

from .processes import Celery, wait_until
from .scripted import DROP, SILENCE, TAKEN

pytestmark = pytest.mark.django_db(transaction=True)

SEED = 20_080_918
MESSAGES, TOGETHER, DOMAINS = 2000, 50, 20
EVERY = (60, 120)  # messages between two kills
SECONDS = 240  # at most; about thirty where two cores are free
# What may happen at each step, and how often.
FAULTS = {
    "greeting": {"421 4.3.2 shutting down": 0.02, "554 5.7.1 not you": 0.01, "Good morning": 0.01, DROP: 0.02,
                 SILENCE: 0.005},
    "auth": {"535 5.7.8 wrong password": 0.03, "454 4.7.0 not now": 0.02, DROP: 0.01},
    "mail": {"421 4.7.0 too much": 0.004, "450 4.7.1 later": 0.004, "Who?": 0.002, DROP: 0.004, SILENCE: 0.0005},
    "rcpt": {"450 4.2.1 greylisted": 0.01, "432 4.3.2 too many lines": 0.004, "452 4.2.2 full": 0.004,
             "421 4.4.5 busy": 0.004, "550 5.1.1 nobody": 0.01, "552 5.3.4 message too large": 0.002, DROP: 0.004},
    "data": {"421 4.3.2 closing": 0.004, "451 4.3.0 later": 0.004, "554 5.7.1 no": 0.004, DROP: 0.004},
    "text": {"451 4.3.0 later": 0.004, "550 5.7.1 spam": 0.006, "421 4.3.2 closing": 0.004, DROP: 0.004,
             f"{TAKEN}{DROP}": 0.006, f"{TAKEN}{SILENCE}": 0.001, f"{TAKEN}Thanks": 0.004, f"{TAKEN}252 perhaps": 0.01},
}  # fmt: skip
# After these nobody can know whether the message was taken.
IN_DOUBT = (DROP, f"{TAKEN}{DROP}", f"{TAKEN}{SILENCE}", f"{TAKEN}Thanks")


def script(chance):
    def at(step):
        pick = chance.random()
        for answer, share in FAULTS[step].items():
            pick -= share
            if pick < 0:
                return answer
        return None

    return at


def write_all(registration):
    """As moves and campaigns write them: some at a time, told to the workers together."""
    written = []
    for start in range(0, MESSAGES, TOGETHER):
        with transaction.atomic():
            some = [a_message(registration, n) for n in range(start, start + TOGETHER)]
            outbox.store_many(some)
        written += some
    return written


def a_message(registration, n):
    return OutgoingMail(
        key=f"fault-{n}", kind="submitted", registration=registration, meeting=registration.meeting, language="en",
        to=f"reader-{n}@d{n % DOMAINS}.example.org", subject=f"No. {n}", text="Look: [[private link]]",
        html="<p>Look</p>", urgency=[Urgency.USUAL, Urgency.MANY, Urgency.MANY, Urgency.AT_ONCE][n % 4],
    )  # fmt: skip


class Killer:
    """Kills one process that does the work every hundred messages or so, and twice a whole worker; what has ended is
    started again."""

    def __init__(self, broker, chance, server):
        self.broker, self.chance, self.server = broker, chance, server
        self.kills = self.power_cuts = 0
        self.next = EVERY[0]
        self.workers = [self.started() for _ in range(2)]

    def started(self):
        return Celery(self.broker, "worker", "--concurrency", "2")

    def strike(self):
        self.workers = [worker if worker.process.poll() is None else self.started() for worker in self.workers]
        worker = self.chance.choice(self.workers)
        children = worker.children()
        if sum(self.server.taken.values()) < self.next or len(children) < 2:
            return
        self.next += self.chance.randint(*EVERY)
        self.kills += 1
        if self.kills % 8 == 0 and self.power_cuts < 2:
            self.power_cuts += 1
            worker.kill()
        else:
            os.kill(self.chance.choice(children), signal.SIGKILL)

    def end(self):
        for worker in self.workers:
            worker.kill()


def make_time_fly():
    """Waits are over as soon as they begin, and a worker that is gone is missed after some seconds."""
    now = timezone.now()
    DomainPace.objects.all().delete()
    OutgoingMail.objects.filter(state=MailState.QUEUED, not_before__gt=now).update(not_before=now)
    gone = OutgoingMail.objects.filter(state=MailState.SENDING, claimed_at__lt=now - timedelta(seconds=15))
    gone.update(claimed_at=now - delivery.ABANDONED_AFTER - timedelta(minutes=1))


def is_over():
    return not OutgoingMail.objects.filter(stages.at(*stages.ON_ITS_WAY)).exists()


def test_each_of_two_thousand_is_sent_once_or_named_as_unclear(broker, scripted):
    chance = random.Random(SEED)
    scripted.script = script(random.Random(SEED))
    registration, person = RegistrationFactory(), UserFactory()
    killer = Killer(broker, chance, scripted)
    try:
        with Celery(broker, "beat"):
            written = write_all(registration)
            deadline = time.monotonic() + SECONDS
            while not is_over() and time.monotonic() < deadline:
                killer.strike()
                make_time_fly()
                time.sleep(0.1)
            assert is_over(), stages.counted(OutgoingMail.objects.all())
            first_round = closing_ledger(scripted, written)
            # The server behaves, and a person sends again what it has refused, addresses that work now among it.
            scripted.script = lambda step: None
            while refused.sweep():
                pass
            for email in UnreachableAddress.objects.values_list("email", flat=True):
                works_again_for(registration.delegation, email, by=person)
            for mail in OutgoingMail.objects.filter(stages.at(Stage.FAILED)):
                assert acts.send_again(mail.pk)
            wait_until(is_over, 60)
    finally:
        killer.end()
    last = closing_ledger(scripted, written)
    assert set(last) == {MailState.SENT, MailState.STUCK}
    assert sum(last.values()) == MESSAGES
    assert killer.kills >= 12 and killer.power_cuts == 2, killer.kills
    doubts = sum(n for (step, answer), n in scripted.done.items() if step == "text" and answer in IN_DOUBT)
    # Each doubt has its cause: an answer that never came, or one message for each process that was killed.
    assert 0 < last[MailState.STUCK] <= doubts + killer.kills + 4 * killer.power_cuts
    assert first_round[MailState.FAILED] > 0
    seen = {step for step, _answer in scripted.done}
    assert seen == set(FAULTS), "each step went wrong at least once"


def closing_ledger(server, written):
    """How many are in each state, every one compared with what the server has taken."""
    states = dict(OutgoingMail.objects.values_list("pk", "state"))
    taken = Counter(server.taken)
    for mail in written:
        times, state = taken.pop(message_id(mail), 0), states[mail.pk]
        expected = {MailState.SENT: {1}, MailState.STUCK: {0, 1}, MailState.FAILED: {0}}
        assert times in expected[state], f"{mail.subject} is {state}, and was taken {times} times: {history(mail)}"
    assert not taken, "nothing else was sent"
    return Counter(states.values())


def history(mail):
    return list(MailEvent.objects.filter(mail=mail).values_list("what", "text"))
