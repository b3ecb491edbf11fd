"""The page on which a delegation's focal points are named, handed over and ended; for focal points and organisers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ..models import Delegation, FocalPoint
from . import people
from .access import DelegationRequest, delegation_view
from .forms import NameForm, PersonForm


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@delegation_view
def focal_points(request: DelegationRequest, delegation: Delegation) -> HttpResponse:
    """Who looks after the delegation; a POST names somebody."""
    form = NameForm(request.POST or None, initial={"language": translation.get_language()})
    if request.method == "POST" and form.is_valid():
        try:
            named = people.name_focal_point(delegation, **form.cleaned_data, **acting(request))
        except people.Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("%(who)s is named and has been told by mail.") % {"who": named.shown_name})
            return back(delegation)
    may = people.may_appoint(delegation, request.actor, as_organiser=request.is_organiser)
    return render(request, "focal/people.html", context(request, delegation, form) | {"may_appoint": may})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@delegation_view
def end(request: DelegationRequest, delegation: Delegation, pk: int) -> HttpResponse:
    """Asked once more, then done."""
    focal_point = of_delegation(delegation, pk)
    form = Form(request.POST)  # nothing to type: it only carries a refusal
    if request.method == "POST":
        try:
            people.end(focal_point.pk, **acting(request))
        except people.Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            ended = _("%(who)s does not look after the delegation any more.")
            messages.success(request, ended % {"who": focal_point.shown_name})
            return onwards(request, focal_point)
    return render(request, "focal/end.html", context(request, delegation, form) | {"focal_point": focal_point})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@delegation_view
def hand_over(request: DelegationRequest, delegation: Delegation, pk: int) -> HttpResponse:
    focal_point = of_delegation(delegation, pk)
    form = PersonForm(request.POST or None, initial={"language": translation.get_language()})
    if request.method == "POST" and form.is_valid():
        try:
            named = people.hand_over(focal_point.pk, **form.cleaned_data, **acting(request))
        except people.Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("%(who)s takes over and has been told by mail.") % {"who": named.shown_name})
            return onwards(request, focal_point)
    return render(request, "focal/hand_over.html", context(request, delegation, form) | {"focal_point": focal_point})


def acting(request: DelegationRequest) -> dict[str, Any]:
    return {"by": request.actor, "as_organiser": request.is_organiser}


def of_delegation(delegation: Delegation, pk: int) -> FocalPoint:
    """One whose time has not ended; a number from another delegation is a 404."""
    focal_point = get_object_or_404(people.current(delegation), pk=pk)
    focal_point.delegation = delegation
    return focal_point


def back(delegation: Delegation) -> HttpResponse:
    return redirect("roster:focal_points", delegation.meeting.slug, delegation.reference)


def onwards(request: DelegationRequest, left: FocalPoint) -> HttpResponse:
    """Whoever has ended their own time has no business on the delegation's pages any more."""
    if left.user == request.actor and not request.is_organiser:
        return redirect("focal:mine")
    return back(left.delegation)


def context(request: DelegationRequest, delegation: Delegation, form: Form) -> dict[str, Any]:
    around = {"meeting": delegation.meeting, "is_organiser": request.is_organiser, "form": form, "section": "people"}
    return people.section(delegation) | around
