"""Who may read and who may change a registration without an account: the link reads, link and code change."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from ..models import Registration, Status
from ..outside import as_told
from . import codes
from .standing import Standing

View = Callable[..., HttpResponse]


def registration_of(key: str, slug: str = "") -> Registration:
    """The registration this private link opens; a link of another meeting, revoked or made up is a 404."""
    registration = Registration.objects.opened_by(key)
    if registration is None or (slug and registration.meeting.slug != slug):
        raise Http404(_("This link does not work (any more)."))
    return as_told([registration])[0]


def opened(request: HttpRequest, key: str) -> Registration:
    """The same, and the page speaks as our messages to this person do, unless its reader chose a language here."""
    registration = registration_of(key)
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES and registration.status != Status.DRAFT:
        translation.activate(registration.language)
        request.LANGUAGE_CODE = translation.get_language()
    return registration


def changing(may: Callable[[Standing], str]) -> Callable[[View], View]:
    """`view(request, key, registration, standing)` for whoever has written the code that we mailed to the delegate.

    `may` answers with a sentence where this change is not possible now: it is told on the page, before any code.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, key: str) -> HttpResponse:
            registration = opened(request, key)
            if registration.status == Status.DRAFT:
                return redirect("registration:check", registration.meeting.slug, key)
            standing = Standing.of(registration)
            if refusal := may(standing):
                messages.info(request, refusal)
                return redirect("private:page", key)
            if not codes.may_change(request, registration):
                return to_code(key, view.__name__)
            return view(request, key, registration, standing)

        return guarded

    return decorate


def to_code(key: str, then: str) -> HttpResponse:
    return redirect(f"{reverse('private:code', args=[key])}?{urlencode({'then': then})}")


def context_of(registration: Registration, key: str, **more: Any) -> dict[str, Any]:
    """What every page here is drawn from."""
    return {"meeting": registration.meeting, "registration": registration, "key": key, **more}
