"""Young people of a delegation: the sending organisation keeps their files. Nobody else opens these pages."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ..focal.access import DelegationRequest, delegation_view
from ..models import Channel, ChildConsent, ChildRecord, Delegation, Registration, RoleInDelegation, Status
from ..outside import as_told
from ..safeguarding import filing, gate, intake, leaving
from ..safeguarding.forms import AddChildForm, FileForm, PaperForm
from ..workflow import MoveNotAllowed

View = Callable[..., HttpResponseBase]
CAN_BE_SENT = (Status.DRAFT, Status.RETURNED, Status.REJECTED, Status.WITHDRAWN)


def senders_only(view: View) -> View:
    """`view(request, delegation, …)` for the focal points; an organiser who helps with a roster stays out."""

    @wraps(view)
    def guarded(request: DelegationRequest, delegation: Delegation, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.is_organiser:
            raise PermissionDenied
        return view(request, delegation, *args, **kwargs)

    return never_cache(delegation_view(guarded))


def of_record(view: View) -> View:
    """`view(request, record)` for one young person of this delegation; somebody else's is a 404."""

    @wraps(view)
    def find(request: DelegationRequest, delegation: Delegation, reference: str) -> HttpResponseBase:
        around = (
            "registration__meeting__venue",
            "registration__delegation__category",
            "registration__delegation__entity",
        )
        records = filing.sent_by(delegation, request.actor).select_related(*around)
        return view(request, get_object_or_404(records, registration__reference=reference))

    return senders_only(find)


@require_http_methods(["GET", "POST"])
@senders_only
def children(request: DelegationRequest, delegation: Delegation) -> HttpResponseBase:
    """The young people of a delegation, and the way to add one. What is typed goes into the sealed record at once."""
    form = AddChildForm(request.POST or None, meeting=delegation.meeting)
    if request.method == "POST" and form.is_valid():
        try:
            return to_file(_add(delegation, form.cleaned_data, request))
        except MoveNotAllowed as refusal:
            form.add_error(None, str(refusal))
    records = filing.sent_under(delegation, request.actor).order_by("registration__display_name")
    context = {
        **around(delegation),
        "form": form,
        "records": [(as_told_outside(record), n) for record, n in gate.with_missing(records)],
    }
    return render(request, "roster/children.html", context, status=422 if form.errors else 200)


def _add(delegation: Delegation, said: dict[str, Any], request: DelegationRequest) -> ChildRecord:
    row = Registration(
        meeting=delegation.meeting, delegation=delegation, role=RoleInDelegation.OBSERVER, channel=Channel.ROSTER
    )
    record = intake.take_in(row, legal_name=said["legal_name"], birth_date=said["birth_date"], by=request.actor)
    messages.success(request, _("%s is the alias. Now fill in the file.") % record.registration.display_name)
    return record


def as_told_outside(record: ChildRecord) -> ChildRecord:
    """The file for showing: what the safeguarding lead has decided and can still undo is not told yet."""
    if record.registration.told_status != record.registration.status:
        record.state = ChildRecord.State.OPEN
        as_told([record.registration])
    return record


@require_safe
@of_record
def child(request: DelegationRequest, record: ChildRecord) -> HttpResponseBase:
    """The file as its senders see it: what is given and what is missing, but no paper."""
    return show(request, record, PaperForm())


def show(request: DelegationRequest, record: ChildRecord, form: PaperForm) -> HttpResponseBase:
    row = as_told_outside(record).registration
    context = {
        **around(row.delegation),
        "record": record,
        "registration": row,
        "missing": gate.missing(record),
        "papers": filing.given_words(record),
        "chaperones": gate.chaperones_of(record),
        "form": form,
        "wrong": form.data.get("kind") if form.is_bound else "",
        "can_be_sent": row.status in CAN_BE_SENT,
        "can_leave": row.status not in (Status.DRAFT, Status.REJECTED, Status.WITHDRAWN),
    }
    return render(request, "roster/child.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@of_record
def child_about(request: DelegationRequest, record: ChildRecord) -> HttpResponseBase:
    """Who the young person is, guardian, chaperones, and the media choice."""
    form = FileForm(request.POST or None, record=record)
    if request.method == "POST" and form.is_valid():
        try:
            row = filing.write(record.pk, form.cleaned_data, form.media_choice(), by=request.actor)
        except MoveNotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            return _written(request, record, row)
    context = {
        **around(record.registration.delegation),
        "record": record,
        "form": form,
        "registration": record.registration,
    }
    return render(request, "roster/child_about.html", context, status=422 if form.errors else 200)


def _written(request: DelegationRequest, record: ChildRecord, row: Registration) -> HttpResponseBase:
    if row.is_minor:
        messages.success(request, _("The file is saved."))
        return to_file(record)
    messages.success(request, _("18 or over at the meeting: the row is back on the roster, and the file is destroyed."))
    return redirect("roster:workspace", row.meeting.slug, row.delegation.reference)


@require_POST
@of_record
def child_paper(request: DelegationRequest, record: ChildRecord) -> HttpResponseBase:
    """One paper given, in the place of an earlier one, or withdrawn."""
    if request.POST.get("move") == "withdraw":
        kind = request.POST.get("kind", "")
        if kind in ChildConsent.Kind.values:
            filing.take_back(record.pk, kind, by=request.actor)
            messages.success(request, _("The paper is withdrawn, and its file destroyed."))
        return to_file(record)
    form = PaperForm(request.POST, request.FILES)
    if not form.is_valid() or form.accepted is None:
        return show(request, record, form)
    filing.give(record.pk, form.cleaned_data["kind"], form.accepted, form.cleaned_data["given_on"], by=request.actor)
    messages.success(request, _("The paper is in the sealed file."))
    return to_file(record)


@require_POST
@of_record
def child_move(request: DelegationRequest, record: ChildRecord) -> HttpResponseBase:
    """Send the file, or say that the young person does not come: nobody asks why."""
    try:
        if request.POST.get("move") == "send":
            filing.send(record.pk, by=request.actor)
            messages.success(request, _("The safeguarding lead has it now, and decides."))
        elif request.POST.get("move") == "leave":
            leaving.withdraw(record.pk, by=request.actor)
            messages.success(request, _("Withdrawn. Nobody is told, and no trace is left outside the sealed file."))
    except MoveNotAllowed as refusal:
        messages.warning(request, str(refusal))
    return to_file(record)


def around(delegation: Delegation) -> dict[str, Any]:
    return {"meeting": delegation.meeting, "delegation": delegation, "section": "roster"}


def to_file(record: ChildRecord) -> HttpResponseBase:
    row = record.registration
    return redirect("roster:child", row.meeting.slug, row.delegation.reference, row.reference)
