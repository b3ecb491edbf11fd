"""The letters of a meeting: which there are, one of them as PDF, taking one back, the list for consulates."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from meeting.models import AuditEntry, Meeting

from ..issuing import consulates, drawing, issue, listing
from ..issuing.people import people_for
from ..issuing.standing import CannotIssue, can_issue, can_read_issued, setup_of, unsigned, why_not
from ..issuing.wanting import OneForm
from ..models import IssuedLetter, LetterBatch, LetterSetup
from ..models.issued import IssuedLetterQuerySet
from .access import StaffRequest, desk_view

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LATEST = 5


@require_safe
@desk_view(can_read_issued)
def papers(request: StaffRequest, meeting: Meeting) -> HttpResponseBase:
    asked = listing.LetterFilter(request.GET)
    rows, more = listing.page(asked.narrow(_letters(request, meeting)), request.GET.get("before", ""))
    may_issue = can_issue(request.user, meeting)
    batches = LetterBatch.objects.filter(meeting=meeting).select_related("by")[:LATEST] if may_issue else []
    context = {
        "meeting": meeting,
        "section": "papers",
        "filter": asked,
        "kinds": listing.kinds_of(meeting),
        "rows": rows,
        "following": asked.query(before=str(rows[-1].pk)) if more else "",
        "is_first_page": not request.GET.get("before"),
        "may_issue": may_issue,
        "batches": batches,
        "reads_people": getattr(meeting, "reads_history", False),
    }
    return render(request, "desk/papers.html", context)


def _letters(request: StaffRequest, meeting: Meeting) -> IssuedLetterQuerySet:
    return IssuedLetter.objects.visible_to(request.user).filter(meeting=meeting)


@never_cache
@require_safe
@desk_view(can_read_issued)
def paper_file(request: StaffRequest, meeting: Meeting, pk: int) -> HttpResponseBase:
    """The letter as PDF; one that counts no more is not handed out again."""
    letter = get_object_or_404(_letters(request, meeting).select_related("registration__delegation__category"), pk=pk)
    letter.registration.meeting = meeting
    if refusal := still_stands(letter):
        messages.warning(request, refusal)
        return redirect("admin:desk:papers", meeting.slug)
    AuditEntry.objects.create(
        meeting=meeting, by=request.user, action=AuditEntry.Action.READ_LETTER, about=letter.printed_number,
        subject=letter.registration.reference,
    )  # fmt: skip
    return as_pdf(letter)


def still_stands(letter: IssuedLetter) -> str:
    """Why this letter is not handed out now; empty where it is. Asked each time, whatever stood when it was issued."""
    if not letter.is_valid:
        return _("%(number)s is revoked, so it is not handed out any more.") % {"number": letter}
    return why_not(letter.registration, setup_of(letter.registration.meeting, letter.kind), categories=set())


def as_pdf(letter: IssuedLetter) -> HttpResponse:
    response = HttpResponse(drawing.draw(letter), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{drawing.file_name(letter)}"'
    response["Cache-Control"] = "no-store, private"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(can_issue)
def paper_revoke(request: StaffRequest, meeting: Meeting, pk: int) -> HttpResponseBase:
    """Look once more, give a reason, take it back."""
    letter = get_object_or_404(_letters(request, meeting).select_related("registration"), pk=pk)
    if request.method != "POST":
        return render(request, "desk/paper_revoke.html", {"meeting": meeting, "section": "papers", "letter": letter})
    told = _("%(number)s is revoked. Its page says so from now on.") % {"number": letter}
    reason = request.POST.get("reason", "")
    _try(request, lambda: issue.revoke(letter.pk, by=request.user, reason=reason), told)
    return redirect("admin:desk:papers", meeting.slug)


@require_POST
@desk_view(can_issue)
def paper_anew(request: StaffRequest, meeting: Meeting, pk: int) -> HttpResponseBase:
    """The same letter as things stand now; the old one counts no more."""
    letter = get_object_or_404(_letters(request, meeting), pk=pk)
    told = _("A new letter is issued, and %(number)s counts no more.") % {"number": letter}
    _try(request, lambda: issue.issue_anew(letter.pk, by=request.user), told)
    return redirect("admin:desk:papers", meeting.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(can_issue)
def paper_issue(request: StaffRequest, meeting: Meeting, reference: str) -> HttpResponseBase:
    """One letter for one person, from their page."""
    back = redirect(reverse("admin:desk:registration", args=[meeting.slug, reference]) + "#papers")
    if request.method != "POST":
        return back
    person = get_object_or_404(people_for(meeting, request.user), reference=reference)
    form = OneForm(request.POST)
    if form.is_valid():
        told = _("The letter is issued.")
        if _try(request, lambda: issue.issue(person.pk, form.wanted(request.user)), told) and not _is_signed(
            meeting, form.cleaned_data["kind"]
        ):
            messages.warning(request, unsigned())
    else:
        messages.warning(request, _("Choose which letter, and in which language."))
    return back


def _is_signed(meeting: Meeting, kind: str) -> bool:
    return LetterSetup.objects.filter(meeting=meeting, kind=kind).exclude(signatory="").exists()


def _try(request: StaffRequest, act: Callable[[], object], told: str) -> bool:
    try:
        act()
    except CannotIssue as refusal:
        messages.warning(request, str(refusal))
        return False
    messages.success(request, told)
    return True


@require_POST
@desk_view(can_issue)
def papers_consulates(request: StaffRequest, meeting: Meeting) -> HttpResponseBase:
    """The valid invitations as a workbook. Why it leaves stands in the history."""
    reason = request.POST.get("reason", "").strip()[:200]
    if not reason:
        messages.warning(request, _("Say for whom the list is: it stands in the history."))
        return redirect(reverse("admin:desk:papers", args=[meeting.slug]) + "#consulates")
    letters = consulates.letters_of(meeting, _letters(request, meeting))
    AuditEntry.objects.create(
        meeting=meeting, by=request.user, action=AuditEntry.Action.EXPORT, about="XLSX",
        detail={"format": "xlsx", "list": "consulates", "reason": reason, "count": letters.count()},
    )  # fmt: skip
    file = consulates.write(meeting, letters, get_language() or "en")
    response = FileResponse(file, content_type=XLSX_TYPE)
    today = timezone.now().astimezone(meeting.zone).date()
    response["Content-Disposition"] = f'attachment; filename="{meeting.slug}-invitations-{today:%Y-%m-%d}.xlsx"'
    response["Cache-Control"] = "no-store, private"
    return response
