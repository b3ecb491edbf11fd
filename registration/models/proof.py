"""What somebody who proofreads the list has said is right, though it looks wrong."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from meeting.models import Meeting

from .delegation import Delegation
from .registration import Registration


class FoundRight(models.Model):
    """One finding about one person or one delegation, said to be right as it is; it holds for that value alone."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="found_right")
    kind = models.CharField(_("kind"), max_length=20)  # as participants/findings.py calls it
    registration = models.ForeignKey(Registration, models.CASCADE, related_name="+", null=True, blank=True)
    delegation = models.ForeignKey(Delegation, models.CASCADE, related_name="+", null=True, blank=True)
    # A keyed hash of what looked wrong: enough to see that it has changed, and it tells nothing.
    value = models.CharField(max_length=32)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("right as it is")
        verbose_name_plural = _("right as they are")
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "kind", "registration", "delegation"],
                nulls_distinct=False,
                name="found_right_once",
            ),
            models.CheckConstraint(
                condition=Q(registration=None) ^ Q(delegation=None), name="found_right_of_one_person_or_delegation"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.registration or self.delegation}"
