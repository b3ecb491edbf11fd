"""The letters of a delegation in its workspace: sending one, typing its names, comparing them with the roster."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ..focal.access import DelegationRequest, delegation_view
from ..letters import lacking, pages, pane, reading, saying, versions
from ..letters.forms import LetterForm, NamesForm
from ..letters.names import NameOnLetter, as_text
from ..models import Delegation, Letter

FORMS = ["GET", "HEAD", "POST"]


@never_cache
@require_http_methods(FORMS)
@delegation_view
def letter_new(request: DelegationRequest, delegation: Delegation) -> HttpResponse:
    """Send a letter for the whole delegation."""
    return _letter_form(request, delegation, None)


@never_cache
@require_http_methods(FORMS)
@delegation_view
def letter_edit(request: DelegationRequest, delegation: Delegation, pk: int) -> HttpResponse:
    """A newer version of a letter, or, without a file, other details of this one."""
    return _letter_form(request, delegation, _current(delegation, pk))


def _letter_form(request: DelegationRequest, delegation: Delegation, letter: Letter | None) -> HttpResponse:
    form = LetterForm(request.POST or None, request.FILES or None, instance=letter, delegation=delegation)
    if request.method == "POST" and form.is_valid():
        try:
            stored = _store(request, delegation, form, letter)
            if told := lacking.of(delegation):
                messages.warning(request, told)
            return _to_names_or_back(delegation, stored)
        except versions.NotTaken as refusal:
            form.add_error("file", str(refusal))
    context = {
        **_around(request, delegation),
        "form": form,
        "letter": letter,
        "needed": lacking.needed(delegation),
    }
    return render(request, "letters/letter_form.html", context, status=422 if form.errors else 200)


def _store(
    request: DelegationRequest, delegation: Delegation, form: LetterForm, letter: Letter | None
) -> Letter | None:
    """The new letter or version; None where only details were changed."""
    accepted = form.cleaned_data["file"]
    if letter and not accepted:
        versions.correct(letter, form.facts, by=request.actor)
        messages.success(request, _("The details are changed."))
        return None
    stored = versions.receive(delegation, accepted, form.facts, by=request.actor, replaces=letter)
    pages.ensure(stored)
    return stored


def _to_names_or_back(delegation: Delegation, stored: Letter | None) -> HttpResponse:
    """Whoever has sent a letter types its names next."""
    return redirect(_address("letter_names", delegation, pk=stored.pk)) if stored else _back(delegation)


@never_cache
@require_http_methods(FORMS)
@delegation_view
def letter_names(request: DelegationRequest, delegation: Delegation, pk: int) -> HttpResponse:
    """Type or paste the names beside the letter."""
    letter = _current(delegation, pk)
    form, kept = names_form(request, letter)
    if kept is not None:
        messages.success(request, written(letter))
        return _back(delegation)
    sheet = next(s for s in pane.of(delegation)["pane"].sheets if s.letter == letter)
    context = {**_around(request, delegation), "form": form, "letter": letter, "sheet": sheet}
    return render(request, "letters/names_form.html", context, status=422 if form.errors else 200)


def names_form(request: Any, letter: Letter) -> tuple[NamesForm, int | None]:
    """The form, and how many names kept their pairs where it was good; it begins with those of the version before."""
    known = [NameOnLetter(n.name, n.remark) for n in versions.names_to_start_from(letter)]
    form = NamesForm(request.POST if request.method == "POST" else None, initial={"text": as_text(known)})
    if form.is_bound and form.is_valid():
        return form, versions.write_names(letter, form.names, by=getattr(request, "actor", request.user))
    return form, None


def written(letter: Letter) -> str:
    count = letter.names.count()
    return ngettext("%(n)d name is on the letter now.", "%(n)d names are on the letter now.", count) % {"n": count}


@require_POST
@delegation_view
def pairing(request: DelegationRequest, delegation: Delegation) -> HttpResponse:
    """One button of the comparison; back to where it was pressed."""
    answer = saying.say(delegation, request.POST.dict(), by=request.actor)
    if answer.text:
        (messages.warning if answer.is_refusal else messages.success)(request, answer.text)
    return _back(delegation, f"n-{answer.about.reference}" if answer.about else "letterpane")


@require_GET
@delegation_view
def letter_page(request: DelegationRequest, delegation: Delegation, pk: int, page: int) -> HttpResponse:
    return reading.page(_any(delegation, pk), page, by=request.actor)


@require_GET
@delegation_view
def letter_file(request: DelegationRequest, delegation: Delegation, pk: int) -> HttpResponseBase:
    """A letter of the delegation as it was sent, old versions too."""
    return reading.download(_any(delegation, pk), by=request.actor)


def _any(delegation: Delegation, pk: int) -> Letter:
    """A letter of the whole delegation; what a person sent with their own form is theirs and the organisers'."""
    return get_object_or_404(Letter.objects.of_delegations().filter(delegation=delegation), pk=pk)


def _current(delegation: Delegation, pk: int) -> Letter:
    return get_object_or_404(Letter.objects.of_delegations().current().filter(delegation=delegation), pk=pk)


def _around(request: DelegationRequest, delegation: Delegation) -> dict[str, Any]:
    back = _address("workspace", delegation)
    return {
        "delegation": delegation,
        "meeting": delegation.meeting,
        "is_organiser": request.is_organiser,
        "back": f"{back}#letterpane",
    }


def _address(name: str, delegation: Delegation, **more: Any) -> str:
    around = {"slug": delegation.meeting.slug, "delegation": delegation.reference}
    return reverse(f"roster:{name}", kwargs=around | more)


def _back(delegation: Delegation, anchor: str = "letterpane") -> HttpResponse:
    return redirect(f"{_address('workspace', delegation)}#{anchor}")
