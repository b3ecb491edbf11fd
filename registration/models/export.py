"""Exports that are made by a worker, and those that somebody is mailed a link to day by day."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from meeting.models import Meeting

from .review import QUERY_LENGTH, SavedView


class ExportFormat(models.TextChoices):
    XLSX = "xlsx", _("Excel workbook")
    CSV = "csv", _("Comma-separated text")
    PDF = "pdf", _("Table to print")
    JSON = "json", _("For another system")
    VCARD = "vcf", _("Contacts")


def export_path(job: ExportJob, filename: str) -> str:
    """The same however often it is made: what a killed worker left there is found, and replaced."""
    return f"exports/{job.token.hex[:2]}/{job.token.hex}"


class Weekday(models.IntegerChoices):
    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class ExportSchedule(models.Model):
    """A view that is exported again and again, until the meeting is over; colleagues are mailed a link each.

    Each link leads to a file of its own, made with the rights of whom it was mailed to.
    """

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="export_schedules")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    view = models.ForeignKey(SavedView, models.SET_NULL, related_name="+", null=True)
    view_name = models.CharField(max_length=60, blank=True)  # as it was called, should it be removed
    format = models.CharField(max_length=4, choices=ExportFormat.choices)
    options = models.JSONField(default=dict)
    language = models.CharField(max_length=10, default="en")
    reason = models.CharField(max_length=200, blank=True)
    recipients = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")
    weekday = models.PositiveSmallIntegerField(choices=Weekday.choices, null=True)  # none: every day
    hour = models.PositiveSmallIntegerField(default=7)  # by the meeting's clock
    created_at = models.DateTimeField(default=timezone.now)
    last_on = models.DateField(null=True)  # by the meeting's clock
    ended_at = models.DateTimeField(null=True)
    told = models.CharField(max_length=300, blank=True)  # why it ended by itself

    class Meta:
        verbose_name = _("export that comes again")
        verbose_name_plural = _("exports that come again")
        constraints = [
            models.CheckConstraint(condition=Q(format__in=ExportFormat.values), name="export_schedule_format_known"),
            models.CheckConstraint(
                condition=Q(hour__lte=23) & (Q(weekday=None) | Q(weekday__lte=6)), name="export_schedule_time_there_is"
            ),
        ]
        indexes = [
            models.Index(fields=["meeting", "by"], name="export_schedule_of"),
            models.Index(fields=["last_on"], condition=Q(ended_at=None), name="export_schedule_goes_on"),
        ]

    def __str__(self) -> str:
        return f"{self.view_name} {self.hour}:00"


class ExportJob(models.Model):
    """One file that a worker makes. It ends with a file, or with a sentence why there is none."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="export_jobs")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    token = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    schedule = models.ForeignKey(ExportSchedule, models.SET_NULL, related_name="jobs", null=True)
    day = models.DateField(null=True)  # of the schedule
    query = models.CharField(max_length=QUERY_LENGTH, blank=True)
    view_name = models.CharField(max_length=60, blank=True)
    format = models.CharField(max_length=4, choices=ExportFormat.choices)
    options = models.JSONField(default=dict)
    language = models.CharField(max_length=10, default="en")  # of who asked: headings and refusals
    reason = models.CharField(max_length=200, blank=True)
    count = models.PositiveIntegerField(default=0)  # rows there are to write
    done = models.PositiveIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)
    held = models.JSONField(default=dict)  # what the file holds, and what its reader must be allowed to
    file = models.FileField(upload_to=export_path, max_length=250, blank=True)
    file_made_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    stopped_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    told = models.CharField(max_length=300, blank=True)  # why there is no file

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        constraints = [
            models.CheckConstraint(condition=Q(format__in=ExportFormat.values), name="export_job_format_known"),
            models.CheckConstraint(
                condition=Q(file="") | Q(file_made_at__isnull=False, ended_at__isnull=False),
                name="export_job_file_at_its_end",
            ),
            models.UniqueConstraint(fields=["schedule", "day", "by"], name="export_job_once_a_day_for_each"),
        ]
        indexes = [
            models.Index(fields=["created_at"], condition=Q(ended_at=None), name="export_job_unfinished"),
            models.Index(fields=["meeting", "by", "-created_at"], name="export_job_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.get_format_display()} {self.created_at:%Y-%m-%d %H:%M}"
