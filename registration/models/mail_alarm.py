"""Something is wrong with sending mail: from when until when, and when somebody was told."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from meeting.models import Meeting


class MailAlarm(models.Model):
    """One incident. Of the whole installation where it has no meeting."""

    class What(models.TextChoices):
        REFUSED = "refused", _("The mail server does not accept us")
        FAILING = "failing", _("Many messages are not taken")
        LATE = "late", _("Messages wait too long")
        UNCLEAR = "unclear", _("It is unclear whether some messages arrived")

    what = models.CharField(_("what"), max_length=8, choices=What.choices)
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="mail_alarms", null=True, blank=True)
    began_at = models.DateTimeField(_("since"), default=timezone.now)
    told_at = models.DateTimeField(_("told"), null=True, blank=True)  # the last time
    over_at = models.DateTimeField(_("over"), null=True, blank=True)
    count = models.PositiveIntegerField(_("messages"), default=0)
    answer = models.CharField(_("answer of the mail server"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("alarm about mail")
        verbose_name_plural = _("alarms about mail")
        constraints = [
            models.UniqueConstraint(
                fields=["what", "meeting"], condition=Q(over_at=None), nulls_distinct=False, name="mail_alarm_once"
            ),
            models.CheckConstraint(
                condition=Q(what__in=["refused", "failing", "late", "unclear"]), name="mail_alarm_known"
            ),
            models.CheckConstraint(
                condition=Q(over_at=None) | Q(over_at__gte=F("began_at")), name="mail_alarm_ends_after_it_began"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.began_at:%Y-%m-%d %H:%M}"
