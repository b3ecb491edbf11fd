"""The history of a meeting, of a delegation, of a person; and all of it as a file for an auditor."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase, QueryDict, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_safe

from meeting.models import Meeting

from .. import rules
from ..history import export
from ..history.lines import page
from ..history.reading import HistoryFilter, Reader
from ..history.sources import Place
from ..lists.filters import people_of
from ..models import Delegation, review_limits
from .access import StaffRequest, desk_view

PAGE = 50


@never_cache
@require_safe
@desk_view(rules.can_read_history)
def meeting_history(request: StaffRequest, meeting: Meeting) -> HttpResponseBase:
    """Everything that happened, under the filter that was asked for."""
    asked = HistoryFilter(request.GET, meeting)
    return _show(request, meeting, asked, section="history", form=asked, chips=asked.chips())


@never_cache
@require_safe
@desk_view(rules.can_read)
def registration_history(request: StaffRequest, meeting: Meeting, reference: str) -> HttpResponseBase:
    """What happened to one person, for whoever may read the person."""
    person = get_object_or_404(people_of(meeting, request.user).select_related("delegation"), reference=reference)
    asked = HistoryFilter(_only(person=person.reference), meeting)
    return _show(request, meeting, asked, section="queue", person=person)


@never_cache
@require_safe
@desk_view(rules.can_read)
def delegation_history(request: StaffRequest, meeting: Meeting, delegation: str) -> HttpResponseBase:
    """What happened to a delegation and everybody in it."""
    found = get_object_or_404(_delegations_of(meeting, request.user), reference=delegation)
    asked = HistoryFilter(_only(delegation=found.reference), meeting)
    return _show(request, meeting, asked, section="delegations", delegation=found)


def _delegations_of(meeting: Meeting, user: Any) -> Any:
    """Those in the categories that the reader reviews; all, where there is no limit."""
    limits = review_limits(user)
    found = Delegation.objects.filter(meeting=meeting).select_related("category")
    return found.filter(category__in=limits[meeting.pk]) if meeting.pk in limits else found


def _only(**filters: str) -> QueryDict:
    data = QueryDict(mutable=True)
    data.update(filters)
    return data


def _show(request: StaffRequest, meeting: Meeting, asked: HistoryFilter, **more: Any) -> HttpResponseBase:
    place = Place.parse(request.GET.get("after", ""))
    found = page(Reader(request.user, meeting), asked, place, PAGE)
    kept = asked.query if "form" in more else QueryDict(mutable=True).urlencode
    context = {
        "meeting": meeting,
        "lines": found.lines,
        "is_first_page": place is None,
        "first": kept(),
        "following": _with_place(kept(), found.following),
        "may_read_all": rules.can_read_history(request.user, meeting),
        **more,
    }
    return render(request, "desk/history.html", context)


def _with_place(query: str, place: Place | None) -> str:
    """The query string of the next page; empty where there is none."""
    if place is None:
        return ""
    data = QueryDict(query, mutable=True)
    data["after"] = str(place)
    return data.urlencode()


@require_GET
@desk_view(rules.can_read_history)
def history_export(request: StaffRequest, meeting: Meeting) -> HttpResponseBase:
    """What the filter leaves, as CSV; the export stands in the history itself."""
    reader, asked = Reader(request.user, meeting), HistoryFilter(request.GET, meeting)
    export.record(reader, asked)
    response = StreamingHttpResponse(export.stream(reader, asked), content_type="text/csv; charset=utf-8")
    today = timezone.now().astimezone(meeting.zone).date()
    response["Content-Disposition"] = f'attachment; filename="{meeting.slug}-history-{today:%Y-%m-%d}.csv"'
    response["Cache-Control"] = "no-store, private"
    return response
