"""An invited entity answers by its link: it names who looks after its delegation, or says that nobody comes."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ..closing import closes_at
from ..models import Invitation
from . import invitations, people
from .forms import PersonForm

ALTERNATES = 2


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, key: str) -> HttpResponse:
    """Opening the link changes nothing: programs that check mail open it too."""
    found = invitations.opened_by(key)
    if found is None:
        return render(request, "focal/invitation_gone.html", status=410)
    forms = forms_for(request, found)
    refusal = answered(request, found, forms) if request.method == "POST" else ""
    if request.method == "POST" and not refusal and not any(form.errors for form in forms):
        return redirect("focal:invitation", key)
    return render(request, "focal/invitation.html", context(found, forms, refusal))


def forms_for(request: HttpRequest, found: Invitation) -> list[PersonForm]:
    """The main focal point first, then alternates. Once somebody is named, nobody more has to be."""
    is_named = found.state == Invitation.State.ANSWERED
    data = request.POST if request.method == "POST" and "do" not in request.POST else None
    return [
        PersonForm(
            data,
            prefix=f"person{n}",
            initial={"language": translation.get_language()},
            empty_permitted=bool(n) or is_named,
            use_required_attribute=False,
        )
        for n in range(1 + ALTERNATES)
    ]


def answered(request: HttpRequest, found: Invitation, forms: list[PersonForm]) -> str:
    """Do what was asked; a sentence where that cannot be, empty where it is done or a form says what is wrong."""
    try:
        if request.POST.get("do") == "decline":
            invitations.decline(found.pk)
        elif request.POST.get("do") == "come":
            invitations.take_back(found.pk)
        elif not any(form.errors for form in forms):
            return named(request, found, forms)
    except people.Refused as refusal:
        return str(refusal)
    return ""


def named(request: HttpRequest, found: Invitation, forms: list[PersonForm]) -> str:
    wanted = [{**f.cleaned_data, "is_alternate": bool(n)} for n, f in enumerate(forms) if f.has_changed()]
    if not wanted:
        return _("Write who looks after the delegation.")
    count = len(invitations.answer(found.pk, wanted))
    told = ngettext("%d person is named and is told by mail.", "%d people are named and are told by mail.", count)
    messages.success(request, told % count)
    return ""


def context(found: Invitation, forms: list[PersonForm], refusal: str) -> dict[str, Any]:
    delegation = found.delegation
    return {
        "meeting": delegation.meeting,
        "delegation": delegation,
        "invitation": found,
        "focal_points": list(people.current(delegation)),
        "today": timezone.now().date(),
        "forms": forms,
        "refusal": refusal,
        "closes_at": closes_at(delegation.meeting, [delegation.category]),
        "is_open": delegation.meeting.registration_is_open(),
        "over": invitations.why_over(delegation.meeting),
        "has_errors": bool(refusal) or any(form.errors for form in forms),
    }
