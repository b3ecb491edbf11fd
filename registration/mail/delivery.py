"""Sending what is due: one message after the other over one line, what somebody waits for at a screen first.

Each message is claimed, handed over and settled, and the next is claimed in the transaction that settles it: one commit
for each message, and only the one on the wire is in doubt when a worker is killed.
"""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone

from registration.models import MailEvent, MailState, OutgoingMail, Urgency

from . import addresses, links, pacing
from .acts import OVER
from .message import compose
from .postbox import SHUT_FOR, postbox
from .verdict import Verdict, asks_to_slow_down, explain, judge, wait

ABANDONED_AFTER = datetime.timedelta(minutes=10)  # longer than any delivery; its worker is gone
GRACE = datetime.timedelta(seconds=10)  # in which a fresh message is left to the worker that was told of it
SWEEP_SECONDS = 12.0  # so that one sweep is over when the next begins
RUN_SECONDS = (
    10.0  # other work of the same worker waits no longer; one slow conversation more is far from a task's limit
)
ENOUGH = 20  # messages that come back in a row: the server takes nothing now
WORKER_GONE = "The worker ended while it was sending this message."

Claim = Callable[[], OutgoingMail | None]
log = structlog.get_logger("placard.mail")


@dataclass(frozen=True)
class Taken:
    """A message that is ours to send, with the key for its private link."""

    mail: OutgoingMail
    key: str


class Faulty(Exception):
    """No message can be made of this row; the cause says why."""

    def __init__(self, mail: OutgoingMail) -> None:
        self.mail = mail


def deliver(mail_id: int) -> MailState | None:
    """Send one message, unless it is not due or somebody else has taken it (None). Raises nothing the server causes."""
    return _Run(lambda: OutgoingMail.objects.claim(mail_id), most=1).go()


def deliver_and_more(mail_id: int) -> int:
    """The same, and then whatever else is due, for a while: the line is open. How many were refused for good."""
    run = _Run(lambda: OutgoingMail.objects.claim(mail_id), then=_next_due, seconds=RUN_SECONDS)
    run.go()
    return run.given_up


def deliver_due() -> int:
    """What is due, for a while; the sweep takes the rest. How many were refused for good."""
    run = _Run(_next_due, seconds=RUN_SECONDS)
    run.go()
    return run.given_up


def sweep() -> int:
    """Deliver what is due and was not picked up, here and now; the number of messages sent.

    Nothing is published again, so a backlog cannot grow by being swept. Ends for this time when many messages in a row
    come back: the server is away, and the others would only use up their attempts.
    """
    _mark_abandoned()
    run = _Run(lambda: OutgoingMail.objects.claim_next(left_for=GRACE), seconds=SWEEP_SECONDS)
    run.go()
    return run.sent


def _next_due() -> OutgoingMail | None:
    return OutgoingMail.objects.claim_next()


class _Run:
    """One message after the other, as `claim` finds them; after the first as `then` does, where it is given."""

    def __init__(
        self, claim: Claim, *, then: Claim | None = None, seconds: float = 0.0, most: int | None = None
    ) -> None:
        self.claim, self.then, self.most = claim, then, most
        self.deadline = time.monotonic() + seconds
        self.sent = self.done = self.in_vain = self.given_up = 0

    def go(self) -> MailState | None:
        """What became of the last one; None when there was none."""
        state = None
        taken = None if postbox.is_shut else self._take()
        while taken is not None:
            error = _hand_over(taken)
            self._count(error)
            state, following = self._settle_and_take(taken, error)
            self.given_up += state == MailState.FAILED
            _tell(taken.mail, state, error)
            taken = following
        return state

    def _count(self, error: Exception | None) -> None:
        self.done += 1
        self.sent += error is None
        self.in_vain = self.in_vain + _weight(error) if error else 0
        self.claim = self.then or self.claim

    def _goes_on(self) -> bool:
        is_over = self.done == self.most or self.in_vain >= ENOUGH or time.monotonic() > self.deadline
        return not (is_over or postbox.is_shut)

    def _settle_and_take(self, taken: Taken, error: Exception | None) -> tuple[MailState, Taken | None]:
        if not self._goes_on():
            return _settle(taken, error), None
        try:
            with transaction.atomic():
                state, (following, more) = _settle(taken, error), self._claim()
        except Exception:  # of the next one: what became of this one is written down whatever ails the other
            state, following, more = _settle(taken, error), None, True
        return state, following or (self._take() if more else None)

    def _take(self) -> Taken | None:
        """The next one that can be sent; None when there is no other, or no time."""
        more = True
        while more:
            try:
                with transaction.atomic():
                    taken, more = self._claim()
            except Faulty as fault:
                _set_aside(fault)
                continue
            if taken is not None or not self._goes_on():
                return taken
        return None

    def _claim(self) -> tuple[Taken | None, bool]:
        """The next one, committed before the first word with the server; where it is none to send, whether there may
        be another."""
        mail = self.claim()
        if mail is None:
            return None, False
        if not _is_wanted(mail) or not pacing.has_its_turn(mail):
            return None, True
        try:
            return Taken(mail, links.issue(mail)), True
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:
            raise Faulty(mail) from error


def _is_wanted(mail: OutgoingMail) -> bool:
    """What has waited may have been overtaken: a decision taken back, a seat given away, a code nobody waits for."""
    has_waited = mail.attempts > 1 or mail.last_error or mail.urgency == Urgency.AT_ONCE
    if not has_waited or addresses.still_holds(mail):
        return True
    OutgoingMail.objects.filter(pk=mail.pk).update(state=MailState.CANCELLED)
    mail.events.create(what=MailEvent.What.STOPPED, text=OVER)
    return False


def _set_aside(fault: Faulty) -> None:
    """As after any other failed attempt, so that it keeps nobody else waiting."""
    log.error("mail cannot be made", mail=fault.mail.pk, kind=fault.mail.kind, exc_info=fault.__cause__)
    mail = OutgoingMail.objects.claim(fault.mail.pk)
    if mail is not None and isinstance(fault.__cause__, Exception):
        _settle(Taken(mail, ""), fault.__cause__)


def _hand_over(taken: Taken) -> Exception | None:
    """What went wrong; None when the server has taken it."""
    try:
        postbox.send(compose(taken.mail, taken.key))
    except Exception as error:
        if judge(error) is Verdict.OURS:
            postbox.shut(SHUT_FOR)
        return error
    return None


def _weight(error: Exception) -> int:
    """How much this speaks for a server that takes nothing now. What is in doubt counts most: nobody sends it again."""
    return {Verdict.GIVE_UP: 0, Verdict.UNCLEAR: ENOUGH // 3 + 1}.get(judge(error), 1)


@transaction.atomic(savepoint=False)
def _settle(taken: Taken, error: Exception | None) -> MailState:
    if error is None:
        return _write(taken.mail, MailState.SENT, sent_at=timezone.now(), last_error="")
    verdict, said = judge(error), explain(error)
    if verdict is not Verdict.OURS or said != taken.mail.last_error:
        taken.mail.events.create(what=MailEvent.What.TRIED, text=said)
    if verdict is Verdict.UNCLEAR:
        return _write(taken.mail, MailState.STUCK, last_error=said)  # its link may have been received: it stays
    links.revoke(taken.key)
    tried = taken.mail.attempts - (verdict is Verdict.OURS)
    pause = wait(verdict, tried)
    if pause is None:
        return _write(taken.mail, MailState.FAILED, last_error=said)
    return _write(taken.mail, MailState.QUEUED, not_before=timezone.now() + pause, attempts=tried, last_error=said)


def _write(mail: OutgoingMail, state: MailState, **values: object) -> MailState:
    """Also where it was given up for lost meanwhile; not where somebody else has taken it since."""
    ours = OutgoingMail.objects.filter(pk=mail.pk, state__in=[MailState.SENDING, MailState.STUCK])
    ours.filter(claimed_at=mail.claimed_at).update(state=state, **values)
    return state


def _tell(mail: OutgoingMail, state: MailState, error: Exception | None) -> None:
    """The log, and what the domain of the reader lets us do next."""
    level = "info" if state == MailState.SENT else "warning"
    getattr(log, level)("mail", mail=mail.pk, kind=mail.kind, state=str(state), attempt=mail.attempts)
    if error is None:
        pacing.ease(mail.domain)
    elif asks_to_slow_down(error):
        pacing.slow_down(mail.domain)


def _mark_abandoned() -> None:
    """Messages whose worker was killed: it may have sent them, so nobody sends them again unasked."""
    gone = OutgoingMail.objects.filter(
        state=MailState.SENDING, claimed_at__lt=timezone.now() - ABANDONED_AFTER
    ).values_list("pk", flat=True)
    for pk in gone:
        _give_up_for_lost(pk)


@transaction.atomic
def _give_up_for_lost(pk: int) -> None:
    lost = OutgoingMail.objects.filter(pk=pk, state=MailState.SENDING)
    if lost.filter(claimed_at__lt=timezone.now() - ABANDONED_AFTER).update(
        state=MailState.STUCK, last_error=WORKER_GONE
    ):
        MailEvent.objects.create(mail_id=pk, what=MailEvent.What.TRIED, text=WORKER_GONE)
