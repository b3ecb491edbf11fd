"""Registering, step by step: whom do I represent, about me, check, sent. Then the own page (own_page/) takes over."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from meeting.kept import published_meeting
from meeting.models import Meeting
from meeting.page_cache import kept_page

from . import drafts, entities, late, workflow
from .drafts import Represented
from .forms import RegistrationForm, RepresentForm
from .letters import store
from .models import AccessKey, Category, Letter, Registration, Represents, Status
from .own_page.access import registration_of
from .own_page.sharing import SharingForm
from .questions import kept_files
from .rules import category_for, why_closed, why_not_oneself

NEW_ENTITY = "new"


def open_meeting(slug: str) -> Meeting:
    return published_meeting(slug)


@require_safe
def represent(request: HttpRequest, slug: str) -> HttpResponse:
    """Step 1. Answers come back in the address, so that it works by keyboard, without JavaScript and with Back."""
    form = RepresentForm(request.GET)
    form.is_valid()
    answers = form.cleaned_data
    # The question is the same for all who have not answered, or have answered only its first part.
    first_part = urlencode({"represents": answers["represents"]}) if answers.get("represents") else ""
    return kept_page(request, slug, lambda _r, meeting: _represent(request, meeting, answers), known_query=first_part)


def _represent(request: HttpRequest, meeting: Meeting, answers: dict[str, Any]) -> HttpResponse:
    reason = why_closed(meeting)
    if reason and not (answers.get("late") and late.somebody_may(meeting)):
        return closed_page(request, meeting, reason)
    represents, new_name = answers.get("represents", ""), answers.get("new_name", "")
    draft = {"draft": answers["draft"]} if answers.get("draft") else {}
    if represents and new_name and represents != Represents.GOVERNMENT:
        return to_form(meeting.slug, NEW_ENTITY, represents=represents, name=new_name, **draft)
    typed, language = answers.get("typed", ""), translation.get_language() or "en"
    code = answers.get("entity") or (typed and entities.only_one(meeting, represents, typed, language))
    if represents and code:
        return to_form(meeting.slug, code, **draft)
    context = {"meeting": meeting, "represents": represents, "asked_for_entity": "entity" in request.GET, **draft}
    context["late"] = bool(reason)
    if represents:
        context["typed"], context["choices"] = typed, entities.everything(meeting, represents, language)
        # Whoever has been let in late stands in the directory.
        context["may_be_new"] = represents != Represents.GOVERNMENT and not reason
    return render(request, "registration/represent.html", context)


def closed_page(request: HttpRequest, meeting: Meeting, reason: str, *, is_open: bool = False) -> HttpResponse:
    """Why nobody registers here now. The same for all: it does not tell which delegations have been let in late."""
    context = {"meeting": meeting, "reason": reason, "is_open": is_open}
    context["offers_late"] = not is_open and late.somebody_may(meeting)
    return render(request, "registration/closed.html", context)


def to_form(slug: str, code: str, **query: str) -> HttpResponse:
    address = reverse("registration:form", args=[slug, code])
    return redirect(f"{address}?{urlencode(query)}" if query else address)


@require_GET
def find_entity(request: HttpRequest, slug: str) -> JsonResponse:
    """What the search field shows while one types."""
    meeting = open_meeting(slug)
    words, represents = request.GET.get("q", "")[:100], request.GET.get("represents", "")
    hits = entities.search(meeting, represents, words, translation.get_language() or "en")
    return JsonResponse({"hits": [asdict(hit) for hit in hits]})


@never_cache
@require_http_methods(["GET", "POST"])
def about_you(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Step 2. A good form becomes a draft; a bad one comes back filled, its letter kept.

    With `?draft=` it is the draft of somebody who changed whom they represent: the answers come along.
    """
    found = represented_by(open_meeting(slug), code, request.GET, fresh=request.method == "POST")
    represented, closed = late.let_in(found)
    reason = closed or why_not_oneself(represented.category)
    if reason and request.method == "GET":
        return closed_page(request, represented.meeting, reason, is_open=not closed)
    return answer_form(request, represented, reason, draft_of(request.GET.get("draft", ""), slug))


@never_cache
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Step 2 again, from "change" on the page of answers: only while nothing has been sent."""
    draft = registration_of(key, slug)
    if draft.status != Status.DRAFT:
        return redirect("private:page", key)
    delegation = draft.delegation
    represented = Represented(draft.meeting, delegation.category, delegation.entity)
    reason = why_closed(draft.meeting, delegation.category, delegation=delegation)
    return answer_form(request, represented, reason, draft)


def answer_form(
    request: HttpRequest, represented: Represented, reason: str, draft: Registration | None = None
) -> HttpResponse:
    meeting = represented.category.meeting = represented.meeting
    kept = store.find(request.POST.get("letter_receipt", ""), meeting)
    if request.POST.get("adult") == "no":
        return under_18(request, represented, draft, kept)
    if kept is None and draft:
        kept = draft.letters.first()
    initial = {"attempt": draft.attempt} if draft else {}
    form = RegistrationForm(
        request.POST or None,
        request.FILES or None,
        instance=draft,
        initial=initial,
        category=represented.category,
        kept_letter=kept,
    )
    if request.method == "POST":
        sent = form.is_valid()
        if reason:
            form.add_error(None, reason)
        elif sent:
            return redirect("registration:check", meeting.slug, drafts.save(form, represented))
        keep_letter(form, meeting)
    context = {"meeting": meeting, "represented": represented, "form": form, "kept_letter": form.kept_letter}
    return render(request, "registration/form.html", context)


def under_18(
    request: HttpRequest, represented: Represented, draft: Registration | None, kept: Letter | None
) -> HttpResponse:
    """A kind page instead of a registration: nothing that was typed or sent is kept, now or from a time before."""
    drafts.forget_this(draft, kept)
    kept_files.forget(request.POST)
    context = {"meeting": represented.meeting, "represented": represented}
    return render(request, "registration/under_18.html", context)


def keep_letter(form: RegistrationForm, meeting: Meeting) -> None:
    """A form with errors has a good letter: it need not be chosen again."""
    if form.accepted_letter:
        form.kept_letter = store.keep(form.accepted_letter, meeting)
        data = QueryDict(mutable=True)
        data.update(form.data)
        data["letter_receipt"] = store.receipt(form.kept_letter)
        form.data = data


@never_cache
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Step 3: everything once more, then send. Sending twice is sending once."""
    if request.method == "POST" and (draft := draft_of(key, slug)):
        SharingForm(request.POST, draft).keep(draft)
    refusal = send(key, slug) if request.method == "POST" else ""
    if request.method == "POST" and not refusal:
        return redirect("private:page", key)
    registration = registration_of(key, slug)
    if registration.status != Status.DRAFT:
        return redirect("private:page", key)
    context = {"meeting": registration.meeting, "registration": registration, "key": key, "refusal": refusal}
    context["sharing"] = SharingForm(None, registration)
    return render(request, "registration/check.html", context | {"letter": registration.letters.first()})


def send(key: str, slug: str) -> str:
    """Submit the draft that this link opens. A sentence when that cannot be; empty when it is sent, now or before."""
    access = get_object_or_404(AccessKey.objects.opening(key), registration__meeting__slug=slug)
    try:
        workflow.submit(access.registration_id)
    except workflow.MoveNotAllowed as refusal:
        return str(refusal)
    return ""


def draft_of(key: str, slug: str) -> Registration | None:
    found = Registration.objects.opened_by(key) if key else None
    return found if found and found.status == Status.DRAFT and found.meeting.slug == slug else None


def represented_by(meeting: Meeting, code: str, query: Any, *, fresh: bool) -> Represented:
    """Whom the address of step 2 names; 404 when this meeting has no category for it. `fresh` where it is written."""
    categories = list(Category.objects.filter(meeting=meeting))
    if code == NEW_ENTITY:
        asked = RepresentForm({"represents": query.get("represents"), "new_name": query.get("name")})
        if asked.is_valid() and (name := asked.cleaned_data["new_name"]):
            kind = entities.KIND_OF_NEW.get(asked.cleaned_data["represents"])
            category = next((c for c in categories if kind in c.kinds and not c.by_invitation), None)
            if category:
                return Represented(meeting, category, new_name=name)
        raise Http404
    entity = entities.listed(code, fresh=fresh)
    category = category_for(entity, meeting, categories) if entity else None
    if category is None:
        raise Http404
    return Represented(meeting, category, entity)
