"""What waits for a word: seats on offer, changes proposed after approval, codes that allow a change."""

from __future__ import annotations

import datetime
import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from .registration import Registration


class SeatOffer(models.Model):
    """A free seat kept for the first in line until they take it, decline it, or the time is over."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        EXPIRED = "expired", _("Too late")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    registration = models.ForeignKey(Registration, models.CASCADE, related_name="seat_offers")
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    expires_at = models.DateTimeField(_("good until"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    class Meta:
        verbose_name = _("offer of a seat")
        verbose_name_plural = _("offers of seats")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["registration"], condition=Q(state="open"), name="seat_offer_one_open_for_each"
            ),
            models.CheckConstraint(
                condition=Q(state="open", answered_at=None) | (~Q(state="open") & Q(answered_at__isnull=False)),
                name="seat_offer_answered_iff_not_open",
            ),
        ]
        indexes = [models.Index(fields=["expires_at"], condition=Q(state="open"), name="seat_offer_running_out")]

    def __str__(self) -> str:
        return f"{self.registration} {self.get_state_display()}"


class ChangeProposal(models.Model):
    """What an approved person asks to change: field by field what it was and what it would be."""

    class State(models.TextChoices):
        OPEN = "open", _("Waits for a decision")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    registration = models.ForeignKey(Registration, models.CASCADE, related_name="proposals")
    changes = models.JSONField(_("changes"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        help_text=_("Empty where the delegate asked."),
    )
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        verbose_name = _("proposed change")
        verbose_name_plural = _("proposed changes")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["registration"], condition=Q(state="open"), name="change_proposal_one_open_for_each"
            ),
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(reason=""), name="change_proposal_declined_with_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_at=None) | (~Q(state="open") & Q(decided_at__isnull=False)),
                name="change_proposal_decided_iff_not_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.registration} {self.get_state_display()}"


CODE_LASTS = datetime.timedelta(minutes=20)
CODE_TRIES = 5


class ChangeCodeManager(models.Manager["ChangeCode"]):
    def write(self, pk: int) -> str:
        """Six new digits for this code, whose 20 minutes begin now. Only their hash is stored."""
        digits = f"{secrets.randbelow(1_000_000):06d}"
        self.filter(pk=pk, used_at=None).update(digest=code_digest(pk, digits), created_at=timezone.now())
        return digits

    def forget(self) -> int:
        """Delete those that have been good for nothing since yesterday; today's count for how many may be asked for."""
        return self.filter(created_at__lt=timezone.now() - datetime.timedelta(days=1)).delete()[0]


def code_digest(pk: int, digits: str) -> str:
    """Keyed, because a million hashes of six digits are made in a second."""
    return salted_hmac("registration.ChangeCode", f"{pk}:{digits}", algorithm="sha256").hexdigest()


class ChangeCode(models.Model):
    """Six digits mailed to a delegate: whoever types them on the private page may change it for 20 minutes."""

    registration = models.ForeignKey(Registration, models.CASCADE, related_name="change_codes")
    # Empty until the message goes out: the digits are made only then.
    digest = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)

    objects = ChangeCodeManager()

    class Meta:
        verbose_name = _("code")
        verbose_name_plural = _("codes")
        indexes = [models.Index(fields=["registration", "-created_at"], name="change_code_newest")]

    def __str__(self) -> str:
        return f"{self.registration} {self.created_at:%Y-%m-%d %H:%M}"

    @property
    def is_fresh(self) -> bool:
        return timezone.now() < self.created_at + CODE_LASTS

    def fits(self, digits: str) -> bool:
        """Whether these are the digits that were mailed; compared in the same time whatever they are."""
        return bool(self.digest) and constant_time_compare(self.digest, code_digest(self.pk, digits))
