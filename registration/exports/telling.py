"""What colleagues are mailed of exports that come again, or took long: a link each, never the file."""

from __future__ import annotations

import datetime

from django.utils import translation
from django.utils.translation import gettext as _

from meeting import dates

from ..mail import outbox
from ..models import ExportJob, ExportSchedule
from ..notices.people import language_of
from ..notices.waiting import address

PATIENCE = datetime.timedelta(minutes=2)  # after which whoever asked for a file has most likely left its page


def of_file(job: ExportJob) -> None:
    """Their file is there. Only to those who hardly sit before it any more. Inside a transaction."""
    if job.file_made_at is None or (job.schedule is None and job.file_made_at - job.created_at < PATIENCE):
        return
    language = language_of(job.by)
    with translation.override(language):
        view = job.view_name or _("People")
    values: dict[str, object] = {
        "name": str(job.by),
        "view": view,
        "count": job.count,
        "link": address("export_job", job.meeting, str(job.token)),
        "stop_link": address("exports", job.meeting),
    }
    outbox.queue_to(
        "export_ready", key=f"export-{job.pk}", meeting=job.meeting, to=job.by.email, language=language, values=values
    )


def of_end(schedule: ExportSchedule, why: str) -> None:
    """To whoever set it up: it does not come any more, and why. Inside a transaction."""
    language = language_of(schedule.by)
    with translation.override(language):
        since = dates.moment(schedule.created_at, schedule.meeting.zone)
    values: dict[str, object] = {
        "name": str(schedule.by),
        "view": schedule.view_name,
        "since": since,
        "why": why,
        "link": address("exports", schedule.meeting),
    }
    outbox.queue_to(
        "export_ended", key=f"export-ended-{schedule.pk}", meeting=schedule.meeting, to=schedule.by.email,
        language=language, values=values,
    )  # fmt: skip
