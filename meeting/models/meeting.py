"""The meeting, and what its public pages say about it."""

from __future__ import annotations

import datetime
import zoneinfo
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import FileExtensionValidator, MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from .people import Role, User


def time_zone_choices() -> list[tuple[str, str]]:
    return [(name, name) for name in sorted(zoneinfo.available_timezones()) if "/" in name]


# First parts of addresses that are not meetings.
RESERVED_SLUGS = {"accessibility", "admin", "api", "delegations", "healthz", "hooks", "r", "readyz", "static", "verify"}


class Venue(models.Model):
    name = models.CharField(_("name"), max_length=200)
    short_name = models.CharField(_("short name"), max_length=40, blank=True)
    address = models.TextField(_("address"), blank=True)
    city = models.CharField(_("city"), max_length=80)
    country = models.ForeignKey("meeting.Entity", models.PROTECT, null=True, blank=True, related_name="+")
    step_free = models.BooleanField(_("step-free access"), null=True, blank=True)

    class Meta:
        verbose_name = _("venue")
        verbose_name_plural = _("venues")

    def __str__(self) -> str:
        return f"{self.name}, {self.city}"


class Room(models.Model):
    venue = models.ForeignKey(Venue, models.CASCADE, related_name="rooms")
    name = models.CharField(_("name"), max_length=80)
    capacity = models.PositiveIntegerField(_("seats"), null=True, blank=True)
    floor = models.CharField(_("floor"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("room")
        verbose_name_plural = _("rooms")

    def __str__(self) -> str:
        return self.name


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def published(self) -> MeetingQuerySet:
        return self.filter(is_published=True)

    def visible_to(self, user: Any) -> MeetingQuerySet:
        """The meetings at which `user` has any role; all of them for an administrator."""
        if not user.is_active:
            return self.none()
        if user.is_superuser:
            return self
        return self.filter(pk__in=user.staff_roles.values("meeting"))

    def with_role(self, user: Any, *roles: str) -> MeetingQuerySet:
        """The meetings at which `user` has one of `roles`; all of them for an administrator."""
        if user.is_active and user.is_superuser:
            return self
        return self.visible_to(user).filter(pk__in=user.staff_roles.filter(role__in=roles).values("meeting"))


class Meeting(models.Model):
    slug = models.SlugField(_("address"), max_length=40, unique=True, help_text=_("The last part of the web address."))
    title = models.CharField(_("title"), max_length=200)
    subtitle = models.CharField(_("subtitle"), max_length=250, blank=True)
    short_title = models.CharField(_("short title"), max_length=80)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    time_zone = models.CharField(_("time zone"), max_length=40, default="UTC", choices=time_zone_choices)
    date_note = models.TextField(_("about the dates"), blank=True, help_text=_("Shown where the dates need a word."))
    venue = models.ForeignKey(Venue, models.PROTECT, related_name="meetings", null=True, blank=True)

    lead = models.TextField(_("why this meeting, in a sentence"), blank=True)
    introduction = models.TextField(_("why this meeting"), blank=True)
    rapporteur = models.CharField(_("rapporteur"), max_length=200, blank=True)
    rapporteur_note = models.TextField(_("about the rapporteur"), blank=True)
    practical_information = models.TextField(_("practical information"), blank=True)
    programme_note = models.CharField(_("about the programme"), max_length=250, blank=True)
    privacy_notice = models.TextField(_("privacy notice"), blank=True)
    contact_email = models.EmailField(_("secretariat's email"), blank=True)
    safeguarding_email = models.EmailField(_("safeguarding lead's email"), blank=True)

    reference_prefix = models.CharField(
        _("prefix of references"), max_length=6, validators=[RegexValidator(r"^[A-Z]{2,6}$", _("Two to six capitals."))]
    )
    name_profile = models.CharField(_("style of names"), max_length=20, blank=True, help_text=_("For example ESCAP."))
    membership_body = models.CharField(
        _("body whose membership counts"), max_length=20, blank=True, help_text=_("For example ESCAP.")
    )
    registration_opens_at = models.DateTimeField(_("registration opens"), null=True, blank=True)
    registration_closes_at = models.DateTimeField(_("registration closes"), null=True, blank=True)
    registration_held_open = models.BooleanField(
        _("hold registration open"), default=False, help_text=_("Takes registrations whatever the dates say.")
    )
    held_open_note = models.CharField(_("note while held open"), max_length=250, blank=True)
    seat_offer_hours = models.PositiveSmallIntegerField(
        _("hours to take an offered seat"),
        default=48,
        validators=[MinValueValidator(1)],
        help_text=_("Then it goes to the next in line."),
    )
    decision_grace_minutes = models.PositiveSmallIntegerField(
        _("minutes in which a decision can be undone"),
        default=5,
        validators=[MaxValueValidator(120)],
        help_text=_("Its mail leaves only then, and nobody outside is told before. 0: mails leave at once."),
    )
    decision_days = models.PositiveSmallIntegerField(
        _("days in which we decide"),
        default=5,
        validators=[MinValueValidator(1)],
        help_text=_("Who has waited longer is marked in the queue, and those who decide are alarmed."),
    )
    digest_hour = models.PositiveSmallIntegerField(
        _("hour of the daily notice"),
        default=7,
        validators=[MaxValueValidator(23)],
        help_text=_("In the meeting’s own time. Staff are told once a day what waits for them."),
    )
    # The last day for which they were, by the meeting's own calendar.
    digested_on = models.DateField(null=True, editable=False)
    children_per_chaperone = models.PositiveSmallIntegerField(
        _("children for each chaperone, at most"), default=4, validators=[MinValueValidator(1)]
    )
    same_sex_chaperone = models.BooleanField(
        _("chaperone of the child’s own sex"),
        default=False,
        help_text=_("The safeguarding lead confirms it for each child; no sex is written down."),
    )
    previous = models.ForeignKey(
        "self",
        models.SET_NULL,
        related_name="following",
        null=True,
        blank=True,
        verbose_name=_("the meeting before"),
        help_text=_("Where returning delegates are looked for."),
    )
    is_published = models.BooleanField(_("published"), default=False)
    changed_at = models.DateTimeField(auto_now=True)

    row_version: str  # where meeting.kept gave it

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["-starts_on", "slug"]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on__lte=F("ends_on")),
                name="meeting_starts_before_it_ends",
                violation_error_message=_("The last day comes before the first."),
            ),
            models.CheckConstraint(
                condition=Q(registration_opens_at=None)
                | Q(registration_closes_at=None)
                | Q(registration_opens_at__lt=F("registration_closes_at")),
                name="meeting_registration_opens_before_it_closes",
                violation_error_message=_("Registration closes before it opens."),
            ),
        ]

    def __str__(self) -> str:
        return self.short_title or self.title

    def get_absolute_url(self) -> str:
        return reverse("meeting:detail", args=[self.slug])

    def clean(self) -> None:
        if self.slug in RESERVED_SLUGS:
            raise ValidationError({"slug": _("This address is taken by the system. Choose another one.")})

    @cached_property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.time_zone)

    def registration_is_open(self, now: datetime.datetime | None = None) -> bool:
        """Whether a delegate may send a registration at `now`: between the dates, or held open by the organisers."""
        if self.registration_held_open:
            return True
        now = now or timezone.now()
        opens, closes = self.registration_opens_at, self.registration_closes_at
        return opens is not None and opens <= now and (closes is None or now < closes)

    def registration_not_yet_open(self, now: datetime.datetime | None = None) -> bool:
        """Whether the opening still lies ahead (or nobody has set one)."""
        now = now or timezone.now()
        return self.registration_opens_at is None or now < self.registration_opens_at


class Organiser(models.Model):
    """A body that organises the meeting; the order is agreed among them and set by hand."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="organisers")
    order = models.PositiveSmallIntegerField(_("order"))
    name = models.CharField(_("name"), max_length=200)
    acronym = models.CharField(_("acronym"), max_length=30, blank=True)
    entity = models.ForeignKey("meeting.Entity", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("organiser")
        verbose_name_plural = _("organisers")
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["meeting", "order"], name="organiser_order_once")]

    def __str__(self) -> str:
        return self.name


class Milestone(models.Model):
    """A step of the process the meeting belongs to, before it or after it."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="milestones")
    order = models.PositiveSmallIntegerField(_("order"))
    when = models.CharField(_("when"), max_length=60)
    what = models.CharField(_("what"), max_length=200)
    is_this_meeting = models.BooleanField(_("this meeting"), default=False)

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["meeting", "order"], name="milestone_order_once")]

    def __str__(self) -> str:
        return f"{self.when}: {self.what}"


class Objective(models.Model):
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="objectives")
    number = models.PositiveSmallIntegerField(_("number"))
    text = models.CharField(_("text"), max_length=300)

    class Meta:
        verbose_name = _("objective")
        verbose_name_plural = _("objectives")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["meeting", "number"], name="objective_number_once")]

    def __str__(self) -> str:
        return f"{self.number}. {self.text}"


class FocusArea(models.Model):
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="focus_areas")
    number = models.PositiveSmallIntegerField(_("number"))
    text = models.CharField(_("text"), max_length=300)

    class Meta:
        verbose_name = _("focus area")
        verbose_name_plural = _("focus areas")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["meeting", "number"], name="focus_area_number_once")]

    def __str__(self) -> str:
        return f"{self.number}. {self.text}"


class Theme(models.Model):
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="themes")
    number = models.PositiveSmallIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=200)
    description = models.TextField(_("description"), blank=True)

    class Meta:
        verbose_name = _("theme")
        verbose_name_plural = _("themes")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["meeting", "number"], name="theme_number_once")]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"


def document_path(document: Document, filename: str) -> str:
    return f"documents/{document.meeting.slug}/{PurePath(filename).name}"


class Document(models.Model):
    """A public document of the meeting, in one language."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="documents")
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    title = models.CharField(_("title"), max_length=200)
    language = models.CharField(_("language"), max_length=10, default="en", choices=settings.LANGUAGES)
    file = models.FileField(
        _("file"),
        upload_to=document_path,
        max_length=250,
        validators=[FileExtensionValidator(["pdf", "docx", "xlsx", "pptx", "png", "jpg", "jpeg"])],
    )
    size = models.PositiveBigIntegerField(_("size in bytes"), editable=False)
    is_published = models.BooleanField(_("published"), default=True)

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["order", "title"]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.size = self.file.size
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("meeting:document", args=[self.meeting.slug, self.pk])

    @property
    def file_type(self) -> str:
        return PurePath(self.file.name or "").suffix.lstrip(".").upper()


def has_role(user: User, meeting: Meeting, *roles: Role) -> bool:
    """Whether `user` has one of `roles` at `meeting`; an administrator has all."""
    return Meeting.objects.with_role(user, *roles).filter(pk=meeting.pk).exists()
