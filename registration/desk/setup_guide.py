"""Setting a meeting up: what is missing, when it opens, and how each category will see it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from meeting.models import Meeting

from .. import rules
from ..drafts import Represented
from ..forms import RegistrationForm
from ..models import Category, Delegation, Typist
from ..setup import opening, readiness
from ..setup.forms import OpeningForm
from .access import StaffRequest, desk_view

LANGUAGES = dict(settings.LANGUAGES)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(rules.can_organise)
def setup(request: StaffRequest, meeting: Meeting) -> HttpResponseBase:
    """The guided page. A POST says that a step which only a human can judge is right as it is."""
    if request.method == "POST":
        if (step := request.POST.get("agree")) in readiness.AGREEABLE:
            opening.agree(meeting, step, by=request.user)
            messages.success(request, _("Noted, with your name and the time."))
        return redirect("admin:desk:setup", meeting.slug)
    steps = readiness.steps(meeting)
    open_steps = sorted((s for s in steps if not s.is_done), key=lambda step: not step.is_must)
    context = {
        "meeting": meeting,
        "section": "setup",
        "steps": steps,
        "missing": open_steps,
        "done": len(steps) - len(open_steps),
        "next": open_steps[0] if open_steps else None,
        "may_open": readiness.may_open(steps),
        "is_open": meeting.registration_is_open(),
        "is_published": meeting.is_published,
        "categories": meeting.categories.all(),
    }
    return render(request, "desk/setup.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(rules.can_organise)
def setup_opening(request: StaffRequest, meeting: Meeting) -> HttpResponseBase:
    """When registration opens and closes; and the buttons that do so now."""
    form = OpeningForm(None, meeting)
    if request.method == "POST":
        form, meeting = _carry_out(request, meeting)
        if not form.errors:
            for warning in opening.warnings(meeting):
                messages.warning(request, warning)
            return redirect("admin:desk:setup_opening", meeting.slug)
    context = {
        "meeting": meeting,
        "section": "setup",
        "form": form,
        "is_open": meeting.registration_is_open(),
        "reason": rules.why_closed(meeting),
        "missing": [s for s in readiness.missing(meeting) if s.is_must and s.key != readiness.OPENING],
        "own_times": Category.objects.filter(meeting=meeting).exclude(closes_at=None),
        "late": Delegation.objects.filter(meeting=meeting).may_register_late().order_by("open_until"),
    }
    return render(request, "desk/setup_opening.html", context, status=422 if form.errors else 200)


def _carry_out(request: StaffRequest, meeting: Meeting) -> tuple[OpeningForm, Meeting]:
    """What the POST asks for; the form comes back with what was refused."""
    act, form = request.POST.get("act", "save"), OpeningForm(request.POST, meeting)
    acts = {
        "open": lambda: opening.open_now(meeting, by=request.user),
        "close": lambda: opening.close_now(meeting, by=request.user),
        "publish": lambda: opening.change(meeting.pk, by=request.user, is_published=True),
        "save": lambda: opening.change(meeting.pk, by=request.user, **form.values()),
    }
    if not form.is_valid() and act == "save":
        return form, meeting
    try:
        changed = acts.get(act, acts["save"])()
    except opening.Refused as refusal:
        form.add_error(None, str(refusal))
        return form, meeting
    messages.success(request, _said(act, changed))
    return OpeningForm(None, changed), changed


def _said(act: str, meeting: Meeting) -> str:
    return {
        "open": _("Registration is open."),
        "close": _("Registration is closed."),
        "publish": _("The meeting’s page is published."),
    }.get(act, _("The times are saved."))


@require_safe
@desk_view(rules.can_organise)
def setup_preview(request: StaffRequest, meeting: Meeting, code: str) -> HttpResponseBase:
    """The public form as this category will see it, in any of the six languages. Keeps and sends nothing."""
    category = get_object_or_404(Category, meeting=meeting, code=code)
    category.meeting = meeting
    asked = request.GET.get("in", "")
    language = asked if asked in LANGUAGES else get_language() or "en"
    is_closed = "closed" in request.GET
    around = {
        "meeting": meeting,
        "section": "setup",
        "category": category,
        "categories": Category.objects.filter(meeting=meeting),
        "language": language,
        "languages": settings.LANGUAGES,
        "shows_closed": is_closed,
        "by_focal_point": category.typist == Typist.FOCAL_POINT,
    }
    # What is ours is said in the reader's language, the form in the one that was chosen.
    ours = render_to_string("desk/_preview_bar.html", around, request)
    with translation.override(language):
        return _as_seen(request, category, {**around, "ours": ours}, is_closed=is_closed)


def _as_seen(request: HttpRequest, category: Category, around: dict[str, Any], *, is_closed: bool) -> HttpResponse:
    # The words of the meeting are read anew: those of another language would be kept on the object.
    category = Category.objects.select_related("meeting__venue").get(pk=category.pk)
    around |= {"meeting": category.meeting}
    reason = rules.why_not_oneself(category)
    if is_closed:
        reason = rules.why_closed(category.meeting, category) or _("Registration for this meeting is closed.")
    if reason:
        context = {**around, "reason": reason, "is_open": not is_closed}
        return render(request, "desk/setup_preview_closed.html", context)
    represented = Represented(category.meeting, category, new_name=_("Your delegation"))
    form = RegistrationForm(category=category)
    context = {**around, "represented": represented, "form": form, "kept_letter": None}
    return render(request, "desk/setup_preview.html", context)
