"""The official list of participants: how a meeting prints it, its officers, and each version that was made of it."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from meeting.models import Meeting

from .delegation import Delegation
from .registration import Registration


class Basis(models.TextChoices):
    """Who stands in the list."""

    ACCREDITED = "accredited", _("Accredited and registered: a letter that counts, and not rejected")
    APPROVED = "approved", _("Approved")
    ARRIVED = "arrived", _("Approved and arrived: checked in at the desk")


class ParticipantsSetup(models.Model):
    """How a meeting prints its list of participants. Without a row all is as the defaults say."""

    meeting = models.OneToOneField(Meeting, models.CASCADE, related_name="participants_setup")
    # The name of a file in participants/profiles/; empty follows the meeting's style of names.
    profile = models.SlugField(_("profile"), max_length=20, blank=True)
    basis = models.CharField(_("who stands in it"), max_length=10, choices=Basis.choices, default=Basis.APPROVED)
    symbol = models.CharField(
        _("document symbol"), max_length=60, blank=True, help_text=_("For example E/ESCAP/WC3/2008/INF/2.")
    )
    distribution = models.CharField(
        _("distribution"), max_length=100, blank=True, help_text=_("For example: For participants only.")
    )
    two_columns = models.BooleanField(_("in two columns"), default=True)
    with_contents = models.BooleanField(_("with a table of contents"), default=False)
    with_contact = models.BooleanField(
        _("email and telephone of those who share theirs"),
        default=False,
        help_text=_("Never of children. Everybody else is asked, and the answer is no until they say yes."),
    )
    corrections_until = models.DateField(_("corrections until"), null=True, blank=True)

    class Meta:
        verbose_name = _("list of participants")
        verbose_name_plural = _("lists of participants")
        constraints = [models.CheckConstraint(condition=Q(basis__in=Basis.values), name="participants_basis_known")]

    def __str__(self) -> str:
        return str(self.meeting)


class Officer(models.Model):
    """Somebody who was elected to conduct the meeting; printed first where the profile says so."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="officers", verbose_name=_("meeting"))
    order = models.PositiveSmallIntegerField(_("order"))
    office = models.CharField(_("office"), max_length=100, help_text=_("For example Chair, Vice-Chair, Rapporteur."))
    registration = models.ForeignKey(
        Registration, models.PROTECT, related_name="offices", verbose_name=_("registration")
    )

    class Meta:
        verbose_name = _("officer")
        verbose_name_plural = _("officers")
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["meeting", "order"], name="officer_order_once")]

    def __str__(self) -> str:
        return f"{self.office}: {self.registration}"


class ListVersion(models.Model):
    """The list of participants as it stood at one moment, kept for ever. Documents are drawn from its texts."""

    class Kind(models.TextChoices):
        PROVISIONAL = "provisional", _("Provisional")
        FINAL = "final", _("Final")
        CORRIGENDUM = "corr", _("Corrigendum")
        REVISION = "rev", _("Revision")

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="list_versions")
    token = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)  # the last part of its address
    kind = models.CharField(_("kind"), max_length=11, choices=Kind.choices)
    number = models.PositiveSmallIntegerField(_("number"))  # among those of its kind
    symbol = models.CharField(_("document symbol"), max_length=60, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    profile = models.SlugField(_("profile"), max_length=20)
    basis = models.CharField(_("who stands in it"), max_length=10, choices=Basis.choices)
    on = models.DateField(_("names of the day"))
    languages = ArrayField(models.CharField(max_length=10), verbose_name=_("languages"))
    people = models.PositiveIntegerField(_("people"))
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    # A version is on the public page between these two; the last published one is shown.
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)
    unpublished_at = models.DateTimeField(_("taken off the public page"), null=True, blank=True)

    class Meta:
        verbose_name = _("version of the list of participants")
        verbose_name_plural = _("versions of the list of participants")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "kind", "number"], name="list_version_number_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["provisional", "final", "corr", "rev"]), name="list_version_kind_known"
            ),
            models.CheckConstraint(condition=Q(number__gt=0), name="list_version_numbered_from_one"),
            models.CheckConstraint(
                condition=Q(published_at=None, published_by=None)
                | Q(published_at__isnull=False, published_by__isnull=False),
                name="list_version_published_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(unpublished_at=None) | Q(published_at__isnull=False, unpublished_at__gte=F("published_at")),
                name="list_version_off_after_on",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"


class ListText(models.Model):
    """One version in one language: the whole list as it is printed (`participants.tree`), never changed again."""

    version = models.ForeignKey(ListVersion, models.CASCADE, related_name="texts")
    language = models.CharField(max_length=10, choices=settings.LANGUAGES)
    tree = models.JSONField()

    class Meta:
        verbose_name = _("list of participants in a language")
        verbose_name_plural = _("list of participants in languages")
        constraints = [models.UniqueConstraint(fields=["version", "language"], name="list_text_once")]

    def __str__(self) -> str:
        return f"{self.version} ({self.language})"


class ListCheck(models.Model):
    """One delegation asked to look at its own part of a version, and what its focal points answered."""

    class Answer(models.TextChoices):
        WAITING = "", _("No answer yet")
        RIGHT = "right", _("All is right")
        CORRECTED = "corrected", _("Proposed corrections")

    version = models.ForeignKey(ListVersion, models.CASCADE, related_name="checks")
    delegation = models.ForeignKey(Delegation, models.PROTECT, related_name="list_checks")
    answer = models.CharField(max_length=9, choices=Answer.choices, blank=True)
    note = models.TextField(_("to the secretariat"), max_length=2000, blank=True)
    asked_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        verbose_name = _("check of the list by a delegation")
        verbose_name_plural = _("checks of the list by delegations")
        constraints = [
            models.UniqueConstraint(fields=["version", "delegation"], name="list_check_once"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None) | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="list_check_answered_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version}: {self.delegation}"
