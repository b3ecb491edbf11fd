"""Exports that come again: on their day and hour a file for each colleague, with the rights each has then."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from meeting.models import Meeting, User

from ..mail.broker import publisher
from ..models import ExportJob, ExportSchedule
from ..notices.people import language_of
from . import telling
from .allowed import can_export_at_all

REMEMBERED = datetime.timedelta(days=30)


def run_due() -> int:
    """Ask for the files of all that are due; of how many. May run any number of times: each day is written down."""
    goes_on = ExportSchedule.objects.filter(ended_at=None).select_related("meeting")
    due = [schedule.pk for schedule in goes_on if is_due(schedule, timezone.now())]
    return sum(_run(pk) for pk in due)


def is_due(schedule: ExportSchedule, now: datetime.datetime) -> bool:
    """From its hour on, and once on its day: where no worker ran in that hour, later the same day."""
    here = now.astimezone(schedule.meeting.zone)
    is_day = schedule.weekday in (None, here.weekday())
    return is_day and here.hour >= schedule.hour and schedule.last_on != here.date()


def first_day_is_over(schedule: ExportSchedule) -> datetime.date | None:
    """The day on which it was set up after its hour had passed: it begins on the next."""
    here = timezone.now().astimezone(schedule.meeting.zone)
    return here.date() if here.hour >= schedule.hour else None


@transaction.atomic
def _run(pk: int) -> bool:
    ours = ExportSchedule.objects.select_for_update(of=("self",), skip_locked=True)
    schedule = ours.select_related("meeting", "by", "view").filter(pk=pk, ended_at=None).first()
    if schedule is None or not is_due(schedule, timezone.now()):
        return False
    with translation.override(language_of(schedule.by)):
        if why := why_over(schedule):
            end(schedule, why)
            return False
    for user in readers(schedule):
        _ask(schedule, user)
    schedule.last_on = timezone.now().astimezone(schedule.meeting.zone).date()
    schedule.save(update_fields=["last_on"])
    return True


def why_over(schedule: ExportSchedule) -> str:
    """Why it ends by itself, in a sentence; empty while it goes on."""
    if is_over(schedule.meeting):
        return _("The meeting is over.")
    if not can_export_at_all(schedule.by, schedule.meeting):
        return _("You may not export lists of this meeting any more.")
    if schedule.view is None:
        return _("The view was removed. Save another one, and set the export up for that.")
    if schedule.view.owner_id != schedule.by_id and not schedule.view.is_shared:
        return _("The view is not shared with you any more. Save one of your own, and set the export up for that.")
    if not readers(schedule):
        return _("Nobody to whom it went may export lists of this meeting any more.")
    return ""


def is_over(meeting: Meeting) -> bool:
    return timezone.now().astimezone(meeting.zone).date() > meeting.ends_on


def readers(schedule: ExportSchedule) -> list[User]:
    """Those who still may."""
    people = schedule.recipients.order_by("pk")
    return [user for user in people if can_export_at_all(user, schedule.meeting)]


def _ask(schedule: ExportSchedule, user: User) -> None:
    assert schedule.view is not None  # noqa: S101 (asked before)
    day = timezone.now().astimezone(schedule.meeting.zone).date()
    values: dict[str, Any] = {
        "meeting": schedule.meeting, "query": schedule.view.query, "view_name": schedule.view.name,
        "format": schedule.format, "options": schedule.options, "reason": schedule.reason,
        "language": language_of(user),
    }  # fmt: skip
    job, is_new = ExportJob.objects.get_or_create(schedule=schedule, day=day, by=user, defaults=values)
    if is_new:
        transaction.on_commit(lambda: publisher.announce("make_export", job.pk), robust=True)


def end(schedule: ExportSchedule, why: str = "") -> None:
    """It comes no more; with a `why` nobody has asked for that, and whoever set it up is told. In a transaction."""
    schedule.ended_at, schedule.told = timezone.now(), why
    schedule.save(update_fields=["ended_at", "told"])
    if why:
        telling.of_end(schedule, why)


def forget() -> int:
    """Delete those that ended long ago; how many."""
    return ExportSchedule.objects.filter(ended_at__lt=timezone.now() - REMEMBERED).delete()[0]
