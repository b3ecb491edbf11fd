"""Exports by a worker: asked for once, made by whichever worker is there, kept for some days, and deleted."""

from __future__ import annotations

import datetime
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import suppress
from typing import IO

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import InterfaceError, OperationalError, transaction
from django.http import QueryDict
from django.utils import timezone, translation
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from meeting.alone import alone
from meeting.models import User

from ..lists.reading import CHUNK, Row
from ..mail.broker import publisher
from ..models import ExportFormat, ExportJob
from ..models.export import export_path
from . import making, pieces, recording, telling
from .allowed import RefusedError, check_contacts, check_role, kept_of
from .choosing import Choice, choose
from .options import STREAMED, from_json

LOCKS = 7352  # the class of our advisory locks
GRACE = datetime.timedelta(seconds=5)  # in which a fresh one is left to the worker that was told of it
KEPT = datetime.timedelta(days=7)  # the file
REMEMBERED = datetime.timedelta(days=30)  # that there was one
MOST_TRIES = 4  # by then it is no accident that workers die of it
TOGETHER = 10  # jobs of one sweep
# Not the fault of the list: another worker, or the same one in a moment, goes on with it.
OF_ALL = (OperationalError, InterfaceError, SoftTimeLimitExceeded)

log = structlog.get_logger("placard.exports")


class StoppedError(Exception):
    """Whoever asked for it does not want it any more."""


def ask(choice: Choice, user: User, *, token: uuid.UUID, reason: str) -> ExportJob:
    """The job of this token, and a worker told of it. Twice is once."""
    values = {
        "meeting": choice.wanted.meeting, "by": user, "query": choice.query, "view_name": choice.view,
        "format": choice.format, "options": choice.options.as_json(), "reason": reason, "count": choice.count(),
        "language": translation.get_language() or "en",
    }  # fmt: skip
    job, is_new = ExportJob.objects.get_or_create(token=token, defaults=values)
    if is_new:
        transaction.on_commit(lambda: publisher.announce("make_export", job.pk), robust=True)
    return job


def run(pk: int) -> None:
    """Make the file, unless somebody else is at it or it is over. It begins where a killed worker has left off."""
    with alone(LOCKS, pk) as is_alone:
        job = ExportJob.objects.select_related("meeting", "by", "schedule").filter(pk=pk, ended_at=None).first()
        if is_alone and job is not None:
            with translation.override(job.language):
                _try(job)


def _try(job: ExportJob) -> None:
    """Counted before it begins, so that its end does not end the count."""
    job.tries += 1
    job.save(update_fields=["tries"])
    try:
        if job.tries > MOST_TRIES:
            raise RefusedError(_("It was too much for us. Filter the list, or take CSV, which has no limit."))
        _make(job)
    except StoppedError:
        _end(job, _("You stopped it. Nothing was kept."))
    except RefusedError as refusal:
        _end(job, str(refusal))
    except OF_ALL:
        raise
    except OSError as error:
        log.error("export not written", job=job.pk, exc_info=error)
        _end(job, _("The file could not be stored. Tell the administrator, and ask for it once more after that."))
    except Exception as error:
        log.error("export failed", job=job.pk, exc_info=error)
        _end(job, _("A fault on our side: there is no file. Tell the administrator if it comes back."))


def _make(job: ExportJob) -> None:
    _goes_on(job)
    choice = chosen(job)
    if not pieces.are_settled(job):
        job.count = choice.count()
        job.save(update_fields=["count"])
    with _written(job, choice) as file:
        _keep(job, choice, file)


def chosen(job: ExportJob) -> Choice:
    """What is exported, with the rights that its reader has now."""
    user = User.objects.get(pk=job.by_id)
    check_role(user, job.meeting)
    check_contacts(user, job.meeting, job.format)
    options = from_json(job.options)
    return choose(user, job.meeting, QueryDict(job.query), job.format, options, view=job.view_name)


def _written(job: ExportJob, choice: Choice) -> IO[bytes]:
    """Those that are not made of pieces are quick, and begin anew."""
    if choice.format in (*STREAMED, ExportFormat.VCARD):
        job.done = job.count
        return _streamed(job, choice) if choice.format in STREAMED else making.build(choice)
    with choice.spoken():
        rows = pieces.rows(job, choice, lambda: _goes_on(job))
        return making.build(choice, _counted(job, rows, choice.most()))


def _streamed(job: ExportJob, choice: Choice) -> IO[bytes]:
    file = tempfile.TemporaryFile()  # noqa: SIM115 (whoever keeps it closes it)
    for chunk in making.stream(choice):
        file.write(chunk)
    _goes_on(job)
    file.seek(0)
    return file


def _counted(job: ExportJob, rows: Iterator[Row], most: int | None) -> Iterator[Row]:
    """The rows as they come, and every now and then how many are written."""
    number = 0
    for number, row in enumerate(rows, start=1):
        if number == 1:
            _check_size(job.count, most)
        if number % CHUNK == 0:
            _progress(job, number)
        yield row
    _progress(job, number)


def _check_size(count: int, most: int | None) -> None:
    """The list may have grown since it was asked for."""
    if most is not None and count > most:
        raise RefusedError(too_many(most))


def too_many(most: int) -> str:
    text = _("At most %(most)s people fit into this format. Filter the list, or take CSV or JSON, which have no limit.")
    return text % {"most": number_format(most, use_l10n=True, force_grouping=True)}


def _progress(job: ExportJob, number: int) -> None:
    job.done = number
    job.save(update_fields=["done"])
    _goes_on(job)


def _goes_on(job: ExportJob) -> None:
    if ExportJob.objects.filter(pk=job.pk, stopped_at__isnull=False).exists():
        raise StoppedError


@transaction.atomic
def _keep(job: ExportJob, choice: Choice, file: IO[bytes]) -> None:
    """The file takes its place, and all that follows from it is written down; or nothing of it."""
    _goes_on(job)
    default_storage.delete(export_path(job, ""))  # a worker may have been killed here
    job.file.save("list", File(file), save=False)
    job.count = job.done  # somebody may have gone since they were counted
    job.held = job.held | recording.held_by(choice, job.count) | kept_of(choice)
    job.file_made_at = timezone.now()
    _end(job, "")
    telling.of_file(job)


def _end(job: ExportJob, told: str) -> None:
    """What a request has written meanwhile, such as that it is to stop, is left as it is."""
    job.told, job.ended_at = told[:300], timezone.now()
    job.save(update_fields=["told", "ended_at", "held", "count", "done", "file", "file_made_at"])
    with suppress(OSError):  # the sweep for what is left over finds them
        pieces.drop(job)


def stop(job: ExportJob) -> None:
    """No more of it. Where no worker is at it, it ends at once. Twice is once."""
    ExportJob.objects.filter(pk=job.pk, ended_at=None, stopped_at=None).update(stopped_at=timezone.now())
    run(job.pk)


def sweep() -> None:
    """Take up what no worker is about to finish: its worker was killed, or never heard of it."""
    left = ExportJob.objects.filter(ended_at=None, created_at__lte=timezone.now() - GRACE).order_by("created_at")
    for pk in list(left.values_list("pk", flat=True)[:TOGETHER]):
        run(pk)


def has_expired(job: ExportJob) -> bool:
    """Whether there was a file that is not given out any more, deleted already or not."""
    return job.file_made_at is not None and timezone.now() >= job.file_made_at + KEPT


def drop(job: ExportJob) -> None:
    if job.file:
        job.file.delete(save=False)
    ExportJob.objects.filter(pk=job.pk).update(file="")


def forget() -> int:
    """Delete files whose time is over, and jobs long after that; how many files. May run any time."""
    old = list(ExportJob.objects.exclude(file="").filter(file_made_at__lte=timezone.now() - KEPT)[:200])
    for job in old:
        drop(job)
    ExportJob.objects.filter(ended_at__lt=timezone.now() - REMEMBERED, file="").delete()
    return len(old)
