"""The sealed record of somebody under 18: what tells who the child is stands here and nowhere else."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from meeting.sealed import SealedTextField

from .delegation import Delegation
from .registration import Registration


class ChildRecord(models.Model):
    """The safeguarding file of one registration under 18. Only the safeguarding lead and the sending focal point."""

    class State(models.TextChoices):
        OPEN = "open", _("With the safeguarding lead")
        CLEARED = "cleared", _("Cleared")
        REFUSED = "refused", _("Not cleared")

    registration = models.OneToOneField(Registration, models.CASCADE, related_name="child_record")
    legal_name = SealedTextField(_("legal name"))
    birth_date = SealedTextField(_("date of birth"))  # ISO
    guardian_name = SealedTextField(_("guardian’s name"), blank=True)
    guardian_contact = SealedTextField(_("how to reach the guardian"), blank=True)
    # The delegation it was typed under: where the person goes back to, should the date of birth prove wrong.
    came_from = models.ForeignKey(Delegation, models.SET_NULL, related_name="+", null=True, blank=True, editable=False)
    languages = models.CharField(_("languages the child speaks"), max_length=200, blank=True)
    chaperones = models.ManyToManyField(
        Registration, related_name="chaperoned", blank=True, verbose_name=_("chaperones")
    )
    # photo, voice, quotation, livestream: {"child": bool, "guardian": bool}. What is not there is a no.
    media = models.JSONField(_("media choice"), default=dict, blank=True)
    same_sex_seen = models.BooleanField(_("a chaperone is of the child’s own sex"), default=False)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.OPEN)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    reason = SealedTextField(_("reason"), blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("safeguarding record")
        verbose_name_plural = _("safeguarding records")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", decided_by=None, decided_at=None)
                | ~Q(state="open") & Q(decided_by__isnull=False, decided_at__isnull=False),
                name="child_record_decided_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"


def consent_path(consent: ChildConsent, filename: str) -> str:
    return f"consents/{secrets.token_hex(2)}/{secrets.token_hex(16)}"


class ChildConsent(models.Model):
    """One paper of the file: given, by whom, when; withdrawn, when."""

    class Kind(models.TextChoices):
        ASSENT = "assent", _("The child’s own assent, in the child’s language")
        GUARDIAN = "guardian", _("Guardian’s consent")
        TRAVEL = "travel", _("Permission to travel")
        ENDORSEMENT = "endorsed", _("Endorsement by the sending organization")
        MEDICAL = "medical", _("Medical form")
        MEDIA = "media", _("Choice about photographs, voice and quotations")
        CHILD_CODE = "child_code", _("Code of conduct, signed by the child")
        CHAPERONE_CODE = "adult_code", _("Code of conduct, signed by the chaperone")

    record = models.ForeignKey(ChildRecord, models.CASCADE, related_name="consents")
    kind = models.CharField(_("paper"), max_length=10, choices=Kind.choices)
    file = models.FileField(_("file"), upload_to=consent_path, max_length=250, blank=True)
    original_name = SealedTextField(blank=True)
    media_type = models.CharField(max_length=40, blank=True)
    given_on = models.DateField(_("given on"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("paper of a safeguarding record")
        verbose_name_plural = _("papers of safeguarding records")
        ordering = ["kind", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["record", "kind"], condition=Q(withdrawn_at=None), name="child_consent_one_of_each"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.record} {self.get_kind_display()}"
