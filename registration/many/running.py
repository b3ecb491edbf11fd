"""Carrying out decisions on many: from wherever the last worker left off, by as many workers as come."""

from __future__ import annotations

import datetime
import time

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Count, F, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from meeting.models import AuditEntry, User

from ..lists.filters import people_of
from ..mail import outbox
from ..models import BulkDecision, BulkRow, Registration, Status
from ..rules import can_decide
from ..workflow import MoveNotAllowed
from . import moving

State = BulkRow.State
Move = BulkDecision.Move
RUN_SECONDS = 50.0  # well below the time limit of a task; the sweep goes on
TOGETHER = 20  # rows in one transaction
MOST_TRIES = 5  # of one row: whatever it does to its workers, the others of the list get their turn
GRACE = datetime.timedelta(seconds=5)  # in which a fresh one is left to the worker that was told of it
# Shared by those who have rows in hand. To stop it waits for none of them; to end it is for the last.
GOES_ON = (
    f"SELECT FROM {BulkDecision._meta.db_table} WHERE id = %s AND stopped_at IS NULL AND ended_at IS NULL FOR KEY SHARE"
)
# Not the fault of one row: the transaction is lost, and with it nothing is.
OF_ALL = (OperationalError, InterfaceError, SoftTimeLimitExceeded)

log = structlog.get_logger("placard.many")


def run(pk: int, seconds: float = RUN_SECONDS) -> None:
    """Decide on what still waits, until nothing does, somebody stops it, or the time is over."""
    deadline = time.monotonic() + seconds
    bulk = BulkDecision.objects.select_related("meeting", "assigned_to").filter(pk=pk, ended_at=None).first()
    if bulk is None:
        return
    with translation.override(bulk.language):
        while time.monotonic() < deadline and _decide_on_some(bulk):
            pass
    _end(pk)


def sweep() -> None:
    """Take up what no worker is about to finish: its worker was killed, or never heard of it."""
    deadline = time.monotonic() + RUN_SECONDS
    left = BulkDecision.objects.filter(ended_at=None, created_at__lte=timezone.now() - GRACE).order_by("created_at")
    for pk in list(left.values_list("pk", flat=True)):
        if (seconds := deadline - time.monotonic()) > 0:
            run(pk, seconds)


def stop(bulk: BulkDecision) -> None:
    """Leave alone whoever still waits, but for the few rows in hand. Twice is once."""
    BulkDecision.objects.filter(pk=bulk.pk, ended_at=None, stopped_at=None).update(stopped_at=timezone.now())
    _end(bulk.pk)


def _decide_on_some(bulk: BulkDecision) -> bool:
    """The next few rows; False when there is none to take."""
    taken = _take(bulk)
    if taken:
        _decide_on(bulk, taken)
    return bool(taken)


@transaction.atomic
def _take(bulk: BulkDecision) -> list[int]:
    """The next rows by number, each counted once more: that stays, also when its decision kills the worker."""
    if not _goes_on(bulk):
        return []
    numbers = [row.pk for row in _next(bulk)]
    BulkRow.objects.filter(pk__in=numbers).update(tries=F("tries") + 1)
    return numbers


@transaction.atomic
def _decide_on(bulk: BulkDecision, taken: list[int]) -> None:
    """These rows, with all that follows from them, or nothing of it. Those that somebody else has by now are theirs."""
    if not _goes_on(bulk):
        return
    rows = list(_free(bulk).filter(pk__in=taken).order_by("registration_id"))
    with outbox.written_together() as mails:
        by = User.objects.get(pk=bulk.by_id)  # anew: what they may do can change meanwhile
        found = _registrations(bulk, rows, by)
        for row in rows:
            before = len(mails)
            row.told = (_given_up(row) or _decide(bulk, row, found.get(row.registration_id), by))[:500]
            if row.told:
                del mails[before:]  # what was begun for this row is taken back, and so is its message
    _settle(rows)


def _goes_on(bulk: BulkDecision) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(GOES_ON, [bulk.pk])
        return cursor.fetchone() is not None


def _next(bulk: BulkDecision) -> list[BulkRow]:
    """Rows that nobody else has in hand.

    Several at once only where a move takes no locks but that of the registration: seats are locked after registrations,
    so a second registration must not be locked after the seats of the first. Registrations come by number. What was in
    hand before and is still not decided comes last and alone: should it end its worker, it takes no others with it.
    """
    fresh = _free(bulk).filter(tries=0).order_by("registration_id")
    return _together(bulk, fresh) or list(_free(bulk).order_by("tries", "registration_id")[:1])


def _free(bulk: BulkDecision) -> QuerySet[BulkRow]:
    """Locked, what waits and nobody has locked."""
    waiting: QuerySet[BulkRow] = bulk.rows.filter(state=State.WAITING)
    return waiting.select_for_update(skip_locked=True, of=("self",), no_key=True)


def _together(bulk: BulkDecision, free: QuerySet[BulkRow]) -> list[BulkRow]:
    if bulk.move in (Move.RETURN, Move.ASSIGN):
        return list(free[:TOGETHER])
    if bulk.move == Move.APPROVE:
        return list(free.filter(seen=Status.SUBMITTED)[:TOGETHER]) or list(free[:1])
    return list(free[:1])


def _registrations(bulk: BulkDecision, rows: list[BulkRow], by: User) -> dict[int, Registration]:
    """Those of the rows on whom `by` may still decide, locked."""
    if not rows or not (by.is_active and can_decide(by, bulk.meeting)):
        return {}
    theirs = people_of(bulk.meeting, by).filter(pk__in=[row.registration_id for row in rows])
    locked = theirs.select_for_update(of=("self",), no_key=True).with_all_around().order_by("pk")
    return {registration.pk: registration.take_meeting() for registration in locked}


def _given_up(row: BulkRow) -> str:
    """A sentence for what was begun too often and never finished; empty for all others."""
    if row.tries <= MOST_TRIES:
        return ""
    return _(
        "This was begun %(n)d times and never finished, so nothing was changed. Decide on it by itself, and tell the "
        "administrator if it comes back."
    ) % {"n": MOST_TRIES}


def _decide(bulk: BulkDecision, row: BulkRow, registration: Registration | None, by: User) -> str:
    """Why nothing was done; empty when it was."""
    if registration is None:
        return _("You do not decide on this registration any more, so nothing was changed.")
    if told := moving.overtaken(row, registration):
        return told
    try:
        moving.carry_out(bulk, registration, by=by)
    except MoveNotAllowed as refusal:
        return str(refusal)
    except OF_ALL:
        raise
    except Exception as error:  # told for this row; the others go on
        log.error("decision failed", bulk=bulk.pk, registration=row.registration_id, exc_info=error)
        return _("A fault on our side: nothing was changed. Try again, and tell the administrator if it comes back.")
    return ""


def _settle(rows: list[BulkRow]) -> None:
    now = timezone.now()
    done = [row.pk for row in rows if not row.told]
    BulkRow.objects.filter(pk__in=done).update(state=State.DONE, decided_at=now)
    refused = [row for row in rows if row.told]
    for row in refused:
        row.state, row.decided_at = State.REFUSED, now
    BulkRow.objects.bulk_update(refused, ["state", "told", "decided_at"])


@transaction.atomic
def _end(pk: int) -> None:
    """Write that it is over, once. While somebody still has rows in hand it is they who end it."""
    free = BulkDecision.objects.select_for_update(skip_locked=True)
    bulk = free.filter(pk=pk, ended_at=None).first()
    if bulk is None:
        return
    counts = dict(bulk.rows.values_list("state").annotate(n=Count("pk")).order_by())
    if State.WAITING in counts and bulk.stopped_at is None:
        return
    bulk.ended_at = timezone.now()
    bulk.save(update_fields=["ended_at"])
    AuditEntry.objects.create(
        meeting_id=bulk.meeting_id, by_id=bulk.by_id, action=AuditEntry.Action.BULK, about=bulk.move,
        detail={"token": str(bulk.token), "done": counts.get(State.DONE, 0), "refused": counts.get(State.REFUSED, 0),
                "left_alone": counts.get(State.WAITING, 0)},
    )  # fmt: skip
