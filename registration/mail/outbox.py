"""The transactional outbox: a message is a row first, written with the decision it tells of, and sent afterwards.

    queued -> sending -> sent
           -> cancelled               its decision was undone, or a person stopped it
                      -> queued again, later      the server said "not now", or could not be reached
                      -> failed                   the server said "never", or the attempts are used up
                      -> stuck                    nobody knows whether the server has it: a human decides

`queue` is called inside the transaction of a move, `deliver` by a worker for one row, `sweep` by beat for what no
worker was told of. All of them may be called any number of times.
"""

import datetime
import random
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict

import structlog
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from meeting.models import Meeting, User
from registration.models import Invitation, MailState, OutgoingMail, Registration

from . import links
from .broker import publisher
from .message import compose
from .postbox import postbox
from .readers import readers_of
from .rendering import render, render_for
from .verdict import Verdict, explain, judge

# How long to wait after the first, second ... failed attempt: ten attempts over two days, so that a mail server may be
# away for a weekend.
DELAYS = tuple(
    datetime.timedelta(minutes=m) for m in (0.25, 1, 5, 15, 60, 3 * 60, 6 * 60, 12 * 60, 24 * 60)
)  # fmt: skip
ATTEMPTS = len(DELAYS) + 1
ABANDONED_AFTER = datetime.timedelta(minutes=10)  # longer than any delivery; its worker is gone
GRACE = datetime.timedelta(seconds=10)  # in which a fresh message is left to the worker that was told of it
SWEEP_SECONDS = 12.0  # so that one sweep is over when the next begins
SWEEP_LIMIT = 3000
# What tells of a decision: overtaken by the next one while it waits.
DECISIONS = ("approved", "rejected", "returned", "waitlisted", "withdrawn", "unapproved")
ENOUGH = 20
TOGETHER_SECONDS = 45.0  # far from the time limit of a task, even if the last one is slow

_together: ContextVar[list[int] | None] = ContextVar("together", default=None)
log = structlog.get_logger("placard.mail")


def queue(
    kind: str,
    registration: Registration,
    *,
    key: str,
    with_calendar: bool = False,
    values: Mapping[str, object] | None = None,
    hold_until: datetime.datetime | None = None,
) -> OutgoingMail | None:
    """Write the message `kind` about `registration`, once for each `key`, to be sent when the transaction commits.

    It goes to the delegate; where no mail may reach the person, to each focal point of the delegation, and where there
    is none, to nobody. `values` are what the template needs beyond the registration. Until `hold_until` it waits, and
    the decision it tells of can be undone. Returns the first message. Where `key` is there already nothing is written;
    the message returned then has the number of the first one.
    """
    first = None
    for n, reader in enumerate(readers_of(registration)):
        mail = OutgoingMail(
            key=f"{key}-{n}" if n else key,
            registration=registration,
            focal_user=reader.user,
            with_calendar=with_calendar,
            not_before=hold_until or timezone.now(),
            **_addressed(kind, registration.meeting, reader.email, reader.language),
            **asdict(render(kind, registration, reader, values or {})),
        )
        first = first or _store(mail)
    return first


def queue_to(
    kind: str,
    *,
    key: str,
    meeting: Meeting,
    to: str,
    language: str,
    values: dict[str, object],
    focal_user: User | None = None,
    invitation: Invitation | None = None,
) -> OutgoingMail:
    """The same for a message that is about no single registration: to a focal point, or to an invited entity.

    Its template's private link answers the `invitation`, else signs `focal_user` in.
    """
    return _store(
        OutgoingMail(
            key=key,
            focal_user=focal_user,
            invitation=invitation,
            **_addressed(kind, meeting, to, language),
            **asdict(render_for(kind, meeting, language, values)),
        )
    )


def _addressed(kind: str, meeting: Meeting, to: str, language: str) -> dict[str, object]:
    return {"kind": kind, "meeting": meeting, "to": to, "language": language, "reply_to": meeting.contact_email}


def _store(mail: OutgoingMail) -> OutgoingMail:
    # get_or_create in one statement: the "update" sets the key to itself, for only then the number comes back.
    OutgoingMail.objects.bulk_create([mail], update_conflicts=True, unique_fields=["key"], update_fields=["key"])
    if mail.not_before <= timezone.now():
        announce(mail.pk)  # what is held back is found by the sweep when its time has come
    return mail


def overtake(registration: Registration) -> int:
    """Stop what waits to tell of an earlier decision on `registration`; of how many messages. Inside a move."""
    waiting = OutgoingMail.objects.filter(registration=registration, kind__in=DECISIONS, state=MailState.QUEUED)
    return waiting.update(state=MailState.CANCELLED)


def stop(key: str) -> bool:
    """Stop the messages of one event; False, and nothing is stopped, when one of them is on its way already."""
    ours = OutgoingMail.objects.filter(Q(key=key) | Q(key__startswith=f"{key}-"))
    states = dict(ours.select_for_update().values_list("pk", "state"))
    if set(states.values()) - {MailState.QUEUED}:
        return False
    ours.update(state=MailState.CANCELLED)
    return True


def stop_one(mail: OutgoingMail) -> bool:
    """Stop one message, whatever else there is; False when it has left, or is leaving."""
    ours = OutgoingMail.objects.filter(pk=mail.pk, state=MailState.QUEUED)
    return bool(ours.update(state=MailState.CANCELLED))


@transaction.atomic
def hurry(mail: OutgoingMail, *, together: str) -> bool:
    """Send what waits under the key `together`, each reader's copy, at once; False where `mail` does not wait."""
    ours = OutgoingMail.objects.filter(Q(key=together) | Q(key__startswith=f"{together}-"), state=MailState.QUEUED)
    waiting = list(ours.filter(registration=mail.registration_id).select_for_update().values_list("pk", flat=True))
    OutgoingMail.objects.filter(pk__in=waiting).update(not_before=timezone.now())
    for pk in waiting:
        announce(pk)
    return mail.pk in waiting


def repeat(mail: OutgoingMail, *, to: str, key: str) -> OutgoingMail:
    """The same words in a message of its own, whose private link is new."""
    again = OutgoingMail(
        key=key, registration_id=mail.registration_id, meeting_id=mail.meeting_id, focal_user_id=mail.focal_user_id,
        kind=mail.kind, to=to, reply_to=mail.reply_to, language=mail.language, subject=mail.subject, text=mail.text,
        html=mail.html, with_calendar=mail.with_calendar,
    )  # fmt: skip
    return _store(again)


@contextmanager
def announced_together() -> Iterator[None]:
    """In a transaction: all messages that are written in this block are announced as one piece of work.

    A message that is rolled back after all is announced for nothing: nobody finds it.
    """
    mail_ids: list[int] = []
    token = _together.set(mail_ids)
    try:
        yield
    finally:
        _together.reset(token)
    if mail_ids:
        transaction.on_commit(lambda: publisher.announce("send_mails", *mail_ids), robust=True)


def announce(mail_id: int) -> None:
    """Tell a worker after the commit. A lambda, because Django 5.2 cannot log the failure of a partial."""
    if (together := _together.get()) is not None:
        together.append(mail_id)
        return
    transaction.on_commit(lambda: publisher.send_mail(mail_id), robust=True)


def deliver(mail_id: int) -> MailState | None:
    """Send one message, unless it is not due or somebody else has taken it (None). Raises nothing the server causes."""
    taken = _take(mail_id)
    if taken is None:
        return None
    mail, key = taken
    try:
        postbox.send(compose(mail, key))
    except Exception as error:
        return _failed(mail, key, error)
    return _settle(mail, MailState.SENT, sent_at=timezone.now(), last_error="")


def deliver_several(mail_ids: Iterable[int]) -> None:
    """One after the other; where the server is slow the sweep takes the rest."""
    deadline = time.monotonic() + TOGETHER_SECONDS
    for mail_id in mail_ids:
        if time.monotonic() < deadline:
            deliver(mail_id)


def sweep() -> int:
    """Deliver what is due and was not picked up, oldest first, here and now; the number of messages sent.

    Nothing is published again, so a backlog cannot grow by being swept. Ends for this time when many messages in a row
    come back: the server is away, and the others would only use up their attempts.
    """
    _mark_abandoned()
    sent = came_back = 0
    deadline = time.monotonic() + SWEEP_SECONDS
    for mail_id in _overlooked():
        state = deliver(mail_id)
        sent += state == MailState.SENT
        came_back = came_back + 1 if state == MailState.QUEUED else 0
        if came_back == ENOUGH or time.monotonic() > deadline:
            break
    return sent


@transaction.atomic
def send_again(mail_id: int) -> bool:
    """Put a failed or stuck message back into the queue, on the word of a human; False when it is neither."""
    changed = OutgoingMail.objects.filter(pk=mail_id, state__in=[MailState.FAILED, MailState.STUCK]).update(
        state=MailState.QUEUED, attempts=0, not_before=timezone.now(), last_error=""
    )
    if changed:
        announce(mail_id)
    return bool(changed)


@transaction.atomic
def _take(mail_id: int) -> tuple[OutgoingMail, str] | None:
    """Claim the message and make the key for its private link, committed before the first word with the server."""
    mail = OutgoingMail.objects.claim(mail_id)
    return (mail, links.issue(mail)) if mail else None


def _failed(mail: OutgoingMail, key: str, error: Exception) -> MailState:
    verdict = judge(error)
    if verdict is Verdict.UNCLEAR:
        return _settle(mail, MailState.STUCK, last_error=explain(error))  # its link may have been received: it stays
    links.revoke(key)
    if verdict is Verdict.GIVE_UP or mail.attempts >= ATTEMPTS:
        return _settle(mail, MailState.FAILED, last_error=explain(error))
    later = timezone.now() + DELAYS[mail.attempts - 1] * random.uniform(0.9, 1.1)  # noqa: S311
    return _settle(mail, MailState.QUEUED, not_before=later, last_error=explain(error))


def _settle(mail: OutgoingMail, state: MailState, **values: object) -> MailState:
    OutgoingMail.objects.filter(pk=mail.pk, state=MailState.SENDING).update(state=state, **values)
    level = "info" if state == MailState.SENT else "warning"
    getattr(log, level)("mail", mail=mail.pk, kind=mail.kind, state=str(state), attempt=mail.attempts)
    return state


def _mark_abandoned() -> None:
    """Messages whose worker was killed: it may have sent them, so nobody sends them again unasked."""
    before = timezone.now() - ABANDONED_AFTER
    OutgoingMail.objects.filter(state=MailState.SENDING, claimed_at__lt=before).update(
        state=MailState.STUCK, last_error="The worker ended while it was sending this message."
    )


def _overlooked() -> list[int]:
    """Due messages nobody is about to take: retries, which are never announced, and old ones."""
    due = OutgoingMail.objects.due()
    before = timezone.now() - GRACE  # what was held back is old when its time comes
    old = due.filter(Q(not_before__lte=before) | Q(created_at__lte=before))
    return list((due.filter(attempts__gt=0) | old).order_by("not_before").values_list("pk", flat=True)[:SWEEP_LIMIT])
