"""The attendee list, on the screen and as a sheet of paper."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import number_format
from django.views.decorators.http import require_safe

from meeting.models import Meeting, User

from .. import rules
from ..duplicates.pairs import open_count
from ..lists.asked import columns_of
from ..lists.filters import PeopleFilter, people_of
from ..lists.order import Group
from ..lists.paging import Capped
from ..lists.totals import all_totals
from ..lists.wanted import leaving
from ..models import ExportFormat
from ..models.registration import RegistrationQuerySet
from . import choosing, people_page, people_views
from .access import StaffRequest, desk_view

PAGE = 100
MOST_PRINTED = 2000


@require_safe
@desk_view(rules.can_read)
def people(request: StaffRequest, meeting: Meeting) -> HttpResponseBase:
    answers = columns_of(meeting, request.user)
    asked = PeopleFilter(request.GET, meeting, answers, request.user)
    with_contact = rules.can_read_contact(request.user, meeting)
    if (tidy := choosing.tidied(request.GET, asked, with_contact=with_contact)) is not None:
        return HttpResponseRedirect(f"?{tidy}")
    wanted = asked.narrow(people_of(meeting, request.user))
    shown_tabs = people_page.tabs(asked, meeting, request.user)
    count = next(tab["count"] for tab in shown_tabs if tab["is_current"])
    columns = people_page.shown_columns(asked, with_contact=with_contact)
    begins = request.GET.get("after", "")
    rows, more = people_page.page_of(asked, wanted, columns, begins, PAGE, are_many=count.is_more)
    kept = people_views.tabs(asked, meeting, request.user, shown_tabs)
    context = {
        "meeting": meeting,
        "section": "people",
        "filter": asked,
        "title": people_page.title(asked, kept["view_name"]),
        "how_many": people_page.how_many(count, wanted),
        "groups": people_page.grouped(rows, wanted, asked.order.group),
        "is_grouped": asked.order.group != Group.NONE,
        "columns": columns,
        "answers": answers,
        "choices": choosing.choices(asked, columns, answers, with_contact=with_contact),
        "is_choosing": "choosing" in request.GET,
        "menus": choosing.menus(asked),
        "usual_columns": asked.query(columns="", show=""),
        "status_chip": people_page.status_chip(asked),
        "following": asked.query(after=rows[-1].reference) if more else "",
        "is_first_page": not begins,
        "is_empty": not rows,
        "count": count,
        "restricted": [c.heading for c in answers if c.is_restricted and c not in asked.shown],
        "now": timezone.now(),
        **_totals(request, asked, wanted, count),
        **_acts(request.user, meeting),
        "export_formats": ExportFormat.values,
        "export_columns": len(leaving(asked, answers, with_contact=with_contact)),
        **kept,
    }
    return render(request, "desk/people.html", context)


def _acts(user: User, meeting: Meeting) -> dict[str, Any]:
    """What the reader may do beside reading."""
    can_decide = rules.can_decide(user, meeting)
    return {
        "can_export": rules.can_export(user, meeting),
        "can_decide": can_decide,
        "duplicates": open_count(meeting, user) if can_decide else None,
    }


def _totals(request: StaffRequest, asked: PeopleFilter, wanted: RegistrationQuerySet, count: Capped) -> dict[str, Any]:
    """Every group with its number: where they are few at once, else when asked for, since all of them are read."""
    group, is_wanted = asked.order.group, "totals" in request.GET
    if group == Group.NONE or not count or (count.is_more and not is_wanted):
        return {"totals": [], "totals_query": asked.query(totals="1") if count and group != Group.NONE else ""}
    found = all_totals(wanted, asked.meeting, group)
    return {"totals": found, "total": sum(t.count for t in found), "is_totalling": is_wanted}


@require_safe
@desk_view(rules.can_read)
def print_people(request: StaffRequest, meeting: Meeting) -> HttpResponseBase:
    """The view as a sheet of paper: all of it, up to `MOST_PRINTED`."""
    answers = columns_of(meeting, request.user)
    asked = PeopleFilter(request.GET, meeting, answers, request.user)
    wanted = asked.narrow(people_of(meeting, request.user))
    columns = people_page.shown_columns(asked, with_contact=rules.can_read_contact(request.user, meeting))
    rows, more = people_page.page_of(asked, wanted, columns, "", MOST_PRINTED, are_many=False)
    view = people_views.opened(asked, meeting, request.user)
    context = {
        "meeting": meeting,
        "filter": asked,
        "title": people_page.title(asked, view.name if view else ""),
        "columns": columns,
        "groups": [] if more else people_page.grouped(rows, wanted, asked.order.group),
        "is_grouped": asked.order.group != Group.NONE,
        "are_too_many": more,
        "most": number_format(MOST_PRINTED, use_l10n=True, force_grouping=True),
        "count": len(rows),
        "can_export": rules.can_export(request.user, meeting),
        "now": timezone.now(),
    }
    return render(request, "desk/people_print.html", context)
