"""Makes `request.user` whom `sessions.user_of` says, still asked for only when somebody wants to know."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from . import sessions

# From here the sign-in page is where one is meant to come to.
WAY_IN = {
    "admin:login",
    "admin:logout",
    "admin:account:second",
    "admin:account:passkey_sign_in",
    "admin:account:set_password",
}


class StaffSessionMiddleware:
    """Stands right after Django's AuthenticationMiddleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Lazy, as Django's own: typed as the user it stands for.
        request.user = SimpleLazyObject(lambda: sessions.user_of(request))  # type: ignore[assignment]
        response = self.get_response(request)
        return _signed_out(request) if _lost(request, response) else response


def _lost(request: HttpRequest, response: HttpResponse) -> bool:
    """What somebody sent from a page that was open longer than they were signed in: the way to the sign-in page would
    swallow it. A browser without any cookie never was signed in."""
    if request.method != "POST" or not request.COOKIES or response.status_code != 302:
        return False
    match = request.resolver_match
    return response["Location"].startswith(reverse("admin:login")) and not (match and match.view_name in WAY_IN)


def _signed_out(request: HttpRequest) -> HttpResponse:
    return render(request, "account/signed_out.html", status=403)
