"""The outbox: a message is a row first, written with the decision it tells of."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from meeting.models import Meeting

from .focal import Invitation
from .registration import Registration


class MailState(models.TextChoices):
    QUEUED = "queued", _("Waiting to be sent")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")
    STUCK = "stuck", _("Unclear: somebody must look")
    CANCELLED = "cancelled", _("Stopped before it left")


# Taken and read in one statement, for which the ORM has no words.
CLAIM = """
UPDATE registration_outgoingmail SET state = 'sending', claimed_at = %(now)s, attempts = attempts + 1
WHERE id = %(pk)s AND state = 'queued' AND not_before <= %(now)s RETURNING *
"""


class OutgoingMailQuerySet(models.QuerySet["OutgoingMail"]):
    def due(self) -> OutgoingMailQuerySet:
        return self.filter(state=MailState.QUEUED, not_before__lte=timezone.now())

    def claim(self, pk: int) -> OutgoingMail | None:
        """Take one message for sending; None when it is not due. The WHERE is the lock: of two workers one wins."""
        return next(iter(self.raw(CLAIM, {"pk": pk, "now": timezone.now()})), None)


class OutgoingMail(models.Model):
    """One rendered message to one person. `key` names the event it tells of, so that it can never be queued twice."""

    key = models.CharField(max_length=100, unique=True)
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="outgoing_mails")
    registration = models.ForeignKey(Registration, models.CASCADE, related_name="outgoing_mails", null=True, blank=True)
    # Whose link the message carries, where it is not about one registration: a focal point's, or an invited entity's.
    focal_user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", null=True, blank=True)
    invitation = models.ForeignKey(Invitation, models.CASCADE, related_name="outgoing_mails", null=True, blank=True)
    kind = models.CharField(_("message"), max_length=40)
    to = models.EmailField(_("to"), max_length=254)
    reply_to = models.EmailField(_("answers go to"), max_length=254, blank=True)
    language = models.CharField(_("language"), max_length=10)
    subject = models.CharField(_("subject"), max_length=250)
    text = models.TextField(_("text"))
    html = models.TextField(_("HTML"))
    with_calendar = models.BooleanField(_("with the meeting as calendar file"), default=False)

    state = models.CharField(_("state"), max_length=10, choices=MailState.choices, default=MailState.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    not_before = models.DateTimeField(_("not before"), default=timezone.now)
    claimed_at = models.DateTimeField(_("taken"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    last_error = models.TextField(_("last answer of the mail server"), blank=True)
    created_at = models.DateTimeField(_("written"), auto_now_add=True)

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=MailState.values), name="mail_state_known"),
            models.CheckConstraint(
                condition=Q(state=MailState.SENT, sent_at__isnull=False) | (~Q(state=MailState.SENT) & Q(sent_at=None)),
                name="mail_sent_iff_sent_at",
            ),
        ]
        indexes = [
            # The sweep: what waits, oldest first; the table is mostly sent mail.
            models.Index(fields=["not_before"], name="mail_waiting", condition=Q(state__in=["queued", "sending"])),
            models.Index(fields=["meeting", "-created_at"], name="mail_by_meeting_newest"),
        ]

    def __str__(self) -> str:
        return self.subject
