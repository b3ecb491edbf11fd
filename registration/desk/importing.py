"""A whole meeting from one file: category and entity stand in columns of their own. For organisers."""

from __future__ import annotations

import uuid

from django.db.models import Q
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from meeting.models import Meeting

from .. import rules
from ..imports import pages, service
from ..imports.table import UnreadableFileError
from ..models import Delegation, RosterImport
from .access import StaffRequest, desk_view
from .delegations import with_facts


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(rules.can_organise)
def upload(request: StaffRequest, meeting: Meeting) -> HttpResponse:
    error = ""
    if request.method == "POST":
        try:
            job = service.start(meeting, None, pages.sent_file(request), request.user, needs_word=False)
        except UnreadableFileError as refused:
            error = str(refused)
        else:
            return redirect("admin:desk:import_job", meeting.slug, job.token)
    return pages.upload(request, _place(meeting), _earlier(meeting), error)


@require_safe
@desk_view(rules.can_organise)
def job(request: StaffRequest, meeting: Meeting, token: uuid.UUID) -> HttpResponse:
    found = _job(request, meeting, token)
    return pages.show(request, found, _place(meeting, found))


@require_POST
@desk_view(rules.can_organise)
def read_again(request: StaffRequest, meeting: Meeting, token: uuid.UUID) -> HttpResponse:
    found = _job(request, meeting, token)
    return pages.read_again(request, found, _place(meeting, found))


@require_POST
@desk_view(rules.can_organise)
def confirm(request: StaffRequest, meeting: Meeting, token: uuid.UUID) -> HttpResponse:
    found = _job(request, meeting, token)
    return pages.confirm(request, found, _place(meeting, found), request.user, needs_word=False)


@require_POST
@desk_view(rules.can_organise)
def stop(request: StaffRequest, meeting: Meeting, token: uuid.UUID) -> HttpResponse:
    found = _job(request, meeting, token)
    return pages.stop(found, _place(meeting, found))


@require_safe
@desk_view(rules.can_organise)
def annotated(request: StaffRequest, meeting: Meeting, token: uuid.UUID) -> HttpResponseBase:
    return pages.download(_job(request, meeting, token), by=request.user)


@require_safe
@desk_view(rules.can_organise)
def template(request: StaffRequest, meeting: Meeting) -> HttpResponseBase:
    return pages.template(meeting, whole_meeting=True)


def _job(request: StaffRequest, meeting: Meeting, token: uuid.UUID) -> RosterImport:
    found = get_object_or_404(RosterImport, meeting=meeting, delegation=None, token=token)
    if found.names_children and found.by_id != request.user.pk:
        raise Http404  # a child's name in a file is for whoever has sent it
    found.meeting = meeting
    return found


def _place(meeting: Meeting, job: RosterImport | None = None) -> pages.Place:
    addresses = {
        "upload": reverse("admin:desk:import", args=[meeting.slug]),
        "template": reverse("admin:desk:import_template", args=[meeting.slug]),
        "back": reverse("admin:desk:delegations", args=[meeting.slug]),
    }
    if job is not None:
        names = {
            "self": "import_job", "read": "import_read", "confirm": "import_confirm", "stop": "import_stop",
            "annotated": "import_annotated",
        }  # fmt: skip
        addresses |= {k: reverse(f"admin:desk:{n}", args=[meeting.slug, job.token]) for k, n in names.items()}
    context = {"meeting": meeting, "section": "delegations", "back_label": _("Delegations"), "whole_meeting": True}
    if job is not None and job.state == RosterImport.State.DONE:
        context["unattended"] = _unattended(meeting)
    return pages.Place(addresses, context, "desk/base.html")


def _unattended(meeting: Meeting) -> int:
    """How many delegations have nobody who looks through the new rows."""
    return with_facts(Delegation.objects.filter(meeting=meeting)).filter(Q(has_focal_point=False)).count()


def _earlier(meeting: Meeting) -> list[tuple[RosterImport, str]]:
    jobs = RosterImport.objects.filter(meeting=meeting, delegation=None).order_by("-created_at")[:10]
    return [(found, reverse("admin:desk:import_job", args=[meeting.slug, found.token])) for found in jobs]
