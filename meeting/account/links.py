"""The mailed link by which somebody sets a password: after forgetting it, or as the first one of a new colleague."""

from __future__ import annotations

import datetime
from typing import NamedTuple

from django.core import signing
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from ..models import User

# How long each kind of message's link works. Stored mail is read by organisers, so the link is made while it is sent.
LIFETIMES = {
    "password_reset": datetime.timedelta(hours=1),
    "staff_invitation": datetime.timedelta(days=3),
}


class Opened(NamedTuple):
    """Whose link it is, and of which kind of message."""

    user: User
    kind: str


def set_password_link(user: User, kind: str = "staff_invitation") -> str:
    """The path at which `user` sets a password, once, within the time of `kind`.

    For messages use the placeholder of the outbox instead, with `focal_user=user` and one of LIFETIMES as kind: what
    stands in a stored message can be read by colleagues.
    """
    return reverse("admin:account:set_password", args=[token(user, kind)])


def token(user: User, kind: str) -> str:
    return signing.dumps([kind, user.pk, _state(user)], salt=__name__)


def opened_by(key: str) -> Opened | None:
    """None when the link is used, too old or made up, or the account is closed to staff."""
    try:
        kind, pk, state = signing.loads(key, salt=__name__, max_age=max(LIFETIMES.values()))
        signing.loads(key, salt=__name__, max_age=LIFETIMES[kind])
    except signing.BadSignature:
        return None
    user = User.objects.filter(pk=pk, is_active=True, is_staff=True).first()
    return Opened(user, kind) if user and constant_time_compare(state, _state(user)) else None


def _state(user: User) -> str:
    """Another one after the password, the address or the time of the last sign-in has changed: the link works once."""
    return salted_hmac(__name__, f"{user.pk} {user.password} {user.email} {user.last_login}").hexdigest()[:32]
