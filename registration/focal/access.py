"""Who may open a delegation's workspace: its focal points by their mailed link, and the organisers of its meeting.

A link signs in to delegations and to nothing else: it never makes anybody a member of staff, even where the same
person is one. So the focal point stands beside `request.user` in the session, not in its place.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.middleware.csrf import rotate_token
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import urlencode

from meeting.models import User

from ..models import Delegation

SESSION_KEY = "focal_point"


class DelegationRequest(HttpRequest):
    """A request that `delegation_view` let through. `actor` is who acts, for the history."""

    actor: User
    is_organiser: bool


class FocalRequest(HttpRequest):
    """A request that `focal_only` let through. `actor` is the focal point."""

    actor: User


View = Callable[..., HttpResponseBase]


def sign_in(request: HttpRequest, user: User) -> None:
    """From now on this session looks after the delegations of `user`."""
    request.session.cycle_key()
    rotate_token(request)
    request.session[SESSION_KEY] = user.pk


def sign_out(request: HttpRequest) -> None:
    """Forget the focal point; somebody signed in as staff stays signed in."""
    request.session.pop(SESSION_KEY, None)
    if not request.user.is_authenticated:
        request.session.flush()


def focal_user(request: HttpRequest) -> User | None:
    """The focal point of this session, while the account is active."""
    pk = request.session.get(SESSION_KEY)
    return User.objects.filter(pk=pk, is_active=True).first() if pk else None


def focal_only(view: View) -> View:
    """`view(request)` with `request.actor`; whoever is not signed in is asked for an address."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        user = focal_user(request)
        if user is None:
            return to_sign_in(request)
        request.actor = user  # type: ignore[attr-defined]
        return view(request, *args, **kwargs)

    return guarded


def delegation_view(view: View) -> View:
    """`view(request, delegation, …)` for its focal points and the organisers of its meeting; for others a 404.

    `delegation` comes with meeting, category and entity.
    """

    @wraps(view)
    def find(request: HttpRequest, slug: str, delegation: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
        focal, staff = focal_user(request), request.user if request.user.is_authenticated else None
        if focal is None and staff is None:
            return to_sign_in(request, reverse("roster:workspace", args=[slug, delegation]))
        asked = Delegation.objects.filter(reference=delegation, meeting__slug=slug)
        around = asked.select_related("meeting__venue", "category", "entity")
        found = focal and around.looked_after_by(focal).first()
        request.actor, request.is_organiser = focal, False  # type: ignore[attr-defined]
        if not found:
            found = get_object_or_404(around.organised_by(staff) if staff else around.none())
            request.actor, request.is_organiser = staff, True  # type: ignore[attr-defined]
        return view(request, found, *args, **kwargs)

    return find


def to_sign_in(request: HttpRequest, otherwise: str = "") -> HttpResponseBase:
    """Ask for an address, and come back: to this page, or `otherwise` where the request was no page to come back to."""
    wanted = request.get_full_path() if request.method in ("GET", "HEAD") else otherwise
    return redirect(f"{reverse('focal:sign_in')}?{urlencode({'next': wanted} if wanted else {})}")
