"""Who may look after how they sign in: staff who are signed in, and whoever is on the way and has no second factor."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache

from ..models import User
from . import factors, sessions
from .signing_in import pending_user

CONFIRMED = 15 * 60  # seconds for which a password that was given is enough
View = Callable[..., HttpResponseBase]


class OwnRequest(HttpRequest):
    """A request that `signed_in` or `on_the_way` let through. `person` is whose account it is about."""

    user: User  # type: ignore[assignment]  # nobody without an account comes this far
    person: User


def signed_in(view: View) -> View:
    """Staff who are signed in; others are asked to."""

    @wraps(view)
    @never_cache
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not _is_staff(request):
            return _to_sign_in(request)
        request.person = request.user  # type: ignore[attr-defined]  # what makes it an OwnRequest
        return view(request, *args, **kwargs)

    return guarded


def confirmed(view: View) -> View:
    """The same, with the password given a short while ago: a screen left open is not enough to take an account over."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not sessions.confirmed_lately(request, CONFIRMED):
            wanted = request.get_full_path() if request.method in ("GET", "HEAD") else reverse("admin:account:overview")
            return redirect(f"{reverse('admin:account:confirm')}?{urlencode({'next': wanted})}")
        return view(request, *args, **kwargs)

    return signed_in(guarded)


def on_the_way(view: View) -> View:
    """As `confirmed`, and whoever has just given the password of an account that has no second factor yet."""
    inside = confirmed(view)

    @wraps(view)
    @never_cache
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        person = None if _is_staff(request) else pending_user(request)
        if person is None or factors.has_any(person):
            return inside(request, *args, **kwargs)
        request.person = person  # type: ignore[attr-defined]  # as above
        return view(request, *args, **kwargs)

    return guarded


def _is_staff(request: HttpRequest) -> bool:
    return request.user.is_authenticated and request.user.is_staff


def _to_sign_in(request: HttpRequest) -> HttpResponseBase:
    wanted = {"next": request.get_full_path()} if request.method in ("GET", "HEAD") else {}
    return redirect(f"{reverse('admin:login')}?{urlencode(wanted)}" if wanted else reverse("admin:login"))
