"""Writing to everybody: from wherever the last worker left off, by as many workers as come."""

from __future__ import annotations

import datetime
import time
from collections import defaultdict
from typing import Any

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import CharField, Count, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from meeting.models import AuditEntry

from ..mail import outbox
from ..models import Campaign, CampaignRecipient, OutgoingMail
from . import audience, words, writing

State = CampaignRecipient.State
Why = CampaignRecipient.Why
RUN_SECONDS = 50.0  # well below the time limit of a task; the sweep goes on
TOGETHER = 50  # rows in one transaction: for so long nobody can decide on these people
GRACE = datetime.timedelta(seconds=5)  # in which a fresh one is left to the worker that was told of it
# Shared by those who have rows in hand. To stop it waits for none of them; to end it is for the last.
GOES_ON = (
    f"SELECT FROM {Campaign._meta.db_table} WHERE id = %s AND stopped_at IS NULL AND ended_at IS NULL FOR KEY SHARE"
)
# Not the fault of one row: the transaction is lost, and with it nothing is.
OF_ALL = (OperationalError, InterfaceError, SoftTimeLimitExceeded)

log = structlog.get_logger("placard.campaigns")


def run(pk: int, seconds: float = RUN_SECONDS) -> None:
    """Write to those who still wait, until nobody does, somebody stops it, or the time is over."""
    deadline = time.monotonic() + seconds
    campaign = _begin(pk)
    while campaign and time.monotonic() < deadline and _write_to_some(campaign):
        pass
    _end(pk)


def sweep() -> None:
    """Begin what is due, and take up what no worker is about to finish."""
    deadline = time.monotonic() + RUN_SECONDS
    due = Campaign.objects.due().filter(pressed_at__lte=timezone.now() - GRACE).order_by("send_at")
    for pk in list(due.values_list("pk", flat=True)):
        if (seconds := deadline - time.monotonic()) > 0:
            run(pk, seconds)


@transaction.atomic
def stop(campaign: Campaign) -> int:
    """Leave alone whoever still waits, and what is written but has not left. How many messages that were."""
    ours = Campaign.objects.filter(pk=campaign.pk, pressed_at__isnull=False, stopped_at=None)
    ours.filter(ended_at=None).update(stopped_at=timezone.now())
    stopped = _stop_what_has_not_left(campaign.pk)
    if stopped:
        ours.update(stopped_at=timezone.now())  # all were written to, but not all messages had left
    _end(campaign.pk)
    return stopped


def _stop_what_has_not_left(pk: int) -> int:
    return outbox.stop_all(OutgoingMail.objects.filter(campaign_recipient__campaign=pk))


# Who gets it


def _begin(pk: int) -> Campaign | None:
    """The campaign, its readers settled by now; None where there is nothing to do."""
    _settle_who_gets_it(pk)
    found = Campaign.objects.select_related("meeting", "pressed_by").filter(pk=pk, ended_at=None, stopped_at=None)
    return found.filter(started_at__isnull=False).first()


@transaction.atomic
def _settle_who_gets_it(pk: int) -> None:
    free = Campaign.objects.due().filter(pk=pk, started_at=None, stopped_at=None)
    campaign = free.select_for_update(skip_locked=True, no_key=True, of=("self",)).select_related("meeting").first()
    if campaign is None:
        return
    rows = [_row(campaign, planned) for planned in _plan(campaign)]
    CampaignRecipient.objects.bulk_create(rows, batch_size=1000)
    campaign.started_at = timezone.now()
    campaign.save(update_fields=["started_at"])


def _plan(campaign: Campaign) -> list[audience.Planned]:
    """With the rights of whoever has sent it off, as they are now; nobody where the filter has lost its meaning."""
    by = campaign.pressed_by
    if by is None or not writing.may_write(by, campaign.meeting):
        return []
    try:
        return audience.plan(
            campaign.meeting, campaign.query, campaign.audience, by, one_each=words.is_about_each(campaign)
        )
    except audience.NotUnderstood:
        return []


def _row(campaign: Campaign, planned: audience.Planned) -> CampaignRecipient:
    return CampaignRecipient(
        campaign=campaign,
        delegation_id=planned.delegation,
        registration_id=planned.registration,
        focal_user_id=planned.user,
        person_key=planned.key,
        state=State.SKIPPED if planned.why else State.WAITING,
        why=planned.why,
        settled_at=timezone.now() if planned.why else None,
    )


# A few at a time


@transaction.atomic
def _write_to_some(campaign: Campaign) -> bool:
    """The next few, or nothing of it; False when there is none to take."""
    if not _goes_on(campaign):
        return False
    rows = _next(campaign)
    if rows:
        now = writing.Now(campaign, rows)
        outbox.store_many([mail for row in rows if (mail := _write(now, row))], tell=False)
        _settle(campaign, rows)
    return bool(rows)


def _settle(campaign: Campaign, rows: list[CampaignRecipient]) -> None:
    """Few statements for many rows: whoever is written to finds their message by its key."""
    now, by_result = timezone.now(), defaultdict(list)
    for row in rows:
        by_result[row.why].append(row.pk)
    for why, numbers in by_result.items():
        left_out = {"state": State.SKIPPED, "why": why}
        written = {"state": State.QUEUED, "mail": Subquery(_message_of(campaign))}
        CampaignRecipient.objects.filter(pk__in=numbers).update(settled_at=now, **(left_out if why else written))


def _message_of(campaign: Campaign) -> QuerySet[Any, Any]:
    key = Concat(Value(writing.key_of(campaign.pk)), Cast(OuterRef("pk"), CharField()))
    return OutgoingMail.objects.filter(key=key).values("pk")


def _goes_on(campaign: Campaign) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(GOES_ON, [campaign.pk])
        return cursor.fetchone() is not None


def _next(campaign: Campaign) -> list[CampaignRecipient]:
    """Rows that nobody else has in hand, in the order of the registrations, which is the order of the locks."""
    free = campaign.recipients.filter(state=State.WAITING).select_for_update(
        skip_locked=True, of=("self",), no_key=True
    )
    return list(free.order_by("registration_id", "pk")[:TOGETHER])


def _write(now: writing.Now, row: CampaignRecipient) -> OutgoingMail | None:
    """The message to `row`; None where they are left out after all, and `row` says why."""
    try:
        message = now.message_to(row)
    except OF_ALL:
        raise
    except Exception as error:  # told for this row; the others go on
        log.error("message failed", campaign=row.campaign_id, recipient=row.pk, exc_info=error)
        message = Why.FAULT
    if isinstance(message, OutgoingMail):
        return message
    row.why = message
    return None


@transaction.atomic
def _end(pk: int) -> None:
    """Write that it is over, once. While somebody still has rows in hand it is they who end it."""
    free = Campaign.objects.select_for_update(skip_locked=True).filter(pk=pk, ended_at=None)
    campaign = free.first()
    if campaign is None or (campaign.started_at is None and campaign.stopped_at is None):
        return
    counts = dict(campaign.recipients.values_list("state").annotate(n=Count("pk")).order_by())
    if State.WAITING in counts and campaign.stopped_at is None:
        return
    if campaign.stopped_at:
        _stop_what_has_not_left(pk)  # written meanwhile by whoever had rows in hand
    campaign.ended_at = timezone.now()
    campaign.save(update_fields=["ended_at"])
    AuditEntry.objects.create(
        meeting_id=campaign.meeting_id, by_id=campaign.pressed_by_id, action=AuditEntry.Action.CAMPAIGN,
        about=campaign.name[:200],
        detail={"what": "stopped" if campaign.stopped_at else "sent", "written": counts.get(State.QUEUED, 0),
                "left_out": counts.get(State.SKIPPED, 0), "left_alone": counts.get(State.WAITING, 0)},
    )  # fmt: skip
