"""The letters that the delegate takes on the own page."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ..issuing import taking
from ..issuing.standing import CannotIssue
from .access import opened


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def paper(request: HttpRequest, key: str, kind: str, language: str) -> HttpResponse:
    """The letter as PDF. One that was never issued is written when its button is pressed."""
    registration = opened(request, key)
    letter = taking.find(registration, kind, language)
    if letter is None and request.method == "POST":
        try:
            letter = taking.write(registration, kind, by=None)
        except CannotIssue as refusal:
            messages.warning(request, str(refusal))
            return redirect("private:page", key)
    if letter is None:
        messages.info(request, _("This letter is not here any more."))
        return redirect("private:page", key)
    return taking.as_pdf(letter, by=None)
