"""Signing in by a mailed link, and the delegations one looks after."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from .access import focal_only


@require_safe
@focal_only
def mine(request: HttpRequest) -> HttpResponse:
    return HttpResponse("")


@require_safe
def sign_in(request: HttpRequest) -> HttpResponse:
    return HttpResponse("")
