"""What staff did that is not a move of one registration: exports, reads of private files, setup, roles, sign-ins."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class AuditEntry(models.Model):
    """One line of history: appended; the database refuses to change or delete it (see meeting.appended)."""

    class Action(models.TextChoices):
        EXPORT = "export", _("Exported a list")
        READ_LETTER = "read_letter", _("Read a letter")
        READ_ANSWER = "read_answer", _("Read a file sent with an answer")
        READ_MAIL = "read_mail", _("Read a message")
        READ_CHILD = "read_child", _("Read a safeguarding record")
        CHILD = "child", _("Changed a safeguarding record")
        QUOTA = "quota", _("Changed the seats of a category")
        COPIED = "copied", _("Copied a meeting")
        IMPORTED = "imported", _("Imported a file")
        QUESTION = "question", _("Changed a question")
        SETUP = "setup", _("Changed the setup")
        ROLE = "role", _("Changed somebody’s roles")
        SIGNED_IN = "signed_in", _("Signed in")
        SIGN_IN_FAILED = "not_in", _("Failed to sign in")
        ACCOUNT = "account", _("Changed how they sign in")
        BULK = "bulk", _("Decided on many at once")
        LIST = "list", _("Made or published a list of participants")
        API = "api", _("Changed what other systems may read")
        CAMPAIGN = "campaign", _("Wrote to many")

    # Empty for what is of no one meeting, like signing in.
    meeting = models.ForeignKey("meeting.Meeting", models.PROTECT, related_name="audit_entries", null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)
    action = models.CharField(_("action"), max_length=20, choices=Action.choices)
    about = models.CharField(_("about"), max_length=200, blank=True)
    # The reference of the registration or delegation it concerns, so that their histories find it.
    subject = models.CharField(_("reference"), max_length=16, blank=True)
    detail = models.JSONField(_("detail"), default=dict, blank=True)
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        verbose_name = _("history entry")
        verbose_name_plural = _("history entries")
        indexes = [
            models.Index(fields=["meeting", "-at"], name="audit_by_meeting_newest"),
            models.Index(fields=["meeting", "action", "-at", "-id"], name="audit_of_meeting_by_kind"),
            models.Index(fields=["by", "-at"], name="audit_by_actor_newest"),
            # Whoever had a role at the meeting, ever.
            models.Index(fields=["meeting", "about"], condition=models.Q(action="role"), name="audit_roles_of_meeting"),
            models.Index(fields=["subject", "-at"], condition=~models.Q(subject=""), name="audit_by_subject_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.get_action_display()} {self.about}"
