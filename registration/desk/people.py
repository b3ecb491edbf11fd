"""The attendee list on the screen, and its exports."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_safe

from meeting.models import AuditEntry, Meeting, User

from .. import rules
from ..duplicates.pairs import open_count
from ..lists import csv_export, xlsx_export
from ..lists.asked import columns_of
from ..lists.columns import Columns, asked_of
from ..lists.filters import PeopleFilter, people_of
from ..lists.order import Group
from ..lists.paging import Capped
from ..lists.rows import ListQuery
from ..lists.totals import all_totals
from ..lists.wanted import leaving, wanted_by
from ..models.registration import RegistrationQuerySet
from . import choosing, people_page, people_views
from .access import StaffRequest, desk_view

PAGE = 100
MOST_PRINTED = 2000
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@desk_view(rules.can_read)
def people(request: StaffRequest, meeting: Meeting) -> HttpResponseBase:
    answers = columns_of(meeting, request.user)
    asked = PeopleFilter(request.GET, meeting, answers, request.user)
    with_contact = rules.can_read_contact(request.user, meeting)
    if (tidy := choosing.tidied(request.GET, asked, with_contact=with_contact)) is not None:
        return redirect(f"?{tidy}")
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


@require_GET
@desk_view(rules.can_export)
def export_csv(request: StaffRequest, meeting: Meeting) -> HttpResponseBase:
    """The list under this filter as CSV. `bom=1` puts a byte-order mark first, for old spreadsheets."""
    wanted, columns = wanted_by(request.user, meeting, request.GET)
    _record(request, wanted, columns, "csv")
    chunks = csv_export.stream(wanted, columns, bom=request.GET.get("bom") == "1")
    response = StreamingHttpResponse(chunks, content_type="text/csv; charset=utf-8")
    return _as_download(response, meeting, "csv")


@require_GET
@desk_view(rules.can_export)
def export_xlsx(request: StaffRequest, meeting: Meeting) -> HttpResponseBase:
    wanted, columns = wanted_by(request.user, meeting, request.GET)
    if wanted.count() > xlsx_export.MOST_ROWS:
        return _too_many(request, meeting)
    _record(request, wanted, columns, "xlsx")
    response = FileResponse(xlsx_export.write(wanted, columns), content_type=XLSX_TYPE)
    return _as_download(response, meeting, "xlsx")


def _record(request: StaffRequest, wanted: ListQuery, columns: Columns, file_format: str) -> None:
    """Written before the first row leaves: an export that broke off has still shown people's data."""
    restricted = [c.name for c in asked_of(columns) if c.is_restricted]
    detail = {"format": file_format, "filter": wanted.asked, "count": wanted.count()}
    AuditEntry.objects.create(
        meeting=wanted.meeting,
        by=request.user,
        action=AuditEntry.Action.EXPORT,
        about=file_format.upper(),
        detail=detail | ({"restricted": restricted} if restricted else {}),
    )


def _too_many(request: StaffRequest, meeting: Meeting) -> HttpResponseBase:
    most = number_format(xlsx_export.MOST_ROWS, use_l10n=True, force_grouping=True)
    messages.error(
        request,
        _("A workbook holds at most %(most)s people here. Filter the list, or take CSV, which has no limit.")
        % {"most": most},
    )
    query = PeopleFilter(request.GET, meeting, columns_of(meeting, request.user)).query()
    return redirect(f"{reverse('admin:desk:people', args=[meeting.slug])}?{query}")


def _as_download(response: Any, meeting: Meeting, extension: str) -> Any:
    today = timezone.now().astimezone(meeting.zone).date()
    response["Content-Disposition"] = f'attachment; filename="{meeting.slug}-people-{today:%Y-%m-%d}.{extension}"'
    response["Cache-Control"] = "no-store, private"
    return response
