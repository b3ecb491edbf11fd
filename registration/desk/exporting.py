"""A list leaves: what it holds, in which format and what for; at once, or by a worker when it takes longer."""

from __future__ import annotations

import datetime
import json
import uuid
from typing import Any

from django.http import FileResponse, HttpResponseBase, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from meeting.models import AuditEntry, Meeting

from .. import rules
from ..exports import jobs, making, recording
from ..exports.choosing import Choice, choose
from ..exports.options import AT_ONCE, STREAMED, Options, type_of
from ..exports.vcard import sharing
from ..lists.asked import columns_of
from ..lists.columns import asked_of
from ..lists.filters import PeopleFilter
from ..models import ExportFormat
from ..models.review import QUERY_LENGTH
from .access import StaffRequest, desk_view
from .export_forms import ExportForm
from .people_page import title
from .people_views import opened

SAME = datetime.timedelta(minutes=1)  # in which one page that is sent twice is one export


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(rules.can_export)
def export(request: StaffRequest, meeting: Meeting) -> HttpResponseBase:
    """What leaves, and the choice of how; on POST the file, or the page of the job that makes it."""
    answers = columns_of(meeting, request.user)
    asked = PeopleFilter(request.GET, meeting, answers, request.user)
    shown = choose(request.user, meeting, request.GET, ExportFormat.XLSX, Options())
    left_out = [c for c in answers if c.is_restricted and c not in asked_of(shown.columns)]
    is_close = bool(shown.restricted or shown.has_contact)
    form = ExportForm(
        request.POST if request.method == "POST" else None,
        wanted=request.GET.get("format", ""), offers_restricted=bool(left_out), is_close=is_close,
    )  # fmt: skip
    view = opened(asked, meeting, request.user)
    if form.is_valid() and (answer := _answer(request, meeting, form, view.name if view else "")):
        return answer
    context = {
        "meeting": meeting,
        "section": "people",
        "form": form,
        "filter": asked,
        "title": title(asked, view.name if view else ""),
        "view": view,
        "count": (count := shown.count()),
        "said": number_format(count, force_grouping=True),
        "at_once": number_format(AT_ONCE, use_l10n=True, force_grouping=True),
        "sharing": sharing(shown.wanted).count(),
        "columns": shown.columns,
        "restricted": [c.heading for c in asked_of(shown.columns) if c.is_restricted],
        "left_out": [c.heading for c in left_out],
        "has_contact": shown.has_contact,
        "query": request.GET.urlencode(),
    }
    return render(request, "desk/export.html", context, status=422 if form.errors else 200)


def _answer(request: StaffRequest, meeting: Meeting, form: ExportForm, view: str) -> HttpResponseBase | None:
    """The file, or the way to its job; none where the form says what to do instead."""
    given = form.cleaned_data
    choice = choose(request.user, meeting, _data(request, given), given["format"], form.options, view=view)
    count, most = choice.count(), choice.most()
    if most is not None and count > most:
        form.add_error("format", jobs.too_many(most))
        return None
    if choice.is_for_a_worker(count):
        if len(choice.query) > QUERY_LENGTH:
            form.add_error(None, _("These are more filters and columns than we can keep. Take some away."))
            return None
        job = jobs.ask(choice, request.user, token=_token(choice, given), reason=given["reason"])
        return redirect("admin:desk:export_job", meeting.slug, job.token)
    try:
        response = _file(choice)
    except OSError:
        form.add_error(None, _("The file could not be stored. Tell the administrator, or take CSV."))
        return None
    _record(request, meeting, choice, count, given)
    return response


def _data(request: StaffRequest, given: dict[str, Any]) -> QueryDict:
    """The list as the address says, and whether its restricted answers leave as the form says."""
    data = request.GET.copy()
    data.pop("format", None)
    if given.get("needs"):
        data["with"] = "needs"
    else:
        data.pop("with", None)
    return data


def _file(choice: Choice) -> HttpResponseBase:
    content_type = type_of(choice.format, choice.options)
    response: HttpResponseBase
    if choice.format in STREAMED:
        response = StreamingHttpResponse(making.stream(choice), content_type=content_type)
    else:
        response = FileResponse(making.build(choice), content_type=content_type)
    return as_download(response, making.file_name(choice.wanted.meeting, choice.format, choice.options))


def as_download(response: Any, name: str) -> Any:
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store, private"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _token(choice: Choice, given: dict[str, Any]) -> uuid.UUID:
    """The same where one page is sent twice with the same choice, and only then."""
    same = json.dumps([choice.query, choice.format, choice.options.as_json(), given["reason"]])
    return uuid.uuid5(given["token"], same)


def _record(request: StaffRequest, meeting: Meeting, choice: Choice, count: int, given: dict[str, Any]) -> None:
    """Whoever presses twice has exported once."""
    token = str(_token(choice, given))
    ours = AuditEntry.objects.filter(meeting=meeting, action=AuditEntry.Action.EXPORT, by=request.user)
    if not ours.filter(at__gte=timezone.now() - SAME, detail__token=token).exists():
        held = recording.held_by(choice, count)
        recording.record(meeting, held, by=request.user, reason=given["reason"], token=token)
