"""The safeguarding lead's screens. Nobody else opens them, and every opening of a file is written down."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from meeting.models import AuditEntry, Meeting

from .. import rules
from ..models import ChildConsent, ChildRecord, FocalPoint, Status
from ..safeguarding import filing, gate, media, papers
from ..safeguarding.forms import WordForm
from ..workflow import MoveNotAllowed
from .access import StaffRequest, desk_view

TURN = {Status.SUBMITTED: 0, Status.WAITLISTED: 1, Status.RETURNED: 2, Status.DRAFT: 3, Status.APPROVED: 4}
EXTENSIONS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}


def _records(meeting: Meeting) -> Any:
    around = ("registration__meeting", "registration__delegation__category", "registration__delegation__entity")
    return ChildRecord.objects.filter(registration__meeting=meeting).select_related(*around)


@never_cache
@require_safe
@desk_view(rules.can_see_children)
def children(request: StaffRequest, meeting: Meeting) -> HttpResponseBase:
    """Aliases only: who waits, and how much is missing."""
    found = sorted(gate.with_missing(_records(meeting)), key=lambda pair: _turn(pair[0]))
    context = {
        "meeting": meeting,
        "section": "safeguarding",
        "records": found,
        "waiting": sum(record.registration.status == Status.SUBMITTED for record, _n in found),
    }
    return render(request, "desk/safeguarding.html", context)


def _turn(record: ChildRecord) -> tuple[int, Any]:
    """Whoever waits for the lead comes first, longest first."""
    row = record.registration
    return TURN.get(Status(row.status), 9), row.status_since


@never_cache
@require_safe
@desk_view(rules.can_see_children)
def child(request: StaffRequest, meeting: Meeting, reference: str) -> HttpResponseBase:
    return _show(request, meeting, _opened(request, meeting, reference, {"what": "file"}), WordForm())


def _opened(request: StaffRequest, meeting: Meeting, reference: str, detail: dict[str, Any]) -> ChildRecord:
    """The record, with the opening written down: by reference, since a name would make the history a leak."""
    record = get_object_or_404(_records(meeting), registration__reference=reference)
    AuditEntry.objects.create(
        meeting=meeting,
        by=request.user,
        action=AuditEntry.Action.READ_CHILD,
        about=reference,
        subject=reference,
        detail=detail,
    )
    return record


def _show(request: StaffRequest, meeting: Meeting, record: ChildRecord, form: WordForm) -> HttpResponseBase:
    row = record.registration
    context = {
        "meeting": meeting,
        "section": "safeguarding",
        "record": record,
        "registration": row,
        "missing": gate.missing(record),
        "papers": filing.given_words(record),
        "chaperones": gate.chaperones_of(record),
        "senders": FocalPoint.objects.active().filter(delegation=row.delegation).select_related("user"),
        "media": media.in_words(record),
        "can_decide": row.status in (Status.SUBMITTED, Status.WAITLISTED),
        "form": form,
    }
    return render(request, "desk/safeguarding_child.html", context, status=422 if form.is_bound else 200)


@require_POST
@desk_view(rules.can_see_children)
def decide(request: StaffRequest, meeting: Meeting, reference: str) -> HttpResponseBase:
    """Clear, refuse, ask for more, or confirm that a chaperone is of the child's own sex."""
    record = get_object_or_404(_records(meeting), registration__reference=reference)
    form = WordForm(request.POST)
    if form.is_valid():
        try:
            messages.success(request, _carry_out(record, form.cleaned_data, request))
        except MoveNotAllowed as refusal:
            form.add_error("reason", str(refusal))
    if form.errors:
        return _show(request, meeting, _opened(request, meeting, reference, {"what": "file"}), form)
    return redirect("admin:desk:child", meeting.slug, reference)


def _carry_out(record: ChildRecord, said: dict[str, Any], request: StaffRequest) -> str:
    """Do it; what was done, for the screen."""
    alias = {"alias": record.registration.display_name}
    if said["move"] == "clear":
        gate.clear(record.pk, by=request.user)
        return _("%(alias)s is cleared and approved. Those who send are told.") % alias
    if said["move"] == "refuse":
        gate.refuse(record.pk, by=request.user, reason=said["reason"])
        return _("%(alias)s is not cleared. Those who send are told where to read why.") % alias
    if said["move"] == "ask":
        gate.ask_for_more(record.pk, by=request.user, reason=said["reason"])
        return _("The file of %(alias)s is back with those who send.") % alias
    gate.confirm_same_sex(record.pk, by=request.user)
    return _("Confirmed for %(alias)s.") % alias


@never_cache
@require_GET
@desk_view(rules.can_see_children)
def paper(request: StaffRequest, meeting: Meeting, reference: str, pk: int) -> HttpResponseBase:
    """A paper of the file, unsealed, as a download named after its kind. Each read is written down."""
    given = ChildConsent.objects.filter(record__registration__meeting=meeting, withdrawn_at=None)
    found = get_object_or_404(given, pk=pk, record__registration__reference=reference)
    _opened(request, meeting, reference, {"what": "paper", "kind": found.kind})
    response = HttpResponse(papers.content(found), content_type=found.media_type)
    name = f"{reference}-{found.kind}.{EXTENSIONS.get(found.media_type, 'bin')}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
