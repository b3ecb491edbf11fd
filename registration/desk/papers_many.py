"""Letters for many: whom a filter leaves, what will happen to each, and what became of it."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from meeting.models import AuditEntry, Meeting

from ..issuing import batches, drawing, filing, forecast, issue, snapshot
from ..issuing.people import people_for
from ..issuing.standing import can_issue, setup_of, unsigned
from ..issuing.wanting import ManyForm
from ..lists.filters import PeopleFilter
from ..models import IssuedKind, LetterBatch, LetterRow
from ..models.registration import RegistrationQuerySet
from .access import StaffRequest, desk_view

State = LetterRow.State
Form = LetterBatch.Form
SAMPLE_CODE = "0" * 26


@never_cache
@require_safe
@desk_view(can_issue)
def papers_many(request: StaffRequest, meeting: Meeting) -> HttpResponseBase:
    """Whom the filter leaves, what will happen to each, and the last look before it does. Changes nothing."""
    return _look(request, meeting, ManyForm())


def _look(request: StaffRequest, meeting: Meeting, form: ManyForm) -> HttpResponseBase:
    asked = PeopleFilter(request.GET, meeting, (), request.user)
    kind, language = _wanted(request)
    foreseen = forecast.foresee(meeting, _people(request, meeting, asked), kind, language)
    context = {
        "meeting": meeting,
        "section": "papers",
        "filter": asked,
        "kind": IssuedKind(kind),
        "kinds": IssuedKind.choices,
        "language": language,
        "languages": form.fields["language"].choices,  # type: ignore[attr-defined]
        "form": form,
        "foreseen": foreseen,
        "unsigned": unsigned() if not foreseen.is_signed else "",
        "query": request.GET.urlencode(),
        "most": number_format(forecast.MOST, use_l10n=True, force_grouping=True),
        "button": f"{_button(len(foreseen.new), len(foreseen.there))}: {IssuedKind(kind).label}",
    }
    return render(request, "desk/papers_many.html", context, status=422 if form.errors else 200)


def _button(new: int, there: int) -> str:
    if not new:
        return ngettext("Fetch %d letter", "Fetch %d letters", there) % there
    return ngettext("Issue %d letter", "Issue %d letters", new) % new


def _wanted(request: StaffRequest) -> tuple[str, str]:
    """As the address says; what it does not know is left out."""
    kind, language = request.GET.get("letter", ""), request.GET.get("in", "")
    return (
        kind if kind in IssuedKind.values else IssuedKind.CONFIRMATION,
        language if language in snapshot.languages() else "",
    )


def _people(request: StaffRequest, meeting: Meeting, asked: PeopleFilter) -> RegistrationQuerySet:
    return asked.narrow(people_for(meeting, request.user))


@never_cache
@require_safe
@desk_view(can_issue)
def papers_sample(request: StaffRequest, meeting: Meeting) -> HttpResponseBase:
    """How the letter of the first of them will look; it has no number, and its code opens nothing."""
    kind, language = _wanted(request)
    first = _people(request, meeting, PeopleFilter(request.GET, meeting, (), request.user)).order_by("sort_key").first()
    if first is None:
        messages.info(request, _("Nobody fits these filters, so there is no letter to look at."))
        return redirect("admin:desk:papers_many", meeting.slug)
    [person] = issue.lock_free(first.pk)
    taken = snapshot.sample(snapshot.taken(person, setup_of(meeting, kind), language or person.language, 0))
    response = HttpResponse(drawing.draw_snapshots([(taken, SAMPLE_CODE)]), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{meeting.slug}-{kind}-sample.pdf"'
    response["Cache-Control"] = "no-store, private"
    return response


@require_POST
@desk_view(can_issue)
def papers_start(request: StaffRequest, meeting: Meeting) -> HttpResponseBase:
    """Have it carried out, once for each page that was looked at."""
    form = ManyForm(request.POST)
    if not form.is_valid():
        return _look(request, meeting, form)
    asked = PeopleFilter(request.GET, meeting, (), request.user)
    wanted = form.wanted(request.user)
    foreseen = forecast.foresee(meeting, _people(request, meeting, asked), wanted.kind, wanted.language)
    token, file_form = form.cleaned_data["token"], form.cleaned_data["form"]
    query = request.GET.urlencode()
    batch = batches.start(meeting, wanted, foreseen.people, token=token, by=request.user, form=file_form, query=query)
    if (batch.by_id, batch.meeting_id) != (request.user.pk, meeting.pk):
        raise Http404  # the token of another page
    return _to(meeting, batch)


def _to(meeting: Meeting, batch: LetterBatch) -> HttpResponseBase:
    return redirect("admin:desk:papers_batch", meeting.slug, batch.token)


def _find(meeting: Meeting, token: uuid.UUID) -> LetterBatch:
    found = LetterBatch.objects.filter(meeting=meeting, token=token).select_related("by").first()
    if found is None:
        raise Http404
    return found


@never_cache
@require_safe
@desk_view(can_issue)
def papers_batch(request: StaffRequest, meeting: Meeting, token: uuid.UUID) -> HttpResponseBase:
    """How far it is; when it is over, who got none and why, and the file."""
    batch = _find(meeting, token)
    context: dict[str, Any] = {"meeting": meeting, "section": "papers", "batch": batch, "kind": batch.kind}
    progress = _progress(batch)
    if batch.ended_at is None:
        return render(request, "desk/papers_progress.html", context | {"progress": progress})
    refused = batch.rows.filter(state=State.REFUSED).select_related("registration__delegation")
    context |= {"progress": progress, "refused": refused.order_by("registration__sort_key"), "forms": Form}
    return render(request, "desk/papers_batch.html", context)


def _progress(batch: LetterBatch) -> dict[str, Any]:
    counts = dict(batch.rows.values_list("state").annotate(n=Count("pk")).order_by())
    total = sum(counts.values())
    issued = counts.get(State.DONE, 0) + counts.get(State.THERE, 0)
    settled = total - counts.get(State.WAITING, 0)
    is_drawing = batch.issued_at is not None and batch.form
    done, of = (batch.drawn, issued) if is_drawing else (settled, total)
    said = _("%(done)s of %(of)s letters are in the file") if is_drawing else _("%(done)s of %(of)s are issued")
    numbers = {"done": number_format(done, force_grouping=True), "of": number_format(of, force_grouping=True)}
    refused = counts.get(State.REFUSED, 0)
    return {
        "total": of,
        "decided": done,
        "said": said % numbers,
        "so_far": ngettext("%d left out", "%d left out", refused) % refused,
        "left": "",
        "new": counts.get(State.DONE, 0),
        "there": counts.get(State.THERE, 0),
        "refused": refused,
        "waiting": counts.get(State.WAITING, 0),
        "issued": issued,
    }


@never_cache
@require_safe
@desk_view(can_issue)
def papers_progress(request: StaffRequest, meeting: Meeting, token: uuid.UUID) -> HttpResponseBase:
    """The same for the script of the page."""
    batch = _find(meeting, token)
    return JsonResponse({"running": batch.ended_at is None, **_progress(batch)})


@require_POST
@desk_view(can_issue)
def papers_stop(request: StaffRequest, meeting: Meeting, token: uuid.UUID) -> HttpResponseBase:
    """Leave out whoever still waits."""
    batch = _find(meeting, token)
    batches.stop(batch)
    return _to(meeting, batch)


@require_POST
@desk_view(can_issue)
def papers_ask(request: StaffRequest, meeting: Meeting, token: uuid.UUID) -> HttpResponseBase:
    """The same letters in another file, or once more."""
    batch = _find(meeting, token)
    if request.POST.get("form") in (Form.PDF, Form.ZIP):
        filing.ask_for(batch, request.POST["form"])
    return _to(meeting, batch)


@never_cache
@require_safe
@desk_view(can_issue)
def papers_file(request: StaffRequest, meeting: Meeting, token: uuid.UUID) -> HttpResponseBase:
    """The file, while it is there and nothing in it has been taken back; else it is to be made anew."""
    batch = _find(meeting, token)
    if not batch.file:
        messages.info(request, _("There is no file (any more). Ask for it once more."))
        return _to(meeting, batch)
    if filing.is_stale(batch):
        messages.warning(request, _("A letter in it was revoked meanwhile. Ask for the file once more."))
        return _to(meeting, batch)
    count = batch.rows.exclude(letter=None).count()
    AuditEntry.objects.create(
        meeting=meeting, by=request.user, action=AuditEntry.Action.EXPORT, about=batch.form.upper(),
        detail={"format": batch.form, "list": "letters", "kind": batch.kind, "token": str(batch.token), "count": count},
    )  # fmt: skip
    response = FileResponse(batch.file.open("rb"), content_type=filing.TYPES[Form(batch.form)])
    name = f"{meeting.slug}-{batch.kind}.{filing.SUFFIX[Form(batch.form)]}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store, private"
    return response
