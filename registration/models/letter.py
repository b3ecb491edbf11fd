"""The letter that names a delegation's people: a private file."""

from __future__ import annotations

import secrets
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from meeting.models import Meeting, Role

from .delegation import Delegation
from .registration import Registration, Status

LETTER_READERS = (Role.ORGANISER, Role.REVIEWER)


def letter_path(letter: Letter, filename: str) -> str:
    """A random name: neither who sent it nor what they called it shows in the store."""
    return f"letters/{secrets.token_hex(2)}/{secrets.token_hex(16)}"


class LetterQuerySet(models.QuerySet["Letter"]):
    def visible_to(self, user: Any) -> LetterQuerySet:
        """Letters that came with a registration, for those who decide on it."""
        return self.filter(
            registration__isnull=False, meeting__in=Meeting.objects.with_role(user, *LETTER_READERS)
        ).exclude(registration__status=Status.DRAFT)


class Letter(models.Model):
    """A nomination letter as received. Without a registration it is an upload whose form came back with errors."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="letters")
    delegation = models.ForeignKey(Delegation, models.PROTECT, related_name="letters", null=True, blank=True)
    registration = models.ForeignKey(Registration, models.CASCADE, related_name="letters", null=True, blank=True)
    file = models.FileField(_("file"), upload_to=letter_path, max_length=250)
    original_name = models.CharField(_("name of the file"), max_length=200)
    media_type = models.CharField(_("type"), max_length=40)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField(max_length=64)
    received_at = models.DateTimeField(_("received"), auto_now_add=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ["-received_at"]

    def __str__(self) -> str:
        return self.original_name

    @property
    def is_image(self) -> bool:
        return self.media_type.startswith("image/")
