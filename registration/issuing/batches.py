"""Letters for many: written down once, then issued row by row from wherever the last worker left off."""

from __future__ import annotations

import datetime
import time
import uuid
from collections.abc import Iterable

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Count
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from meeting.models import AuditEntry, Meeting, User

from ..mail import outbox
from ..mail.broker import publisher
from ..models import LetterBatch, LetterRow, Registration
from . import filing, issue
from .issue import Outcome, Wanted
from .standing import can_issue

State = LetterRow.State
AT_ONCE = 20  # so few are issued while the page waits
TOGETHER = 50  # rows in one transaction
RUN_SECONDS = 50.0  # well below the time limit of a task; the sweep goes on
GRACE = datetime.timedelta(seconds=5)  # in which a fresh one is left to the worker that was told of it
KEPT = datetime.timedelta(days=30)
# Shared by those who have rows in hand. To stop it waits for none of them; to end it is for the last.
GOES_ON = (
    f"SELECT FROM {LetterBatch._meta.db_table} WHERE id = %s AND stopped_at IS NULL AND issued_at IS NULL FOR KEY SHARE"
)
# Not the fault of one row: the transaction is lost, and with it nothing is.
OF_ALL = (OperationalError, InterfaceError, SoftTimeLimitExceeded)

log = structlog.get_logger("placard.letters")


def start(
    meeting: Meeting, wanted: Wanted, people: Iterable[int], *, token: uuid.UUID, by: User, form: str, query: str = ""
) -> LetterBatch:
    """The batch of this token. A few letters are issued before this returns, many by a worker. Twice is once."""
    batch, is_new, count = _write(meeting, wanted, sorted(people), token=token, by=by, form=form, query=query)
    if is_new and count <= AT_ONCE:
        run(batch.pk)
    elif is_new:
        publisher.announce("issue_letters", batch.pk)
    return batch


@transaction.atomic
def _write(
    meeting: Meeting, wanted: Wanted, people: list[int], *, token: uuid.UUID, by: User, form: str, query: str
) -> tuple[LetterBatch, bool, int]:
    values = {
        "meeting": meeting, "by": by, "kind": wanted.kind, "language": wanted.language, "tells": wanted.tells,
        "in_language": translation.get_language() or "en", "form": form, "query": query[:1000],
    }  # fmt: skip
    batch, is_new = LetterBatch.objects.get_or_create(token=token, defaults=values)
    if is_new:
        LetterRow.objects.bulk_create(LetterRow(batch=batch, registration_id=pk) for pk in people)
    return batch, is_new, len(people)


def run(pk: int, seconds: float = RUN_SECONDS) -> None:
    """Issue what still waits, then make the file that was asked for, until it is done, stopped, or the time is over."""
    deadline = time.monotonic() + seconds
    batch = LetterBatch.objects.select_related("meeting").filter(pk=pk, ended_at=None).first()
    if batch is None:
        return
    with translation.override(batch.in_language):
        while time.monotonic() < deadline and _issue_some(batch):
            pass
    if _all_issued(pk):
        filing.make(pk)


def sweep() -> None:
    """Take up what no worker is about to finish: its worker was killed, or never heard of it."""
    deadline = time.monotonic() + RUN_SECONDS
    left = LetterBatch.objects.filter(ended_at=None, created_at__lte=timezone.now() - GRACE).order_by("created_at")
    for pk in list(left.values_list("pk", flat=True)):
        if (seconds := deadline - time.monotonic()) > 0:
            run(pk, seconds)


def stop(batch: LetterBatch) -> None:
    """Leave out whoever still waits, but for the few in hand. Letters that are issued stay. Twice is once."""
    LetterBatch.objects.filter(pk=batch.pk, issued_at=None, stopped_at=None).update(stopped_at=timezone.now())
    run(batch.pk)


def forget() -> int:
    """Delete batches that ended long ago, and files before that; the letters themselves stay. May run any time."""
    filing.forget()
    return LetterBatch.objects.filter(ended_at__lt=timezone.now() - KEPT, file="").delete()[0]


@transaction.atomic
def _issue_some(batch: LetterBatch) -> bool:
    """The next few rows with all that follows from them, or nothing of it; False when there is none to take."""
    if not _goes_on(batch):
        return False
    free = batch.rows.filter(state=State.WAITING).select_for_update(skip_locked=True, of=("self",), no_key=True)
    rows = list(free.order_by("registration_id")[:TOGETHER])
    by = User.objects.get(pk=batch.by_id)  # anew: what they may do can change meanwhile
    with outbox.announced_together():
        outcomes = _outcomes(batch, rows, by)
    for row in rows:
        _settle(row, outcomes.get(row.registration_id))
    LetterRow.objects.bulk_update(rows, ["state", "letter", "told"])
    return bool(rows)


def _goes_on(batch: LetterBatch) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(GOES_ON, [batch.pk])
        return cursor.fetchone() is not None


def _outcomes(batch: LetterBatch, rows: list[LetterRow], by: User) -> dict[int, Outcome]:
    if not rows or not (by.is_active and can_issue(by, batch.meeting)):
        return {}
    theirs = Registration.objects.filter(meeting=batch.meeting_id).within_limits(by)
    known = theirs.filter(pk__in=[row.registration_id for row in rows]).values_list("pk", flat=True)
    registrations = issue.lock(known)
    wanted = Wanted(batch.kind, batch.language, by=by, shared=batch.tells or not batch.form, tells=batch.tells)
    try:
        with transaction.atomic():
            return issue.issue_to(registrations, wanted)
    except OF_ALL:
        raise
    except Exception as error:  # one of them: the others go on without it
        log.error("letters failed", batch=batch.pk, exc_info=error)
        return {registration.pk: _one(registration, wanted) for registration in registrations}


def _one(registration: Registration, wanted: Wanted) -> Outcome:
    try:
        with transaction.atomic():
            return issue.issue_to([registration], wanted)[registration.pk]
    except OF_ALL:
        raise
    except Exception:
        text = _("A fault on our side: no letter was issued. Tell the administrator if it comes back.")
        return Outcome(refusal=text)


def _settle(row: LetterRow, outcome: Outcome | None) -> None:
    if outcome is None:
        outcome = Outcome(refusal=_("You do not issue letters for this person any more."))
    row.letter, row.told = outcome.letter, outcome.refusal[:500]
    row.state = State.REFUSED if outcome.letter is None else State.DONE if outcome.is_new else State.THERE


@transaction.atomic
def _all_issued(pk: int) -> bool:
    """Whether no row waits any more, or somebody has stopped it; written down once. The last with rows in hand says."""
    batch = LetterBatch.objects.select_for_update(skip_locked=True).filter(pk=pk).first()
    if batch is None or batch.issued_at is not None:
        return batch is not None
    counts = dict(batch.rows.values_list("state").annotate(n=Count("pk")).order_by())
    if State.WAITING in counts and batch.stopped_at is None:
        return False
    batch.issued_at = timezone.now()
    batch.save(update_fields=["issued_at"])
    AuditEntry.objects.create(
        meeting_id=batch.meeting_id, by_id=batch.by_id, action=AuditEntry.Action.BULK, about=batch.kind,
        detail={"token": str(batch.token), "done": counts.get(State.DONE, 0), "there": counts.get(State.THERE, 0),
                "refused": counts.get(State.REFUSED, 0), "left_alone": counts.get(State.WAITING, 0)},
    )  # fmt: skip
    return True
