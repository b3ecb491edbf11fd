"""Letters at the desk: reviewers look at the pages beside the person, type the names and compare them too."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from meeting.models import Meeting

from .. import rules
from ..letters import pane, reading, reconcile, saying
from ..models import Delegation, Letter, LetterName, Registration
from ..roster.lettering import names_form, written
from .access import StaffRequest, desk_view
from .person import Check, letter_check


def letter_pane(registration: Registration, request: StaffRequest, *, may_decide: bool) -> pane.Pane | None:
    """What `desk/registration.html` shows of letters; None for readers who decide nothing, and read no letters."""
    is_whole = request.GET.get("names") == "all"
    return pane.at_desk(registration, request.user, may_write=True, is_whole=is_whole) if may_decide else None


def checks(shown: pane.Pane | None) -> list[Check]:
    """What the letters say of the person, in words; nothing for those who may not read them."""
    if shown is None or shown.this is None:
        return []
    kinds = [Check(False, shown.wrong_kind)] if shown.wrong_kind else []
    return kinds + _mark_checks(shown, shown.this)


def _mark_checks(shown: pane.Pane, this: Registration) -> list[Check]:
    mark = shown.state.mark(this.pk)
    if mark.kind not in (reconcile.MATCHED, reconcile.SEALED) and shown.elsewhere:
        return [_check_elsewhere(shown.elsewhere)]
    values = {"number": mark.number, "name": mark.name}
    said = {
        reconcile.PROPOSED: _("May be line %(number)d of the letter, %(name)s: say so under the letter"),
        reconcile.NOT_NAMED: _("Not named on the letter"),
        reconcile.NOT_COMPARED: _("The names on the letter are not typed yet"),
    }
    if mark.kind == reconcile.MATCHED:
        same = _("On the letter, line %(number)d, same name")
        return [Check(True, (same if mark.how else _("On the letter, line %(number)d, as %(name)s")) % values)]
    if mark.kind in (reconcile.SENT, reconcile.NO_LETTER):
        return [letter_check(this, sum(not sheet.is_of_delegation for sheet in shown.sheets))]
    return [Check(False, said[mark.kind] % values)] if mark.kind in said else []


def _check_elsewhere(name: LetterName) -> Check:
    values = {"number": name.number, "name": name.name, "category": name.letter.delegation.category.name}  # type: ignore[union-attr]
    said = _("On the letter of the same delegation in “%(category)s”, line %(number)d, as %(name)s")
    return Check(True, said % values)


@require_GET
@desk_view(rules.can_read_letters)
def letter_page(request: StaffRequest, meeting: Meeting, pk: int, page: int) -> HttpResponse:
    return reading.page(_letter(request, meeting, pk), page, by=request.user)


@require_GET
@desk_view(rules.can_read_letters)
def letter(request: StaffRequest, meeting: Meeting, pk: int) -> HttpResponseBase:
    """A letter's file as it was sent, to be saved. Each download is written down."""
    return reading.download(_letter(request, meeting, pk), by=request.user)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(rules.can_decide)
def letter_names(request: StaffRequest, meeting: Meeting, pk: int) -> HttpResponse:
    """Type or paste the names beside the letter of a delegation."""
    found = get_object_or_404(
        Letter.objects.visible_to(request.user).of_delegations().current().select_related("delegation__category"),
        pk=pk,
        meeting=meeting,
    )
    found.delegation.meeting = meeting  # type: ignore[union-attr]
    form, kept = names_form(request, found)
    if kept is not None:
        messages.success(request, written(found))
        return _back(request, meeting)
    context = {
        "meeting": meeting,
        "section": "queue",
        "delegation": found.delegation,
        "form": form,
        "letter": found,
        "sheet": pane.sheet_at_desk(found),
        "back": _back(request, meeting).url,
        "at_desk": True,
    }
    return render(request, "letters/desk_names_form.html", context, status=422 if form.errors else 200)


@require_POST
@desk_view(rules.can_decide)
def letter_pairing(request: StaffRequest, meeting: Meeting, delegation: str) -> HttpResponse:
    """One button of the comparison; back to the person one was deciding on."""
    found = get_object_or_404(
        Delegation.objects.within_limits(request.user).select_related("category"), reference=delegation, meeting=meeting
    )
    answer = saying.say(found, request.POST.dict(), by=request.user)
    if answer.text:
        (messages.warning if answer.is_refusal else messages.success)(request, answer.text)
    return _back(request, meeting)


def _letter(request: StaffRequest, meeting: Meeting, pk: int) -> Letter:
    readable = Letter.objects.visible_to(request.user).select_related("registration", "delegation")
    return get_object_or_404(readable, pk=pk, meeting=meeting)


def _back(request: StaffRequest, meeting: Meeting) -> HttpResponseRedirect:
    """To the person one came from, else to the queue."""
    person = Registration.objects.visible_to(request.user).filter(
        meeting=meeting, reference=request.GET.get("person", "")
    )
    if not person.exists():
        return redirect(reverse("admin:desk:queue", args=[meeting.slug]))
    address = reverse("admin:desk:registration", args=[meeting.slug, request.GET["person"]])
    query = request.GET.copy()
    del query["person"]
    return redirect(f"{address}{'?' if query else ''}{query.urlencode()}#letter")
