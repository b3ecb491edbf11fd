"""The letters of a delegation's people, for its focal points."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from ..focal.access import DelegationRequest, delegation_view
from ..issuing import taking
from ..issuing.standing import CannotIssue
from ..models import Delegation
from ..outside import as_told
from . import board
from .finding import around


@never_cache
@require_safe
@delegation_view
def papers(request: DelegationRequest, delegation: Delegation) -> HttpResponse:
    """Everybody of the delegation who may have letters, and which."""
    people = board.in_order(as_told(list(board.rows_of(delegation))))
    for person in people:
        person.meeting, person.delegation = delegation.meeting, delegation
    offers = taking.offered(delegation.meeting, people)
    rows = [(person, offers[person.pk]) for person in people if offers.get(person.pk)]
    return render(request, "roster/papers.html", {**around(request, delegation), "rows": rows})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@delegation_view
def paper(request: DelegationRequest, delegation: Delegation, reference: str, kind: str, language: str) -> HttpResponse:
    """One letter as PDF, written now where it was not yet."""
    person = get_object_or_404(board.rows_of(delegation), reference=reference)
    person.meeting, person.delegation = delegation.meeting, delegation
    [person] = as_told([person])
    letter = taking.find(person, kind, language)
    if letter is None and request.method == "POST":
        try:
            letter = taking.write(person, kind, by=request.actor)
        except CannotIssue as refusal:
            messages.warning(request, str(refusal))
    elif letter is None:
        messages.info(request, _("This letter is not here any more."))
    if letter is None:
        return redirect("roster:papers", delegation.meeting.slug, delegation.reference)
    return taking.as_pdf(letter, by=request.actor)
