"""The second factors of a member of staff: which there are, what proves them, and how they come and go."""

from __future__ import annotations

import hashlib
import secrets

from django.db import transaction
from django.utils import timezone

from ..models import AuditEntry, AuthenticatorApp, RecoveryCode, StaffSession, User
from . import sessions, totp

CODES = 10
# Without letters and digits that look alike.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def has_any(user: User) -> bool:
    return app_of(user) is not None or user.passkeys.exists()


def app_of(user: User) -> AuthenticatorApp | None:
    return AuthenticatorApp.objects.filter(user=user).first()


def codes_left(user: User) -> int:
    return user.recovery_codes.filter(used_at=None).count()


def proves(user: User, typed: str) -> str:
    """What `typed` is: "app", "recovery_code", or nothing. What it proves it proves once."""
    return "app" if _app_says(user, typed) else "recovery_code" if _use_up(user, typed) else ""


def _app_says(user: User, typed: str) -> bool:
    app = app_of(user)
    step = totp.matching_step(app.secret, typed, after=app.last_step) if app else None
    if app is None or step is None:
        return False
    # The update is the lock: of two that come with the same code one finds it used.
    fresh = AuthenticatorApp.objects.filter(pk=app.pk, last_step__lt=step)
    return bool(fresh.update(last_step=step, last_used_at=timezone.now()))


def _use_up(user: User, typed: str) -> bool:
    unused = RecoveryCode.objects.filter(user=user, digest=_digest(typed), used_at=None)
    return bool(unused.update(used_at=timezone.now()))


@transaction.atomic
def add_app(user: User, secret: str, typed: str) -> bool:
    """Take the app with this secret instead of any other, if `typed` is what it shows now."""
    step = totp.matching_step(secret, typed)
    if step is None:
        return False
    AuthenticatorApp.objects.filter(user=user).delete()
    AuthenticatorApp.objects.create(user=user, secret=secret, last_step=step)
    note(user, "app_added")
    return True


@transaction.atomic
def new_codes(user: User) -> list[str]:
    """Ten fresh codes, in clear this once; earlier ones open nothing any more."""
    codes = ["-".join(_group() for _ in range(4)) for _ in range(CODES)]
    RecoveryCode.objects.filter(user=user).delete()
    RecoveryCode.objects.bulk_create(RecoveryCode(user=user, digest=_digest(code)) for code in codes)
    note(user, "codes_made")
    return codes


@transaction.atomic
def remove_app(user: User, *, by: User) -> None:
    AuthenticatorApp.objects.filter(user=user).delete()
    note(by, "app_removed")
    _no_codes_without_factor(user)


@transaction.atomic
def rename_passkey(user: User, pk: int, name: str) -> bool:
    """Whether a key of this person is called otherwise now."""
    renamed = bool(user.passkeys.filter(pk=pk).exclude(name=name).update(name=name))
    if renamed:
        note(user, "passkey_renamed")
    return renamed


@transaction.atomic
def remove_passkey(user: User, pk: int) -> None:
    if user.passkeys.filter(pk=pk).delete()[0]:
        note(user, "passkey_removed")
    _no_codes_without_factor(user)


@transaction.atomic
def take_away_all(user: User, *, by: User | None) -> None:
    """For somebody who has lost everything: signed out everywhere, they sign in with the password and set up anew."""
    AuthenticatorApp.objects.filter(user=user).delete()
    user.passkeys.all().delete()
    user.recovery_codes.all().delete()
    sessions.end(StaffSession.objects.filter(user=user))
    note(by, "factors_reset", of=user)


def note(by: User | None, what: str, *, of: User | None = None) -> None:
    """A line of history about how somebody signs in. `of` is whose account it is, where that is not who did it."""
    about = of or by
    AuditEntry.objects.create(
        action=AuditEntry.Action.ACCOUNT, by=by, about=about.email[:200] if about else "", detail={"what": what}
    )


def _no_codes_without_factor(user: User) -> None:
    if not has_any(user):
        user.recovery_codes.all().delete()


def _group() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(4))


def _digest(typed: str) -> str:
    # Sixteen characters of a random code are too many to be tried out: a plain digest will do.
    return hashlib.sha256("".join(c for c in typed.lower() if c.isalnum()).encode()).hexdigest()
