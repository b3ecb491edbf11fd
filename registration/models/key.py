"""Private links: only a hash of each is kept."""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from .registration import Registration


def digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


class AccessKeyManager(models.Manager["AccessKey"]):
    def issue(self, registration: Registration, *, mailed_to: str = "") -> str:
        """A new key to the registration's page. Only its hash is stored: this is the one chance to hand it over."""
        key = secrets.token_urlsafe(24)
        self.create(registration=registration, digest=digest(key), mailed_to=mailed_to.lower())
        return key

    def opening(self, key: str) -> models.QuerySet[AccessKey]:
        """The one that `key` stands for, while it is valid; nothing otherwise."""
        return self.filter(digest=digest(key), revoked_at=None)

    def find(self, key: str) -> AccessKey | None:
        return self.opening(key).first()


class AccessKey(models.Model):
    """A private link to one registration, stored as a hash; whoever holds the link may read the page."""

    registration = models.ForeignKey("registration.Registration", models.CASCADE, related_name="access_keys")
    digest = models.CharField(max_length=64, unique=True)
    # In small letters. Empty where it was handed over on the screen, to whoever registered.
    mailed_to = models.EmailField(max_length=254, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = AccessKeyManager()

    class Meta:
        verbose_name = _("private link")
        verbose_name_plural = _("private links")

    def __str__(self) -> str:
        return f"{self.registration.reference} {self.created_at:%Y-%m-%d}"
