"""Two registrations that may be of one person, and what somebody said about it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .limits import known_to
from .registration import Registration


class LikenessQuerySet(models.QuerySet["Likeness"]):
    def within_limits(self, user: Any) -> LikenessQuerySet:
        """Those of which a reviewer with limits may see both: one alone would tell of the other."""
        both = known_to(user, "first__meeting", "first__delegation__category")
        return self.filter(both & known_to(user, "second__meeting", "second__delegation__category"))


class Likeness(models.Model):
    """A pair worth a look, in one meeting or across two. Decided once by a person, and remembered."""

    class State(models.TextChoices):
        OPEN = "open", _("To be looked at")
        SAME = "same", _("The same person")
        APART = "apart", _("Two persons")

    first = models.ForeignKey(Registration, models.CASCADE, related_name="likenesses")
    second = models.ForeignKey(Registration, models.CASCADE, related_name="likenesses_as_second")
    score = models.FloatField(_("likeness"))
    # Which of name, email, birth_date, telephone agree, and how well.
    signals = models.JSONField(default=dict)
    state = models.CharField(_("state"), max_length=6, choices=State.choices, default=State.OPEN)
    found_at = models.DateTimeField(_("found"), default=timezone.now)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)

    objects = LikenessQuerySet.as_manager()

    class Meta:
        verbose_name = _("possible duplicate")
        verbose_name_plural = _("possible duplicates")
        ordering = ["-score", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="likeness_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="likeness_in_one_order"),
            models.CheckConstraint(
                condition=Q(state="open", decided_by=None) | ~Q(state="open") & Q(decided_by__isnull=False),
                name="likeness_decided_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} ~ {self.second_id}"
