"""A spreadsheet on its way into a roster: read, looked at, and only then written."""

from __future__ import annotations

import secrets
import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from meeting.models import Meeting

from .delegation import Delegation
from .registration import Registration


def import_path(job: RosterImport, filename: str) -> str:
    return f"imports/{secrets.token_hex(2)}/{secrets.token_hex(16)}"


class RosterImport(models.Model):
    """One file for one delegation, or for a whole meeting. Nothing is written to any roster before COMMITTING."""

    class State(models.TextChoices):
        READING = "reading", _("Being read")
        UNREADABLE = "unreadable", _("Cannot be read")
        LOOKED_AT = "looked_at", _("Ready to be looked at")
        COMMITTING = "committing", _("Being written")
        DONE = "done", _("Written")
        FAILED = "failed", _("Not written")

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="roster_imports")
    delegation = models.ForeignKey(Delegation, models.CASCADE, related_name="imports", null=True, blank=True)
    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    file = models.FileField(upload_to=import_path, max_length=250)
    original_name = models.CharField(_("name of the file"), max_length=200)
    # How the file is read: sheet, encoding, delimiter, and which heading is which field. The reader may correct it.
    reading = models.JSONField(default=dict)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.READING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    problem = models.TextField(blank=True)
    stopped = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.original_name} {self.get_state_display()}"

    @property
    def names_children(self) -> bool:
        return bool(self.counts.get("children"))


class ImportRow(models.Model):
    """One row of the file: its cells as they stand there, what will become of it, and what is wrong, cell by cell."""

    class Outcome(models.TextChoices):
        CREATED = "created", _("New")
        UPDATED = "updated", _("Changed")
        UNCHANGED = "unchanged", _("As it is")
        ERROR = "error", _("Not taken")

    roster_import = models.ForeignKey(RosterImport, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(_("row in the file"))
    cells = models.JSONField(default=dict)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    errors = models.JSONField(default=dict)
    warnings = models.JSONField(default=dict)
    changes = models.JSONField(default=dict)
    registration = models.ForeignKey(Registration, models.SET_NULL, related_name="+", null=True, blank=True)

    class Meta:
        verbose_name = _("row of an import")
        verbose_name_plural = _("rows of imports")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["roster_import", "number"], name="import_row_once")]

    def __str__(self) -> str:
        return f"{self.roster_import_id}:{self.number}"


class RememberedHeading(models.Model):
    """Which field a heading stood for the last time somebody of this meeting said so."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="remembered_headings")
    heading = models.CharField(max_length=200)  # folded
    field = models.CharField(max_length=60, blank=True)  # blank: left out

    class Meta:
        verbose_name = _("remembered heading")
        verbose_name_plural = _("remembered headings")
        constraints = [models.UniqueConstraint(fields=["meeting", "heading"], name="remembered_heading_once")]

    def __str__(self) -> str:
        return f"{self.heading}: {self.field}"
