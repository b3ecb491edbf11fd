"""Where somebody is signed in, until when, and with how much proof.

`user_of` is the one place that says who a request is from. A session that has given only the password, where a second
factor is required, is nobody: not for the desk, not for the setup, not for the pages of a delegation that organisers
open as well.
"""

from __future__ import annotations

import datetime
import time
from typing import Any

from django.conf import settings
from django.contrib import auth
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from ..models import StaffSession, User
from . import reader

KEY, ENDS = "staff", "staff_ends"
BACKEND = "django.contrib.auth.backends.ModelBackend"
LASTS = settings.SESSION_COOKIE_AGE
LONGEST = 24 * 3600
LOOKED_AT = 5 * 60  # how exactly "last used" is known


def begin(request: HttpRequest, user: User, *, with_factor: bool) -> None:
    """Sign `user` in. Whatever the browser was before, its session has another key now."""
    auth.login(request, user, backend=BACKEND)
    now = time.time()
    request.session.set_expiry(timezone.now() + datetime.timedelta(seconds=LONGEST))
    request.session.save()
    row = StaffSession.objects.create(user=user, ends_at=_moment(now + LASTS), **_place(request))
    request.session[ENDS] = int(now + LASTS)
    request.session[KEY] = {
        "row": row.pk,
        "key": row.session_key,
        "since": now,
        "seen": now,
        "confirmed": now,
        "factor": with_factor,
    }


def user_of(request: HttpRequest) -> User | AnonymousUser:
    """Who is signed in here, with everything that is asked of staff; else nobody."""
    # Django types it as any of its users; AUTH_USER_MODEL makes it ours, or nobody.
    user = auth.get_user(request)
    if not user.is_authenticated:
        return user  # type: ignore[return-value]
    own = request.session.get(KEY)
    if settings.SECOND_FACTOR_REQUIRED and not (own and own["factor"]):
        return AnonymousUser()
    if own is None:
        return user  # type: ignore[return-value]  # a session that was not made here, where that is enough
    if time.time() >= request.session[ENDS] or not _still_there(request, own):
        forget(request)
        return AnonymousUser()
    return user  # type: ignore[return-value]


def _still_there(request: HttpRequest, own: dict[str, Any]) -> bool:
    """Ended elsewhere, a session loses both its own row and ours; ours is asked after now and then only."""
    now, key = time.time(), request.session.session_key
    if own["key"] == key and now - own["seen"] < LOOKED_AT:
        return True
    place = _place(request) | {"last_used_at": timezone.now()}
    request.session[KEY] = own | {"key": key, "seen": now}
    return bool(StaffSession.objects.filter(pk=own["row"]).update(**place))


def forget(request: HttpRequest) -> None:
    """Nobody is signed in here as staff any more; a focal point who uses the same browser stays."""
    own = request.session.get(KEY)
    if own:
        StaffSession.objects.filter(pk=own["row"]).delete()
    for name in (KEY, ENDS, auth.SESSION_KEY, auth.BACKEND_SESSION_KEY, auth.HASH_SESSION_KEY):
        request.session.pop(name, None)
    request.session.cycle_key()


def extend(request: HttpRequest) -> int:
    """Go on for a working day from now, at most LONGEST since signing in; the new end."""
    own = request.session[KEY]
    ends = int(min(time.time() + LASTS, own["since"] + LONGEST))
    request.session[ENDS] = ends
    StaffSession.objects.filter(pk=own["row"]).update(ends_at=_moment(ends))
    return ends


def of(user: User) -> QuerySet[StaffSession]:
    """Every browser in which `user` is signed in now, the latest used first."""
    alive = Session.objects.filter(session_key=OuterRef("session_key"))
    return user.sessions.filter(Exists(alive), ends_at__gt=timezone.now()).order_by("-last_used_at")


def current(request: HttpRequest) -> int:
    """The row of this browser; 0 where the session was not made here."""
    own: dict[str, Any] = request.session.get(KEY) or {}
    return own.get("row", 0)


def end(rows: QuerySet[StaffSession]) -> int:
    """Sign out the browsers of `rows`, wherever they are."""
    keys = list(rows.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    rows.delete()
    return len(keys)


def end_others(request: HttpRequest, user: User) -> int:
    return end(StaffSession.objects.filter(user=user).exclude(pk=current(request)))


def confirmed_lately(request: HttpRequest, seconds: int) -> bool:
    own: dict[str, Any] = request.session.get(KEY) or {}
    return time.time() - own.get("confirmed", 0) < seconds


def confirm(request: HttpRequest) -> None:
    """The password was given just now."""
    if KEY in request.session:
        request.session[KEY] = request.session[KEY] | {"confirmed": time.time()}


def given_factor(request: HttpRequest) -> None:
    """A second factor was proved in this session just now."""
    if KEY in request.session:
        request.session[KEY] = request.session[KEY] | {"factor": True}


def forget_old() -> int:
    return StaffSession.objects.filter(ends_at__lt=timezone.now()).delete()[0]


def _place(request: HttpRequest) -> dict[str, str]:
    return {
        "session_key": request.session.session_key or "",
        "browser": reader.browser(request),
        "system": reader.system(request),
        "address": reader.address(request),
    }


def _moment(seconds: float) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC)
