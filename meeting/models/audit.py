"""What staff did that is not a move of one registration: exports, and reads of private files."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class AuditEntry(models.Model):
    """One line of history: appended, never changed."""

    class Action(models.TextChoices):
        EXPORT = "export", _("Exported a list")
        READ_LETTER = "read_letter", _("Read a letter")
        READ_ANSWER = "read_answer", _("Read a file sent with an answer")
        READ_CHILD = "read_child", _("Read a safeguarding record")
        CHILD = "child", _("Changed a safeguarding record")
        QUOTA = "quota", _("Changed the seats of a category")
        COPIED = "copied", _("Copied a meeting")
        IMPORTED = "imported", _("Imported a file")
        QUESTION = "question", _("Changed a question")

    meeting = models.ForeignKey("meeting.Meeting", models.PROTECT, related_name="audit_entries")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)
    action = models.CharField(_("action"), max_length=20, choices=Action.choices)
    about = models.CharField(_("about"), max_length=200, blank=True)
    detail = models.JSONField(_("detail"), default=dict, blank=True)
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        verbose_name = _("history entry")
        verbose_name_plural = _("history entries")
        indexes = [models.Index(fields=["meeting", "-at"], name="audit_by_meeting_newest")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.get_action_display()} {self.about}"
