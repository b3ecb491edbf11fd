"""Invitations to entities, the focal points they name, and the mailed links that let these in."""

from __future__ import annotations

import datetime
import secrets
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .delegation import Delegation
from .key import digest

SIGN_IN_LASTS = datetime.timedelta(minutes=20)


class Invitation(models.Model):
    """An entity is asked to come: one message to its mailbox, with a link by which it names its focal points."""

    class State(models.TextChoices):
        SENT = "sent", _("Invited")
        ANSWERED = "answered", _("Has named focal points")
        DECLINED = "declined", _("Does not come")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    delegation = models.ForeignKey(Delegation, models.CASCADE, related_name="invitations")
    email = models.EmailField(_("email of the mission or organization"), max_length=254)
    language = models.CharField(_("language of our messages"), max_length=10, default="en")
    note = models.TextField(_("a word of your own"), max_length=2000, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.SENT)
    state_since = models.DateTimeField(_("since"), default=timezone.now)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("invited"), auto_now_add=True)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["delegation"],
                condition=Q(state__in=["sent", "answered"]),
                name="invitation_one_open_for_each_delegation",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.delegation} {self.email}"


class FocalPointQuerySet(models.QuerySet["FocalPoint"]):
    def active(self, on: datetime.date | None = None) -> FocalPointQuerySet:
        """Those who look after their delegation on this day (today, by UTC)."""
        day = on or timezone.now().date()
        return self.filter(
            Q(active_from=None) | Q(active_from__lte=day),
            Q(active_to=None) | Q(active_to__gte=day),
            ended_at=None,
            user__is_active=True,
        )


class FocalPoint(models.Model):
    """One person who looks after one delegation, or stands in for whoever does."""

    delegation = models.ForeignKey(Delegation, models.CASCADE, related_name="focal_points")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="focal_points")
    # As whoever named them typed it: what the account of that address is called is not theirs to learn.
    name = models.CharField(_("name"), max_length=150, blank=True, default="", db_default="")
    is_alternate = models.BooleanField(_("alternate"), default=False)
    title = models.CharField(_("functional title"), max_length=200, blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    language = models.CharField(_("language of our messages"), max_length=10, default="en")
    active_from = models.DateField(_("from"), null=True, blank=True)
    active_to = models.DateField(_("until"), null=True, blank=True)
    named_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        help_text=_("Empty where the entity answered its invitation."),
    )
    named_at = models.DateTimeField(_("named"), default=timezone.now)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)

    objects = FocalPointQuerySet.as_manager()

    class Meta:
        verbose_name = _("focal point")
        verbose_name_plural = _("focal points")
        ordering = ["is_alternate", "named_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["delegation", "user"], condition=Q(ended_at=None), name="focal_point_once_for_each_delegation"
            ),
            models.CheckConstraint(
                condition=Q(active_from=None) | Q(active_to=None) | Q(active_from__lte=models.F("active_to")),
                name="focal_point_from_before_to",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.delegation}"

    @property
    def shown_name(self) -> str:
        """What the delegation calls this person; of those named without a name, what the account says."""
        return self.name or str(self.user)


class MailedKeyManager(models.Manager["MailedKey"]):
    def issue(self, *, user: Any = None, invitation: Invitation | None = None) -> str:
        """A new key, to sign in with for 20 minutes or to answer an invitation. Only its hash is stored."""
        key = secrets.token_urlsafe(24)
        expires = timezone.now() + SIGN_IN_LASTS if user else None
        self.create(user=user, invitation=invitation, digest=digest(key), expires_at=expires)
        return key

    def opening(self, key: str) -> models.QuerySet[MailedKey]:
        """The one that `key` stands for while it is good: not used up, not revoked, not too old."""
        fresh = Q(expires_at=None) | Q(expires_at__gt=timezone.now())
        return self.for_key(key).filter(fresh, used_at=None, revoked_at=None)

    def forget(self) -> int:
        """Delete the keys to sign in with that have been good for nothing since yesterday; how many there were."""
        old = timezone.now() - datetime.timedelta(days=1)
        return self.filter(user__isnull=False, expires_at__lt=old).delete()[0]

    def for_key(self, key: str) -> models.QuerySet[MailedKey]:
        """The same, good or not."""
        return self.filter(digest=digest(key))


class MailedKey(models.Model):
    """A link in a message to a focal point (signs in once) or to an invited entity (until it is revoked)."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="mailed_keys", null=True, blank=True
    )
    invitation = models.ForeignKey(Invitation, models.CASCADE, related_name="mailed_keys", null=True, blank=True)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = MailedKeyManager()

    class Meta:
        verbose_name = _("mailed link")
        verbose_name_plural = _("mailed links")
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False, invitation=None) | Q(user=None, invitation__isnull=False),
                name="mailed_key_opens_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(user=None) | Q(expires_at__isnull=False), name="mailed_key_to_sign_in_expires"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user or self.invitation} {self.created_at:%Y-%m-%d %H:%M}"
