"""A file for one delegation: sent, looked at, written; by its focal points, or an organiser on their behalf."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ..focal.access import DelegationRequest, delegation_view
from ..imports import pages, service
from ..imports.table import UnreadableFileError
from ..models import Delegation, RosterImport
from . import sealing
from .finding import address, around


@require_http_methods(["GET", "HEAD", "POST"])
@delegation_view
def upload(request: DelegationRequest, delegation: Delegation) -> HttpResponse:
    error = ""
    if request.method == "POST":
        try:
            sent = pages.sent_file(request)
            job = service.start(
                delegation.meeting, delegation, sent, request.actor, needs_word=not request.is_organiser
            )
        except UnreadableFileError as refused:
            error = str(refused)
        else:
            return redirect(address("import_job", delegation, token=job.token))
    return pages.upload(request, _place(request, delegation), _earlier(request, delegation), error)


@require_safe
@delegation_view
def job(request: DelegationRequest, delegation: Delegation, token: uuid.UUID) -> HttpResponse:
    found = _job(request, delegation, token)
    return pages.show(request, found, _place(request, delegation, found))


@require_POST
@delegation_view
def read_again(request: DelegationRequest, delegation: Delegation, token: uuid.UUID) -> HttpResponse:
    found = _job(request, delegation, token)
    return pages.read_again(request, found, _place(request, delegation, found))


@require_POST
@delegation_view
def confirm(request: DelegationRequest, delegation: Delegation, token: uuid.UUID) -> HttpResponse:
    found = _job(request, delegation, token)
    place, needs_word = _place(request, delegation, found), not request.is_organiser
    return pages.confirm(request, found, place, request.actor, needs_word=needs_word)


@require_POST
@delegation_view
def stop(request: DelegationRequest, delegation: Delegation, token: uuid.UUID) -> HttpResponse:
    found = _job(request, delegation, token)
    return pages.stop(found, _place(request, delegation, found))


@require_safe
@delegation_view
def annotated(request: DelegationRequest, delegation: Delegation, token: uuid.UUID) -> HttpResponseBase:
    return pages.download(_job(request, delegation, token), by=request.actor)


@require_safe
@delegation_view
def template(request: DelegationRequest, delegation: Delegation) -> HttpResponseBase:
    return pages.template(delegation.meeting, whole_meeting=False)


def _job(request: DelegationRequest, delegation: Delegation, token: uuid.UUID) -> RosterImport:
    found = get_object_or_404(RosterImport, delegation=delegation, token=token)
    if request.is_organiser and found.names_children and found.by_id != request.actor.pk:
        raise Http404  # who sends sees what they sent; an organiser who helps stays out
    found.delegation, found.meeting = delegation, delegation.meeting
    return found


def _place(request: DelegationRequest, delegation: Delegation, job: RosterImport | None = None) -> pages.Place:
    addresses = {
        "upload": address("import", delegation),
        "template": address("import_template", delegation),
        "back": address("workspace", delegation),
    }
    if job is not None:
        names = {
            "self": "import_job", "read": "import_read", "confirm": "import_confirm", "stop": "import_stop",
            "annotated": "import_annotated",
        }  # fmt: skip
        addresses |= {key: address(name, delegation, token=job.token) for key, name in names.items()}
    context = around(request, delegation) | {"back_label": delegation.name, "whole_meeting": False}
    if job is not None:
        context["sealed"] = sealing.told_sealed(job.counts.get("children", 0))
    return pages.Place(addresses, context, "roster/base.html")


def _earlier(request: DelegationRequest, delegation: Delegation) -> list[tuple[RosterImport, str]]:
    jobs = RosterImport.objects.filter(delegation=delegation).order_by("-created_at")[:10]
    return [(found, address("import_job", delegation, token=found.token)) for found in jobs]
