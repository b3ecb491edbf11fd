"""Changes asked for after approval that wait for a decision, longest first."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from meeting.models import Meeting

from .. import field_words, rules
from ..lists.filters import people_of
from ..models import ChangeProposal
from .access import StaffRequest, desk_view

A_PAGE = 50


@never_cache
@require_safe
@desk_view(rules.can_decide)
def changes(request: StaffRequest, meeting: Meeting) -> HttpResponseBase:
    """Each with old and new, and the way to the person, where it is decided."""
    waiting = ChangeProposal.objects.filter(
        state=ChangeProposal.State.OPEN,
        registration__in=people_of(meeting, request.user).filter(is_minor=False),
    ).order_by("made_at", "pk")
    page = Paginator(waiting.select_related("registration__delegation", "by"), A_PAGE).get_page(request.GET.get("page"))
    rows = [(proposal, field_words.differences(proposal.changes, meeting)) for proposal in page]
    return render(request, "desk/changes.html", {"meeting": meeting, "section": "changes", "page": page, "rows": rows})
