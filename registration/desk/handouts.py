"""Papers for the room: chosen on one page, each made at once, each written into the history."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from meeting.models import AuditEntry, Meeting, User

from .. import rules
from ..handouts import door, labels, missing, plates, seating, sheet
from ..handouts.sheet import Sheet
from ..handouts.typeset import CannotPrint
from ..models import Statement
from .access import StaffRequest, desk_view
from .handout_forms import WHAT, PaperForm, SeatForm, StatementForm

TYPES = {"pdf": "application/pdf", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
Chosen = dict[str, Any]


@dataclass(frozen=True)
class Paper:
    """A list, as PDF and as a workbook; `sheets` makes it of what was chosen."""

    title: Any
    sheets: Callable[[Meeting, User, Chosen], list[Sheet]]


PAPERS = {
    "door": Paper(
        gettext_lazy("Door list"),
        lambda m, u, c: [door.door_list(m, u, c["language"], category=c["category"])],
    ),
    "sign-in": Paper(
        gettext_lazy("Sign-in sheets"),
        lambda m, u, c: door.sign_in_sheets(m, u, c["language"], c["sessions"], category=c["category"]),
    ),
    "seating": Paper(gettext_lazy("Seating order"), lambda m, u, _c: [seating.sheet(m, u)]),
    "no-letter": Paper(gettext_lazy("Delegations without a letter"), lambda m, u, _c: [missing.without_a_letter(m, u)]),
    "not-registered": Paper(
        gettext_lazy("Invited and not registered"), lambda m, u, _c: [missing.not_registered(m, u)]
    ),
    "statements": Paper(gettext_lazy("Statements"), lambda m, u, _c: [missing.statements(m, u)]),
}
NAMEPLATES, LABELS = "nameplates", "labels"


@never_cache
@require_safe
@desk_view(rules.can_export)
def handouts(request: StaffRequest, meeting: Meeting) -> HttpResponseBase:
    start = seating.first_seat(meeting)
    context = {
        "meeting": meeting,
        "section": "people",
        "form": PaperForm(request.GET, meeting, request.user),
        "what": WHAT,
        "start": seating.told(start, meeting) if start else "",
        "governments": seating.governments(meeting, request.user, start.language if start else "en"),
        "seat_language": start.language if start else "en",
    }
    return render(request, "desk/handouts.html", context)


@never_cache
@require_safe
@desk_view(rules.can_export)
def handout(request: StaffRequest, meeting: Meeting, paper: str) -> HttpResponseBase:
    """One paper, such as door.pdf; what was chosen for it stands in the query."""
    name, _dot, extension = paper.rpartition(".")
    if not _is_there(name, extension):
        raise Http404
    form = PaperForm(request.GET, meeting, request.user, is_sent=True)
    if not form.is_valid():
        return _back(request, meeting, form.first_error())
    chosen = form.chosen()
    try:
        with override(chosen["language"]):
            content, count = _made(name, extension, meeting, request.user, chosen)
    except CannotPrint as refused:
        return _back(request, meeting, str(refused))
    _record(request, meeting, name, extension, count)
    return _download(content, meeting, name, extension)


def _is_there(name: str, extension: str) -> bool:
    return extension in TYPES if name in PAPERS else name in (NAMEPLATES, LABELS) and extension == "pdf"


def _made(name: str, extension: str, meeting: Meeting, user: User, chosen: Chosen) -> tuple[bytes, int]:
    """The file, and how many rows, plates or labels it has."""
    if name == NAMEPLATES:
        drawn = _plates(meeting, user, chosen)
        return plates.pdf(meeting, drawn, chosen["language"]), len(drawn)
    if name == LABELS:
        lines = labels.labels(meeting, user, chosen["language"], category=chosen["category"])
        return labels.pdf(meeting, lines, chosen["stock"], first=chosen["first"]), len(lines)
    paper = PAPERS[name]
    sheets = paper.sheets(meeting, user, chosen)
    if not sheets:
        raise CannotPrint(_("There is no session to sign in to. Sessions are written in the programme."))
    content = sheet.xlsx(sheets) if extension == "xlsx" else sheet.pdf(meeting, str(paper.title), sheets)
    return content, sum(one.count for one in sheets)


def _plates(meeting: Meeting, user: User, chosen: Chosen) -> list[plates.Plate]:
    language, category = chosen["language"], chosen["category"]
    if chosen["what"] == plates.OFFICERS:
        return plates.for_officers(meeting, user, language)
    if chosen["what"] == plates.PEOPLE:
        return plates.for_people(meeting, user, language, category=category, delegation=chosen["delegation"])
    return plates.for_delegations(meeting, user, chosen["languages"], category=category, everybody=chosen["everybody"])


def _record(request: StaffRequest, meeting: Meeting, name: str, extension: str, count: int) -> None:
    """Written before it leaves."""
    detail = {"format": extension, "filter": request.GET.urlencode()[:500], "count": count}
    AuditEntry.objects.create(
        meeting=meeting, by=request.user, action=AuditEntry.Action.EXPORT, about=f"{name}.{extension}", detail=detail
    )


def _download(content: bytes, meeting: Meeting, name: str, extension: str) -> HttpResponse:
    today = timezone.now().astimezone(meeting.zone).date()
    response = HttpResponse(content, content_type=TYPES[extension])
    response["Content-Disposition"] = f'attachment; filename="{meeting.slug}-{name}-{today:%Y-%m-%d}.{extension}"'
    response["Cache-Control"] = "no-store, private"
    return response


def _back(request: StaffRequest, meeting: Meeting, problem: str) -> HttpResponseBase:
    """To the page, with what was chosen still chosen."""
    messages.error(request, problem)
    query = request.GET.urlencode()
    return redirect(reverse("admin:desk:handouts", args=[meeting.slug]) + (f"?{query}" if query else ""))


@require_POST
@desk_view(rules.can_export)
def seat(request: StaffRequest, meeting: Meeting) -> HttpResponseBase:
    """Who begins: drawn by lot, or chosen. Each time is kept."""
    form = SeatForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose the language in whose order the names stand."))
    else:
        _seat(request, meeting, form.cleaned_data)
    return redirect(reverse("admin:desk:handouts", args=[meeting.slug]) + "#seating")


def _seat(request: StaffRequest, meeting: Meeting, said: dict[str, Any]) -> None:
    try:
        if said["by_lot"]:
            start = seating.draw(meeting, request.user, said["language"])
        else:
            start = seating.choose(meeting, request.user, said["language"], said["first"])
    except ValueError as refused:
        messages.error(request, str(refused))
        return
    messages.success(request, seating.told(start, meeting))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(rules.can_export)
def statements(request: StaffRequest, meeting: Meeting) -> HttpResponseBase:
    """Who has spoken, noted by hand."""
    form = StatementForm(request.POST if request.method == "POST" else None, meeting, request.user)
    if request.method == "POST" and form.is_valid():
        statement = form.save()
        messages.success(request, _("Noted: %(name)s has spoken.") % {"name": statement.delegation.name})
        return redirect("admin:desk:statements", meeting.slug)
    noted = Statement.objects.filter(meeting=meeting, delegation__in=form.fields["delegation"].queryset)  # type: ignore[attr-defined]
    context = {
        "meeting": meeting,
        "section": "people",
        "form": form,
        "noted": noted.select_related("delegation", "by").order_by("-at", "-pk"),
    }
    return render(request, "desk/statements.html", context, status=422 if form.errors else 200)


@require_POST
@desk_view(rules.can_export)
def statement_remove(request: StaffRequest, meeting: Meeting, pk: int) -> HttpResponseBase:
    """Noted by mistake. Pressed twice it is gone as well."""
    Statement.objects.filter(meeting=meeting, pk=pk).delete()
    return redirect("admin:desk:statements", meeting.slug)
