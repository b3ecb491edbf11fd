"""The attendee list on the screen, and its exports."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import FileResponse, HttpResponseBase, QueryDict, StreamingHttpResponse
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
from ..lists.asked import columns_of, fill
from ..lists.columns import Columns, asked_of, screen_columns
from ..lists.filters import PeopleFilter, people_of
from ..lists.order import page_after
from ..lists.paging import Capped, capped_counts
from ..lists.reach import fails
from ..lists.rows import ListQuery
from ..lists.wanted import leaving, wanted_by
from ..models import Registration, Status
from ..models.registration import RegistrationQuerySet
from . import saved_views
from .access import StaffRequest, desk_view

PAGE = 100
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@desk_view(rules.can_read)
def people(request: StaffRequest, meeting: Meeting) -> HttpResponseBase:
    answers = columns_of(meeting, request.user)
    asked = PeopleFilter(request.GET, meeting, answers, request.user)
    wanted = asked.narrow(people_of(meeting, request.user))
    shown_tabs = tabs(asked, meeting, request.user)
    count = next(tab["count"] for tab in shown_tabs if tab["is_current"])
    rows, more = page_after(
        meeting, wanted.annotate(address_fails=fails()), request.GET.get("after", ""), PAGE, are_many=count.is_more
    )
    fill(rows, asked.shown)
    context = {
        "meeting": meeting,
        "section": "people",
        "filter": asked,
        "menus": [asked.menu(name) for name in ("category", "modality", "mail")],
        "groups": grouped(rows, wanted),
        "columns": [*screen_columns(), *asked.shown],
        "answers": answers,
        "following": asked.query(after=rows[-1].reference) if more else "",
        "is_first_page": not request.GET.get("after"),
        "is_empty": not rows,
        "count": count,
        "can_export": rules.can_export(request.user, meeting),
        "can_decide": (can_decide := rules.can_decide(request.user, meeting)),
        "duplicates": open_count(meeting, request.user) if can_decide else None,
        "export_columns": len(leaving(asked, answers)),
        "restricted": [c.heading for c in answers if c.is_restricted and c not in asked.shown],
        "now": timezone.now(),
        **_with_saved(asked, meeting, request.user, shown_tabs),
    }
    return render(request, "desk/people.html", context)


def _with_saved(asked: PeopleFilter, meeting: Meeting, user: User, shown: list[dict[str, Any]]) -> dict[str, Any]:
    """The tabs of states and those somebody keeps; one alone is where one stands."""
    kept = saved_views.tabs(asked, meeting, user, is_taken=asked.query() == asked.query_of(_only_status(asked)))
    if any(view["is_current"] for view in kept["saved"]):
        shown = [{**tab, "is_current": False} for tab in shown]
    return {**kept, "tabs": shown, "query": asked.query()}


def _only_status(asked: PeopleFilter) -> dict[str, str]:
    return {"status": asked.value("status") or ""}


def tabs(asked: PeopleFilter, meeting: Meeting, user: User) -> list[dict[str, Any]]:
    """Everybody, then each status that somebody has, with counts under the other filters; from one statement.

    The view has let the reader in; counting does not ask for the role again, only for the reader's limits.
    """
    everybody = Registration.objects.filter(meeting=meeting).without_children_who_left().within_limits(user)
    of_all_states = PeopleFilter(_without_status(asked), meeting, list(asked.asked.values()), user)
    of_all_states.found = asked.found
    others = of_all_states.narrow(everybody)
    labels = {s.value: str(s.label) for s in Status if s != Status.DRAFT}
    counts = capped_counts({value: others.filter(status=value) for value in labels})
    counts[""] = Capped(sum(count.number for count in counts.values()))
    now = asked.value("status") or ""
    return [
        {"label": label, "count": counts[value], "query": asked.query(status=value), "is_current": value == now}
        for value, label in {"": _("Everybody"), **labels}.items()
        if counts[value] or value in ("", now)
    ]


def _without_status(asked: PeopleFilter) -> QueryDict:
    return QueryDict(asked.query(status=""))


def grouped(rows: list[Registration], wanted: RegistrationQuerySet) -> list[dict[str, Any]]:
    """The page by delegation, each with how many of it the filter leaves in all."""
    ids = {row.delegation_id for row in rows}
    totals = wanted.filter(delegation__in=ids).order_by().values_list("delegation").annotate(n=Count("*"))
    counts = dict(totals) if ids else {}
    groups: dict[int, dict[str, Any]] = {}
    for row in rows:
        fresh = {"delegation": row.delegation, "rows": [], "count": counts.get(row.delegation_id, 0)}
        groups.setdefault(row.delegation_id, fresh)["rows"].append(row)
    return list(groups.values())


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
