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


class ExportSchedule(models.Model):
    """A view that is exported again and again, until the meeting is over; who asked is mailed a link."""

    class Every(models.TextChoices):
        MORNING = "morning", _("each morning")
        MONDAY = "monday", _("each Monday")

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="export_schedules")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    view = models.ForeignKey(SavedView, models.SET_NULL, related_name="+", null=True)
    view_name = models.CharField(max_length=60, blank=True)  # empty: of filters that nobody keeps
    query = models.CharField(max_length=QUERY_LENGTH, blank=True)  # of these; a view has its own
    format = models.CharField(max_length=4, choices=ExportFormat.choices)
    options = models.JSONField(default=dict)
    language = models.CharField(max_length=10, default="en")
    reason = models.CharField(max_length=200, blank=True)
    every = models.CharField(max_length=8, choices=Every.choices, default=Every.MORNING)
    created_at = models.DateTimeField(default=timezone.now)
    last_on = models.DateField(null=True)  # by the meeting's clock
    ended_at = models.DateTimeField(null=True)
    told = models.CharField(max_length=300, blank=True)  # why it ended by itself

    class Meta:
        verbose_name = _("export that comes again")
        verbose_name_plural = _("exports that come again")
        constraints = [
            models.CheckConstraint(condition=Q(format__in=ExportFormat.values), name="export_schedule_format_known"),
            models.CheckConstraint(condition=Q(every__in=["morning", "monday"]), name="export_schedule_time_known"),
        ]
        indexes = [
            models.Index(fields=["meeting", "by"], name="export_schedule_of"),
            models.Index(fields=["last_on"], condition=Q(ended_at=None), name="export_schedule_goes_on"),
        ]

    def __str__(self) -> str:
        return f"{self.view_name or self.query} {self.every}"


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
            models.UniqueConstraint(fields=["schedule", "day"], name="export_job_once_a_day"),
        ]
        indexes = [
            models.Index(fields=["created_at"], condition=Q(ended_at=None), name="export_job_unfinished"),
            models.Index(fields=["meeting", "by", "-created_at"], name="export_job_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.get_format_display()} {self.created_at:%Y-%m-%d %H:%M}"
