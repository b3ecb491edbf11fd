"""What the pages of an import show; the same for a focal point's delegation and for a whole meeting."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import models
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from meeting.models import AuditEntry, User

from .. import rows
from ..models import ImportRow, Registration, RosterImport
from . import annotated, headings, service
from .encodings import ENCODINGS
from .table import UnreadableFileError, column_letter

Outcome = ImportRow.Outcome
State = RosterImport.State
PAGE = 100
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
RUNNING = (State.READING, State.COMMITTING)


@dataclass(frozen=True)
class Place:
    """Where the pages stand: their addresses, what they extend, and what else their templates know."""

    addresses: dict[str, str]
    around: dict[str, Any]
    base: str

    def context(self, **more: Any) -> dict[str, Any]:
        wrap = "dwrap" if self.base.startswith("desk") else "wrap"
        return {**self.around, "base": self.base, "wrap": wrap, "addresses": self.addresses, **more}


@dataclass(frozen=True)
class Cell:
    """One cell of a row as the preview shows it."""

    label: str
    text: str
    error: str = ""
    warning: str = ""
    change: tuple[str, str] | None = None
    is_name: bool = False


@dataclass(frozen=True)
class Line:
    number: int
    about: str
    cells: list[Cell]
    besides: list[Cell]  # what changes with them, and stands in no column of the file
    error: str
    warning: str
    is_bad: bool


def sent_file(request: HttpRequest) -> UploadedFile:
    """The file of the form. UnreadableFileError where none was chosen."""
    sent = request.FILES.get("file")
    if not isinstance(sent, UploadedFile):
        raise UnreadableFileError(_("Choose a file first."))
    return sent


def upload(
    request: HttpRequest, place: Place, earlier: list[tuple[RosterImport, str]], error: str = ""
) -> HttpResponse:
    context = place.context(earlier=earlier, error=error)
    return render(request, "imports/upload.html", context, status=422 if error else 200)


def show(request: HttpRequest, job: RosterImport, place: Place) -> HttpResponse:
    """Progress while something is going on, else what came of it. `?progress` is asked for by the script."""
    if "progress" in request.GET:
        return JsonResponse({"running": job.state in RUNNING, "done": job.done, "total": job.total})
    if job.state in RUNNING:
        return render(request, "imports/progress.html", place.context(job=job))
    if job.state == State.LOOKED_AT:
        return render(request, "imports/look.html", place.context(**_look(request, job)))
    return render(request, "imports/ended.html", place.context(**_ended(job)))


def _ended(job: RosterImport) -> dict[str, Any]:
    """What came of it. A child’s row is no draft on the roster that somebody submits there."""
    new = job.rows.filter(outcome=Outcome.CREATED)
    has_drafts = job.state == State.DONE and new.exclude(registration__is_minor=True).exists()
    return {"job": job, "counts": _counts(job), "has_drafts": has_drafts, **_reading(job)}


def _look(request: HttpRequest, job: RosterImport) -> dict[str, Any]:
    counts = _counts(job)
    shown = _asked_for(request, counts)
    page, found = _page(request, job, shown)
    columns = _columns(job)
    lines = [_line(row, columns) for row in found[:PAGE]]
    return {
        "job": job,
        "counts": counts,
        "tabs": [_tab(outcome, counts, shown) for outcome in Outcome if counts[outcome]],
        "shown": shown,
        "columns": [label for _field, label in columns],
        "lines": lines,
        "has_besides": any(line.besides for line in lines),
        "page": page,
        "previous": page - 1,
        "following": page + 1 if len(found) > PAGE else 0,
        "will_change": counts["created"] + counts["updated"],
        **_reading(job),
    }


def _counts(job: RosterImport) -> dict[str, int]:
    return {**dict.fromkeys((*Outcome.values, "waiting", "warned", "children", "delegations"), 0), **job.counts}


def _asked_for(request: HttpRequest, counts: dict[str, int]) -> str:
    """The rows that are shown: those asked for, else the most urgent kind there is."""
    asked = request.GET.get("show", "")
    urgent = (Outcome.ERROR, Outcome.CREATED, Outcome.UPDATED, Outcome.UNCHANGED)
    return asked if asked in Outcome.values else next((o.value for o in urgent if counts[o]), Outcome.ERROR.value)


def _page(request: HttpRequest, job: RosterImport, shown: str) -> tuple[int, list[ImportRow]]:
    asked = request.GET.get("page", "1")
    page = int(asked) if asked.isascii() and asked.isdigit() and 0 < int(asked) < 1_000 else 1
    start = (page - 1) * PAGE
    found = job.rows.filter(outcome=shown).select_related("registration")
    return page, list(found.order_by("number")[start : start + PAGE + 1])


def _tab(outcome: Outcome, counts: dict[str, int], shown: str) -> dict[str, Any]:
    return {"name": outcome.value, "label": outcome.label, "count": counts[outcome], "is_current": outcome == shown}


def _columns(job: RosterImport) -> list[tuple[str, str]]:
    """Field and label of each column that is taken, in the order of the file."""
    known = headings.labels(job.meeting)
    return [(field, known.get(field, field)) for field in job.reading.get("fields", []) if field]


def _line(row: ImportRow, columns: list[tuple[str, str]]) -> Line:
    cells = [
        Cell(
            label,
            row.cells.get(field, ""),
            row.errors.get(field, ""),
            row.warnings.get(field, ""),
            _change(field, row.changes.get(field)),
            field in rows.NAMES,
        )
        for field, label in columns
    ]
    changed = {name: change for name, change in row.changes.items() if name not in row.cells}
    own = rows.labels() if changed else {}
    besides = [Cell(own.get(name, name), "", change=_change(name, change)) for name, change in changed.items()]
    about = row.registration.reference if row.registration else ""
    return Line(row.number, about, cells, besides, row.errors.get("", ""), row.warnings.get("", ""), bool(row.errors))


def _change(field: str, change: list[Any] | None) -> tuple[str, str] | None:
    return (in_words(field, change[0]), in_words(field, change[1])) if change else None


def in_words(field: str, value: Any) -> str:
    """A value of the history as people read it."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if field in ("role", "modality", "language"):
        column = Registration._meta.get_field(field)
        return str(dict(column.flatchoices).get(value, value)) if isinstance(column, models.Field) else str(value)
    return str(value)


def _reading(job: RosterImport) -> dict[str, Any]:
    """How the file was read, for the form that puts it right."""
    said = job.reading
    samples = list(zip_longest(*said.get("sample", []), fillvalue=""))
    fields, names = said.get("fields", []), said.get("headings", [])
    columns = [
        {
            "number": n,
            "heading": name or _("Column %(letter)s") % {"letter": column_letter(n)},
            "field": field,
            "sample": [text for text in (samples[n] if n < len(samples) else ()) if text.strip()][:2],
        }
        for n, (name, field) in enumerate(zip(names, fields, strict=False))
    ]
    return {
        "columns_read": columns,
        "left_out": [c["heading"] for c in columns if not c["field"]],
        "choices": headings.choices(job.meeting, whole_meeting=job.delegation_id is None) if columns else [],
        "sheets": said.get("sheets", []),
        "encodings": list(ENCODINGS.items()) if said.get("encoding") else [],
        "delimiters": _delimiters() if said.get("delimiter") else [],
        "reading": said,
    }


def _delimiters() -> list[tuple[str, str]]:
    return [(",", _("Comma")), (";", _("Semicolon")), ("\t", _("Tab")), ("|", _("Bar"))]


def read_again(request: HttpRequest, job: RosterImport, place: Place) -> HttpResponse:
    """Take what was put right: the fields of the columns, the sheet, the encoding, the delimiter."""
    names = job.reading.get("headings", [])
    allowed = {field for field, _label in headings.choices(job.meeting, whole_meeting=job.delegation_id is None)}
    fields = [_allowed(request.POST.get(f"column-{n}", ""), allowed) for n in range(len(names))]
    twice = sorted({f for f in fields if f and fields.count(f) > 1})
    if twice:
        label = headings.labels(job.meeting).get(twice[0], twice[0])
        messages.error(request, _("Two columns cannot both be “%(field)s”. Leave one of them out.") % {"field": label})
        return redirect(place.addresses["self"])
    said = {name: request.POST.get(name, job.reading.get(name, "")) for name in ("sheet", "encoding", "delimiter")}
    if all(said[name] == job.reading.get(name, "") for name in said) and names:
        headings.remember(job.meeting, names, fields)
    service.read_again(job, {**said, "fields": fields})
    return redirect(place.addresses["self"])


def _allowed(field: str, allowed: set[str]) -> str:
    return field if field in allowed else ""


def confirm(request: HttpRequest, job: RosterImport, place: Place, by: User, *, needs_word: bool) -> HttpResponse:
    only_good = request.POST.get("only_good") == "1"
    if not service.confirm(job, by, only_good=only_good, needs_word=needs_word) and job.state == State.LOOKED_AT:
        messages.error(
            request, _("Some rows are not taken yet. Mend them, or tick that the good ones are to be written.")
        )
    return redirect(place.addresses["self"])


def stop(job: RosterImport, place: Place) -> HttpResponse:
    service.stop(job)
    return redirect(place.addresses["self"])


def download(job: RosterImport, *, by: User) -> HttpResponseBase:
    """The file as it came, with a word beside each cell that is to be mended. Each download is written down."""
    if not job.file or job.state in RUNNING:
        raise Http404
    try:
        content = annotated.write(job)
    except UnreadableFileError as error:
        raise Http404 from error
    _write_down(job, by)
    return _as_file(content, "what-to-do.xlsx")


def _write_down(job: RosterImport, by: User) -> None:
    AuditEntry.objects.create(
        meeting=job.meeting,
        by=by,
        action=AuditEntry.Action.EXPORT,
        about=job.original_name[:200],
        subject=job.delegation.reference if job.delegation else "",
        detail={"format": "xlsx"},
    )


def template(job_or_meeting: Any, *, whole_meeting: bool) -> HttpResponseBase:
    """An empty sheet with the headings we know."""
    return _as_file(annotated.empty(job_or_meeting, whole_meeting=whole_meeting), "roster.xlsx")


def _as_file(content: Any, name: str) -> FileResponse:
    response = FileResponse(content, as_attachment=True, filename=name, content_type=XLSX_TYPE)
    response["Cache-Control"] = "no-store, private"
    return response
