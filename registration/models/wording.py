"""The words of a meeting's messages and letters, where organisers have written their own."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from meeting.models import Meeting

from .delegation import Category


class Wording(models.Model):
    """One version of the words for one event, in one language; for one category, or for all without words of their own.

    Versions are kept. An empty `body` says: from here on the words that come with the product.
    """

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="wordings", verbose_name=_("meeting"))
    kind = models.CharField(_("message"), max_length=40)
    category = models.ForeignKey(
        Category, models.CASCADE, related_name="+", null=True, blank=True, verbose_name=_("category")
    )
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    version = models.PositiveIntegerField(_("version"), default=1)
    is_current = models.BooleanField(_("in use"), default=True)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    title = models.CharField(_("heading"), max_length=200, blank=True)
    body = models.TextField(_("text"), max_length=10_000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)
    at = models.DateTimeField(_("written"), default=timezone.now)

    class Meta:
        verbose_name = _("wording")
        verbose_name_plural = _("wordings")
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "kind", "category", "language", "version"],
                nulls_distinct=False,
                name="wording_version_once",
            ),
            models.UniqueConstraint(
                fields=["meeting", "kind", "category", "language"],
                condition=Q(is_current=True),
                nulls_distinct=False,
                name="wording_in_use_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.language} {self.version}"


class HeldKind(models.Model):
    """Messages of this kind wait until somebody has read them."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="held_kinds", verbose_name=_("meeting"))
    kind = models.CharField(_("message"), max_length=40)

    class Meta:
        verbose_name = _("kind of message that waits for a reader")
        verbose_name_plural = _("kinds of messages that wait for a reader")
        constraints = [models.UniqueConstraint(fields=["meeting", "kind"], name="held_kind_once")]

    def __str__(self) -> str:
        return self.kind
