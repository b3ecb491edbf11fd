"""Exports that a worker makes: how far each is, and its file."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import FileResponse, Http404, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from meeting.models import AuditEntry, Meeting, User

from .. import rules
from ..exports import allowed, jobs, making, pieces, recording
from ..exports.options import from_json, type_of
from ..models import ExportJob, ExportSchedule
from .access import StaffRequest, desk_view
from .exporting import as_download

SHOWN = 50


@never_cache
@require_safe
@desk_view(rules.can_export)
def exports(request: StaffRequest, meeting: Meeting) -> HttpResponseBase:
    """One's own, and what comes again; to organisers also what everybody has exported."""
    organises = rules.can_organise(request.user, meeting)
    mine = ExportJob.objects.filter(meeting=meeting, by=request.user).order_by("-created_at")
    context = {
        "meeting": meeting,
        "section": "people",
        "jobs": [(job, state_of(job), _in_digits(job.count)) for job in mine[:SHOWN]],
        "schedules": _schedules(meeting, request.user, organises=organises),
        "organises": organises,
        "log": _log(meeting) if organises else [],
        "shown": SHOWN,
    }
    return render(request, "desk/exports.html", context)


def _schedules(meeting: Meeting, user: User, *, organises: bool) -> list[ExportSchedule]:
    """One's own; an organiser's are those of everybody."""
    found = ExportSchedule.objects.filter(meeting=meeting).select_related("by", "view").prefetch_related("recipients")
    ours = found if organises else found.filter(by=user)
    return list(ours.order_by("ended_at", "-created_at", "-pk")[:SHOWN])


def _log(meeting: Meeting) -> list[tuple[AuditEntry, str]]:
    found = AuditEntry.objects.filter(meeting=meeting, action=AuditEntry.Action.EXPORT).select_related("by")
    return [(entry, _in_digits(entry.detail.get("count"))) for entry in found.order_by("-at", "-pk")[:SHOWN]]


def _in_digits(count: int | None) -> str:
    return "" if count is None else number_format(count, force_grouping=True)


def state_of(job: ExportJob) -> str:
    if job.ended_at is None:
        return "stopping" if job.stopped_at else "running"
    if job.file_made_at is None:
        return "stopped" if job.stopped_at else "failed"
    return "expired" if jobs.has_expired(job) or not job.file else "ready"


def _find(request: StaffRequest, meeting: Meeting, token: uuid.UUID) -> ExportJob:
    """One's own. To everybody else there is none, an organiser too: the file has the rights of whom it was made for."""
    found = ExportJob.objects.filter(meeting=meeting, by=request.user, token=token).select_related("by").first()
    if found is None:
        raise Http404
    found.meeting = meeting
    return found


@never_cache
@require_safe
@desk_view(rules.can_export)
def export_job(request: StaffRequest, meeting: Meeting, token: uuid.UUID) -> HttpResponseBase:
    return _job_page(request, _find(request, meeting, token))


def _job_page(request: StaffRequest, job: ExportJob, *, told: str = "", status: int = 200) -> HttpResponseBase:
    context: dict[str, Any] = {
        "meeting": job.meeting,
        "section": "people",
        "job": job,
        "state": state_of(job),
        "told": told or job.told,
        "progress": _progress(job),
        "ready": _how_many(job),
        "expires_at": job.file_made_at and job.file_made_at + jobs.KEPT,
        "again": f"{job.query}&format={job.format}".lstrip("&"),
    }
    return render(request, "desk/export_job.html", context, status=status)


def _how_many(job: ExportJob) -> str:
    text = ngettext("%(n)s person, ready to be saved", "%(n)s people, ready to be saved", job.count)
    return text % {"n": _in_digits(job.count)}


def _progress(job: ExportJob) -> dict[str, Any]:
    """Half of the bar for reading, half for writing; what is streamed has one step only."""
    read, total = pieces.rows_read(job), max(job.count, 1)
    is_reading = read < job.count
    said = _("%(done)s of %(of)s people are read") if is_reading else _("%(done)s of %(of)s people are written")
    done = read if is_reading else job.done
    numbers = {"done": _in_digits(done), "of": _in_digits(job.count)}
    return {"total": total * 2, "decided": read + job.done, "said": said % numbers, "so_far": "", "left": ""}


@never_cache
@require_safe
@desk_view(rules.can_export)
def export_progress(request: StaffRequest, meeting: Meeting, token: uuid.UUID) -> HttpResponseBase:
    """The same for the script of the page."""
    job = _find(request, meeting, token)
    return JsonResponse({"running": job.ended_at is None, **_progress(job)})


@require_POST
@desk_view(rules.can_export)
def export_stop(request: StaffRequest, meeting: Meeting, token: uuid.UUID) -> HttpResponseBase:
    jobs.stop(_find(request, meeting, token))
    return redirect("admin:desk:export_job", meeting.slug, token)


@never_cache
@require_safe
@desk_view(rules.can_export)
def export_file(request: StaffRequest, meeting: Meeting, token: uuid.UUID) -> HttpResponseBase:
    """The file while its time lasts and its reader may read all that it holds; each time written down."""
    job = _find(request, meeting, token)
    state = state_of(job)
    if state == "expired":
        return _job_page(request, job, status=410)
    if state != "ready":
        return redirect("admin:desk:export_job", meeting.slug, token)
    try:
        allowed.check_file(request.user, meeting, job.held)
    except allowed.RefusedError as refusal:
        jobs.drop(job)
        return _job_page(request, _find(request, meeting, token), told=str(refusal), status=403)
    return _download(request, job)


def _download(request: StaffRequest, job: ExportJob) -> HttpResponseBase:
    try:
        content = job.file.open("rb")
    except FileNotFoundError:
        jobs.drop(job)
        return _job_page(request, _find(request, job.meeting, job.token), status=410)
    recording.record(job.meeting, job.held, by=request.user, reason=job.reason, token=str(job.token))
    options = from_json(job.options)
    response = FileResponse(content, content_type=type_of(job.format, options))
    return as_download(response, making.file_name(job.meeting, job.format, options))
