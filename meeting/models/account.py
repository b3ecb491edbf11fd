"""What staff sign in with beside their password, where they are signed in, and who failed to."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..sealed import SealedTextField
from .people import User


class AuthenticatorApp(models.Model):
    """An app that shows six digits, new ones every half minute (TOTP, RFC 6238)."""

    user = models.OneToOneField(User, models.CASCADE, related_name="authenticator_app")
    secret = SealedTextField()
    # The half minute of the last code that was accepted: no code, and none before it, is taken twice.
    last_step = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    last_used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return str(_("Authenticator app"))


class Passkey(models.Model):
    """A key on a phone, in a password manager or on a stick (WebAuthn). What is kept here is public."""

    user = models.ForeignKey(User, models.CASCADE, related_name="passkeys")
    name = models.CharField(_("name"), max_length=60)
    credential_id = models.BinaryField(max_length=1023, unique=True)
    public_key = models.BinaryField()  # the attested credential data, as WebAuthn writes it
    # Some keys count their uses: one that comes with a lower count than before has been copied.
    counter = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    last_used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class RecoveryCode(models.Model):
    """One of ten codes on paper, each good for one sign-in. Only its digest is kept."""

    user = models.ForeignKey(User, models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "digest"], name="recovery_code_once")]

    def __str__(self) -> str:
        return f"{self.pk}"


class StaffSession(models.Model):
    """One browser in which somebody is signed in. The session itself is Django's; without its row here it is over."""

    user = models.ForeignKey(User, models.CASCADE, related_name="sessions")
    session_key = models.CharField(max_length=40)
    browser = models.CharField(max_length=40)
    system = models.CharField(max_length=40)
    address = models.CharField(max_length=45)
    started_at = models.DateTimeField(default=timezone.now)
    last_used_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["ends_at"], name="staff_session_by_end")]

    def __str__(self) -> str:
        return f"{self.browser}, {self.system}"


class FailedSignIn(models.Model):
    """One wrong password or code. Of the address that was typed only a keyed digest is kept."""

    class Step(models.TextChoices):
        PASSWORD = "password", _("Password")
        FACTOR = "factor", _("Second factor")

    step = models.CharField(max_length=10, choices=Step.choices)
    account = models.CharField(max_length=32)
    network = models.CharField(max_length=45)
    browser = models.CharField(max_length=32, blank=True)  # the number of a browser that is known to the account
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(step__in=["password", "factor"]), name="failed_step_known")
        ]
        indexes = [
            models.Index(fields=["account", "step", "at"], name="failed_by_account"),
            models.Index(fields=["network", "at"], name="failed_by_network"),
            models.Index(fields=["at"], name="failed_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.step}"
