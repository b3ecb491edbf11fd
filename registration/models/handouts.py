"""What the papers for the room need and nothing else knows: who sits first, and who has spoken."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from meeting.models import Meeting

from .delegation import Delegation


class SeatingStart(models.Model):
    """Whose seat is the first, from which the others follow in the order of a language. The newest one counts.

    An earlier one stays: a lot that could be drawn again without a trace would be none.
    """

    class How(models.TextChoices):
        DRAWN = "drawn", _("Drawn by lot")
        CHOSEN = "chosen", _("Chosen")

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="seating_starts")
    delegation = models.ForeignKey(Delegation, models.PROTECT, related_name="+", verbose_name=_("begins with"))
    how = models.CharField(_("how"), max_length=6, choices=How.choices)
    among = models.PositiveIntegerField(_("among how many"))
    language = models.CharField(_("in the order of"), max_length=10)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("start of the seating order")
        verbose_name_plural = _("starts of the seating order")
        ordering = ["-at", "-pk"]
        constraints = [models.CheckConstraint(condition=Q(how__in=["drawn", "chosen"]), name="seating_start_how_known")]

    def __str__(self) -> str:
        return f"{self.meeting}: {self.delegation}"


class Statement(models.Model):
    """A delegation has spoken, as somebody at the desk noted it."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="statements")
    delegation = models.ForeignKey(Delegation, models.PROTECT, related_name="statements")
    item = models.CharField(
        _("agenda item"),
        max_length=20,
        blank=True,
        validators=[RegexValidator(r"^[^\x00-\x1f\x7f]*$", _("Write the number of the item, such as 4 or 4 (b)."))],
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("noted"), default=timezone.now)

    class Meta:
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        ordering = ["at", "pk"]
        constraints = [models.UniqueConstraint(fields=["delegation", "item"], name="statement_once_for_each_item")]

    def __str__(self) -> str:
        return f"{self.delegation} {self.item}".strip()
