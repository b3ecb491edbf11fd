"""The history of a registration: what was done, by whom, from what to what."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from meeting.models import Meeting

from .registration import Status


class RegistrationEvent(models.Model):
    """One move, edit or fact in the life of a registration: appended; the database refuses to change or delete it."""

    class Action(models.TextChoices):
        MOVED = "moved", _("Moved")
        EDITED = "edited", _("Edited")
        PROPOSED = "proposed", _("Proposed a change")
        ACCEPTED = "accepted", _("Accepted the change")
        DECLINED = "declined", _("Declined the change")
        TOOK_BACK = "took_back", _("Took back the change")
        ENDORSED = "endorsed", _("Endorsed")
        OFFERED = "offered", _("Offered a seat")
        OFFER_ENDED = "unoffered", _("The offer of a seat ended")
        SUBSTITUTED = "replaced", _("Replaced by somebody else")
        SUBSTITUTES = "replaces", _("Came in place of somebody else")
        MERGED = "merged", _("Merged with another registration")
        KEPT_APART = "apart", _("Not the same person as another")
        SAME_PERSON = "same", _("The same person as at another meeting")
        FIRST_APPROVED = "first_ok", _("Approved, as the first of two")
        UNDONE = "undone", _("Undid the decision")
        ASSIGNED = "assigned", _("Assigned")
        NOTE_REMOVED = "no_note", _("Took away a note")
        MAIL_SENT = "mail_again", _("Had a message sent again")
        MAIL_STOPPED = "mail_off", _("Stopped a message")
        MAIL_HURRIED = "mail_now", _("Had a message sent at once")
        LETTER_ISSUED = "letter", _("Issued a letter")
        LETTER_REVOKED = "no_letter", _("Revoked a letter")
        ADDRESS_WORKS = "mail_works", _("Said that the address works again")
        ARRIVED = "arrived", _("Arrived")
        NOT_ARRIVED = "unarrived", _("Has not arrived after all")
        WRONG_ADDRESS = "not_me", _("Said that the address is somebody else’s")

    # Whoever has a history stays; what must be forgotten goes inside meeting.appended.forgetting.
    registration = models.ForeignKey("registration.Registration", models.PROTECT, related_name="events")
    # Filled in by a trigger, whoever inserts: the newest of a meeting are found without looking at the others.
    meeting = models.ForeignKey(
        Meeting, models.DO_NOTHING, related_name="+", null=True, editable=False, db_index=False, db_constraint=False
    )
    at = models.DateTimeField(_("at"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        help_text=_("Empty where the delegate acted, or the system."),
    )
    from_status = models.CharField(max_length=10, choices=Status.choices)
    to_status = models.CharField(max_length=10, choices=Status.choices)
    action = models.CharField(_("action"), max_length=10, choices=Action.choices, default=Action.MOVED)
    reason = models.TextField(blank=True)
    # Field by field what it was and what it became; of a substitution or merger the other one's reference.
    changes = models.JSONField(default=dict, blank=True)
    # What stood in the registration before a decision, so that it can be undone while its mail waits.
    before = models.JSONField(null=True, blank=True)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["at", "pk"]
        indexes = [
            models.Index(fields=["by", "-at"], name="event_by_actor_newest"),
            models.Index(fields=["meeting", "-at", "-id"], name="event_of_meeting_newest"),
            # Of one kind: those of a kind that nobody did are not looked for among all others.
            models.Index(fields=["meeting", "action", "-at", "-id"], name="event_of_meeting_by_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.from_status} → {self.to_status}"
