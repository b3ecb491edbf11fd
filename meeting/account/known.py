"""Browsers that an account has signed in from before, told by a signed cookie that scripts cannot read.

They are what keeps a lock-out from locking out the owner: other people's failures do not count in them.
"""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from ..models import User

COOKIE = "known_browser"
SECONDS = 365 * 24 * 3600
PEOPLE = 8  # who share one browser


def number(request: HttpRequest, user: User | None) -> str:
    """The number of this browser if `user` has signed in here before, else nothing."""
    found = _read(request)
    return found["browser"] if user is not None and user.pk in found["users"] else ""


def remember(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """From now on this browser is known to the account of `user`."""
    found = _read(request)
    users = [user.pk, *(pk for pk in found["users"] if pk != user.pk)][:PEOPLE]
    response.set_cookie(
        COOKIE,
        signing.dumps({"browser": found["browser"], "users": users}, salt=COOKIE),
        max_age=SECONDS,
        path="/admin/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _read(request: HttpRequest) -> dict[str, Any]:
    try:
        found: dict[str, Any] = signing.loads(request.COOKIES.get(COOKIE, ""), salt=COOKIE, max_age=SECONDS)
        return found
    except signing.BadSignature:
        return {"browser": secrets.token_hex(8), "users": []}
