"""Many at once: what will happen to each of those selected, and what did."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from meeting.models import Meeting

from .. import rules
from ..lists.filters import people_of
from . import bulk
from .access import StaffRequest, desk_view
from .forms import ConfirmedForm, SelectionForm


@require_POST
@desk_view(rules.can_decide)
def selected(request: StaffRequest, meeting: Meeting) -> HttpResponseBase:
    """What will happen to each of those selected, and which mails will go out. Changes nothing."""
    form = SelectionForm(request.POST, people_of(meeting, request.user))
    if not form.is_valid():
        return _back_to_queue(request, meeting, form)
    return _look_first(request, meeting, form, ConfirmedForm(None, people_of(meeting, request.user)))


def _look_first(
    request: StaffRequest, meeting: Meeting, form: SelectionForm, reason_form: ConfirmedForm
) -> HttpResponseBase:
    move = form.cleaned_data["move"]
    lines = bulk.forecast(form.cleaned_data["selected"], move, people_of(meeting, request.user))
    context = {
        "meeting": meeting,
        "section": "queue",
        "move": move,
        "lines": lines,
        "will": [line for line in lines if not line.refusal],
        "doubtful": sum(bool(line.doubts) for line in lines if not line.refusal),
        "form": reason_form,
        "mail": mail_subject(move),
        "query": request.GET.urlencode(),
    }
    return render(request, "desk/selected.html", context)


@require_POST
@desk_view(rules.can_decide)
def confirmed(request: StaffRequest, meeting: Meeting) -> HttpResponseBase:
    """Decide on each of those confirmed, and show the result row by row."""
    form = ConfirmedForm(request.POST, people_of(meeting, request.user))
    if not form.is_valid():
        if "selected" in form.cleaned_data and "move" in form.cleaned_data:
            return _look_first(request, meeting, form, form)
        return _back_to_queue(request, meeting, form)
    asked = form.cleaned_data
    lines = bulk.decide(asked["selected"], asked["move"], reason=asked["reason"], by=request.user)
    context = {
        "meeting": meeting,
        "section": "queue",
        "move": asked["move"],
        "done": [line for line in lines if not line.refusal],
        "refused": [line for line in lines if line.refusal],
        "query": request.GET.urlencode(),
    }
    return render(request, "desk/confirmed.html", context)


def _back_to_queue(request: StaffRequest, meeting: Meeting, form: SelectionForm) -> HttpResponseBase:
    for errors in form.errors.values():
        messages.error(request, str(errors[0]))
    return redirect(f"{reverse('admin:desk:queue', args=[meeting.slug])}?{request.GET.urlencode()}")


def mail_subject(move: str) -> str:
    """What the delegates will get, named for the reviewer."""
    return {"approve": _("You are approved"), "reject": _("Your registration was not approved")}[move]
