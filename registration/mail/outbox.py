"""The transactional outbox: a message is a row first, written with the decision it tells of, and sent afterwards.

    queued -> sending -> sent -> delivered, or bounced     where the provider tells
           -> held                    until somebody has read it, or its address works; then queued
           -> cancelled               its decision was undone or overtaken, or a person stopped it
                      -> queued again, later      the server said "not now", or could not be reached
                      -> failed                   the server said "never", or the attempts are used up
                      -> stuck                    nobody knows whether the server has it: a human decides

Here messages are written, and stopped while they wait, inside the transaction of a move. `delivery` sends them, `acts`
is what a person does with one, `stages` says where one is. All may be called any number of times.
"""

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import asdict

from django.db import transaction
from django.db.models import Case, Exists, Q, QuerySet, Value, When
from django.utils import timezone

from meeting.models import Meeting, User
from registration.models import HeldFor, HeldKind, Invitation, MailEvent, MailState, OutgoingMail, Registration

from .acts import note
from .acts import send_again as send_again
from .broker import announce
from .broker import announced_together as announced_together
from .delivery import deliver as deliver
from .delivery import sweep as sweep
from .readers import readers_of
from .rendering import render, render_for
from .urgency import may_be_held, urgency_of

What = MailEvent.What
# What tells of a decision: overtaken by the next one while it waits.
DECISIONS = ("approved", "rejected", "returned", "waitlisted", "withdrawn", "unapproved")
# Stopped by the move that makes it untrue, and by whoever may stop it.
WAITING = (MailState.QUEUED, MailState.HELD)
OVERTAKEN = "A later decision made it untrue."

_not_written: ContextVar[list[OutgoingMail] | None] = ContextVar("not_written", default=None)


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
    about = {"kind": kind, "meeting": meeting, "to": to, "language": language, "reply_to": meeting.contact_email}
    return about | {"urgency": urgency_of(kind)}


@contextmanager
def written_together() -> Iterator[list[OutgoingMail]]:
    """In a transaction: what is queued in this block is written with one statement at its end.

    The list that it gives holds what is not written yet: whoever takes back what a message tells of takes it out.
    """
    mails: list[OutgoingMail] = []
    token = _not_written.set(mails)
    try:
        yield mails
    finally:
        _not_written.reset(token)
    store_many(mails)


def _store(mail: OutgoingMail) -> OutgoingMail:
    if (mails := _not_written.get()) is not None:
        mails.append(mail)
    else:
        store_many([mail])
    return mail


def store_many(mails: Sequence[OutgoingMail], *, tell: bool = True) -> None:
    """Write these messages, each once for its key, and tell a worker of what is due. Each gets its number.

    Whether they wait for a reader is found out in the same statement. Without `tell` the sweep finds them, nothing
    that somebody waits for stands behind them in the broker, and they are so many that it is asked once for all.
    """
    held = None if tell else set(HeldKind.objects.values_list("meeting", "kind"))
    for mail in mails:
        if held is None and may_be_held(mail.kind):
            mail.state, mail.held_for = _as_its_kind(mail)
        elif held and (mail.meeting_id, mail.kind) in held and may_be_held(mail.kind):
            mail.state, mail.held_for = MailState.HELD, HeldFor.REVIEW
    with announced_together() if len(mails) > 1 else nullcontext():
        _insert(mails, tell=tell)


def _insert(mails: Sequence[OutgoingMail], *, tell: bool = True) -> None:
    # get_or_create in one statement: the "update" sets the key to itself, for only then the number comes back.
    OutgoingMail.objects.bulk_create(mails, update_conflicts=True, unique_fields=["key"], update_fields=["key"])
    now = timezone.now()
    for mail in mails:
        for name in ("state", "held_for"):
            mail.__dict__.pop(name, None)  # read anew where somebody asks
        if tell and mail.not_before <= now:
            announce(mail.pk)  # what is held back is found by the sweep when its time has come


def _as_its_kind(mail: OutgoingMail) -> tuple[Case, Case]:
    """Queued, or held where organisers want to read messages of this kind before they leave."""
    is_read_first = Exists(HeldKind.objects.filter(meeting=mail.meeting_id, kind=mail.kind))
    return (
        Case(When(is_read_first, then=Value(MailState.HELD.value)), default=Value(MailState.QUEUED.value)),
        Case(When(is_read_first, then=Value(HeldFor.REVIEW.value)), default=Value("")),
    )


def is_read_first(meeting: Meeting, kinds: Iterable[str]) -> bool:
    """Whether messages of one of these kinds wait until somebody has read them."""
    return HeldKind.objects.filter(meeting=meeting, kind__in=list(kinds)).exists()


def overtake(registration: Registration) -> int:
    """Stop what waits to tell of an earlier decision on `registration`; of how many messages. Inside a move."""
    return _stop(OutgoingMail.objects.filter(registration=registration, kind__in=DECISIONS), OVERTAKEN)


def settled(registration: Registration, *, has_left: bool) -> int:
    """Stop reminders about `registration`, which has moved; and messages to many, where the person has left."""
    kinds = Q(kind__startswith="reminder_") | (Q(kind="campaign") if has_left else Q())
    return _stop(OutgoingMail.objects.filter(kinds, registration=registration), OVERTAKEN)


def stop_all(mails: QuerySet[OutgoingMail], *, why: str = "", by: User | None = None) -> int:
    """Stop what of `mails` has not left; of how many. Inside a transaction."""
    return _stop(mails, why, by)


def _stop(mails: QuerySet[OutgoingMail], why: str = "", by: User | None = None) -> int:
    waiting = list(mails.filter(state__in=WAITING).select_for_update().order_by("pk").values_list("pk", flat=True))
    if waiting:
        OutgoingMail.objects.filter(pk__in=waiting).update(state=MailState.CANCELLED, held_for="")
        note(waiting, What.STOPPED, by=by, text=why)
    return len(waiting)


def stop(key: str) -> bool:
    """Stop the messages of one event; False, and nothing is stopped, when one of them is on its way already."""
    ours = OutgoingMail.objects.filter(Q(key=key) | Q(key__startswith=f"{key}-"))
    states = dict(ours.select_for_update().values_list("pk", "state"))
    if set(states.values()) - set(WAITING):
        return False
    ours.update(state=MailState.CANCELLED, held_for="")
    return True


def stop_one(mail: OutgoingMail, *, by: User | None = None) -> bool:
    """Stop one message, whatever else there is; False when it has left, or is leaving. Inside a transaction."""
    return bool(_stop(OutgoingMail.objects.filter(pk=mail.pk), by=by))


@transaction.atomic
def hurry(mail: OutgoingMail, *, together: str, by: User | None = None) -> bool:
    """Send what waits under the key `together`, each reader's copy, at once; False where `mail` does not wait."""
    ours = OutgoingMail.objects.filter(Q(key=together) | Q(key__startswith=f"{together}-"), state=MailState.QUEUED)
    waiting = list(ours.filter(registration=mail.registration_id).select_for_update().values_list("pk", flat=True))
    OutgoingMail.objects.filter(pk__in=waiting).update(not_before=timezone.now())
    note(waiting, What.HURRIED, by=by)
    for pk in waiting:
        announce(pk)
    return mail.pk in waiting


def repeat(mail: OutgoingMail, *, to: str, key: str, by: User | None = None) -> OutgoingMail:
    """The same words in a message of its own, whose private link is new. Somebody wants it to leave: it is not held."""
    again = OutgoingMail(
        key=key, registration_id=mail.registration_id, meeting_id=mail.meeting_id, focal_user_id=mail.focal_user_id,
        invitation_id=mail.invitation_id, kind=mail.kind, urgency=mail.urgency, to=to, reply_to=mail.reply_to,
        language=mail.language, subject=mail.subject, text=mail.text, html=mail.html, with_calendar=mail.with_calendar,
    )  # fmt: skip
    _insert([again])
    note([mail.pk], What.REPEATED, by=by)
    return again
