"""The delegation's own part of the list of participants, to be looked at before it is printed."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ..focal.access import DelegationRequest, delegation_view
from ..models import Delegation
from ..participants.build import setup_of
from ..versions import checks
from .finding import around


class AnswerForm(forms.Form):
    note = forms.CharField(
        label=gettext_lazy("What is to be corrected"),
        help_text=gettext_lazy("Say of whom, and what should stand there. Leave it empty where all is right."),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
        error_messages={"max_length": gettext_lazy("Say it in 2,000 characters or fewer, or write to the organisers.")},
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@delegation_view
def list_check(request: DelegationRequest, delegation: Delegation) -> HttpResponse:
    """As it would be printed; one answer, which can be given anew."""
    check = checks.open_for(delegation)
    if check is None:
        raise Http404
    form = AnswerForm(request.POST if request.method == "POST" else None, initial={"note": check.note})
    if request.method == "POST" and _is_said(request, form, check.note):
        note = "" if "right" in request.POST else form.cleaned_data["note"].strip()
        checks.answer(check, by=request.actor, note=note)
        messages.success(request, _("The organisers read it.") if note else _("Thank you: your part is right."))
        return redirect("roster:workspace", delegation.meeting.slug, delegation.reference)
    language, lines = checks.own_part(check, get_language() or "en")
    context = {
        **around(request, delegation),
        "check": check,
        "form": form,
        "lines": lines,
        "list_language": language,
        "until": setup_of(delegation.meeting).corrections_until,
    }
    return render(request, "roster/list_check.html", context, status=422 if form.errors else 200)


def _is_said(request: DelegationRequest, form: AnswerForm, before: str) -> bool:
    """Either that all is right, or what is not; and nothing that was typed is lost."""
    if not form.is_valid():
        return False
    note = form.cleaned_data["note"].strip()
    if "right" in request.POST and note not in ("", before):
        form.add_error("note", _("You wrote a correction. Send it, or empty the field and say that all is right."))
    elif "right" not in request.POST and not note:
        form.add_error("note", _("Say what is to be corrected, or that all is right."))
    return not form.errors
