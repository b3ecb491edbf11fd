"""Writing to many: to whoever a filter of the attendee list leaves; and reminders that go out by themselves."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from meeting.models import Meeting

from .delegation import Delegation
from .limits import review_limits
from .mail import OutgoingMail
from .registration import Registration


class CampaignQuerySet(models.QuerySet["Campaign"]):
    def visible_to(self, user: Any, meeting: Meeting) -> CampaignQuerySet:
        """Those of `meeting`; of a reviewer of some categories only their own."""
        found = self.filter(meeting=meeting)
        return found.filter(Q(by=user.pk) | Q(pressed_by=user.pk)) if meeting.pk in review_limits(user) else found

    def due(self) -> CampaignQuerySet:
        """Those that somebody has sent off, whose time has come and that are not over."""
        return self.filter(pressed_at__isnull=False, ended_at=None, send_at__lte=timezone.now())


class Campaign(models.Model):
    """One message to many. Once it is sent off its words, its filter and its time stand still."""

    class Audience(models.TextChoices):
        PEOPLE = "people", _("The people themselves")
        FOCAL_POINTS = "focal", _("The focal points of their delegations")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SCHEDULED = "scheduled", _("Scheduled")
        RUNNING = "running", _("Being sent")
        STOPPED = "stopped", _("Stopped")
        ENDED = "ended", _("Written to all")

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="campaigns", verbose_name=_("meeting"))
    # One filling-in of the form, however often it is sent; also the last part of its address.
    token = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=120)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    audience = models.CharField(_("goes to"), max_length=8, choices=Audience.choices, default=Audience.PEOPLE)
    query = models.CharField(max_length=1000, blank=True)  # of the list of people, as SavedView has it
    words = models.JSONField(default=dict)  # by language: subject, title, body
    # Counted up with every change, so that nobody sends off what they have not looked at.
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now)
    pressed_at = models.DateTimeField(null=True, blank=True)  # somebody has said: send it
    # With whose rights it runs.
    pressed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)
    expected = models.PositiveIntegerField(null=True, blank=True)  # how many the page said when it was pressed
    send_at = models.DateTimeField(_("goes out"), null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)  # who gets it is settled
    stopped_at = models.DateTimeField(null=True, blank=True)  # whoever still waits is left alone
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = _("message to many")
        verbose_name_plural = _("messages to many")
        constraints = [
            models.CheckConstraint(condition=Q(audience__in=["people", "focal"]), name="campaign_audience_known"),
            models.CheckConstraint(
                condition=Q(pressed_at=None, pressed_by=None, send_at=None, started_at=None, ended_at=None)
                | Q(pressed_at__isnull=False, pressed_by__isnull=False, send_at__isnull=False),
                name="campaign_sent_off_by_somebody",
            ),
        ]
        indexes = [
            models.Index(
                fields=["send_at"], condition=Q(pressed_at__isnull=False, ended_at=None), name="campaign_unfinished"
            ),
            models.Index(fields=["meeting", "-created_at"], name="campaign_of_meeting_newest"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def state(self) -> State:
        if self.stopped_at:
            return self.State.STOPPED
        if self.ended_at:
            return self.State.ENDED
        if self.started_at:
            return self.State.RUNNING
        return self.State.SCHEDULED if self.pressed_at else self.State.DRAFT

    @property
    def to_focal_points(self) -> bool:
        return self.audience == self.Audience.FOCAL_POINTS


class CampaignRecipient(models.Model):
    """One person in it. A row leaves `waiting` in the transaction that writes their message, so there is one."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        QUEUED = "queued", _("Written")
        SKIPPED = "skipped", _("Left out")

    class Why(models.TextChoices):
        NO_ADDRESS = "address", _("No email address, and no focal point")
        UNREACHABLE = "wrong", _("The address does not work")
        NO_FOCAL_POINT = "no_focal", _("Nobody looks after the delegation")
        SAME = "same", _("The same person is written to already")
        SAID_NO = "said_no", _("Does not want messages of this kind")
        GONE = "gone", _("Has left meanwhile")
        NOT_ALLOWED = "rights", _("Whoever sent it off may not write to them any more")
        FAULT = "fault", _("A fault on our side")

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="recipients")
    delegation = models.ForeignKey(Delegation, models.CASCADE, related_name="+")
    # About whom it is; none where a focal point is written to about the delegation.
    registration = models.ForeignKey(Registration, models.CASCADE, related_name="+", null=True, blank=True)
    # Who reads it, where that is a focal point.
    focal_user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", null=True, blank=True)
    person_key = models.CharField(max_length=64)  # the same for the same person: a hash of address and name
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    why = models.CharField(max_length=8, choices=Why.choices, blank=True)
    mail = models.OneToOneField(OutgoingMail, models.SET_NULL, related_name="campaign_recipient", null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("recipient of a message to many")
        verbose_name_plural = _("recipients of messages to many")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "person_key"], condition=~Q(state="skipped"), name="campaign_recipient_once"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", settled_at=None)
                | (Q(state__in=["queued", "skipped"]) & Q(settled_at__isnull=False)),
                name="campaign_recipient_settled_iff_not_waiting",
            ),
            models.CheckConstraint(
                condition=(Q(state="skipped") & ~Q(why="")) | (~Q(state="skipped") & Q(why="")),
                name="campaign_recipient_left_out_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(registration__isnull=False) | Q(focal_user__isnull=False) | Q(state="skipped"),
                name="campaign_recipient_is_somebody",
            ),
        ]
        indexes = [
            models.Index(
                fields=["campaign", "registration", "id"],
                condition=Q(state="waiting"),
                name="campaign_recipient_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.state}"


class MessageChoice(models.Model):
    """Somebody does not want the organisers' information at this address. Decisions and reminders still come."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="+")
    email = models.EmailField(_("email"), max_length=254)  # small letters
    since = models.DateTimeField(_("since"), default=timezone.now)

    class Meta:
        verbose_name = _("address that wants no information")
        verbose_name_plural = _("addresses that want no information")
        constraints = [
            models.UniqueConstraint(fields=["meeting", "email"], name="message_choice_once"),
            models.CheckConstraint(condition=Q(email=Lower("email")), name="message_choice_in_small_letters"),
        ]

    def __str__(self) -> str:
        return self.email


class Reminder(models.Model):
    """One rung of a meeting's ladder of reminders: of which kind, how many days after or before, and whether at all."""

    class Kind(models.TextChoices):
        LETTER = "letter", _("The letter is missing")
        RETURNED = "returned", _("Returned, and not sent again")
        INVITATION = "invitation", _("An invitation waits for its answer")
        CLOSING = "closing", _("Registration closes soon")
        ARRIVAL = "arrival", _("Before you travel")

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="reminders", verbose_name=_("meeting"))
    kind = models.CharField(_("what"), max_length=10, choices=Kind.choices)
    step = models.PositiveSmallIntegerField(_("rung"), default=1)
    days = models.PositiveSmallIntegerField(_("days"))
    # It begins on the first morning after it was switched on; empty while it is off.
    on_since = models.DateTimeField(_("on since"), null=True, blank=True)

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["meeting", "kind", "step"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "kind", "step"], name="reminder_rung_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["letter", "returned", "invitation", "closing", "arrival"]),
                name="reminder_kind_known",
            ),
            models.CheckConstraint(condition=Q(days__gte=1, days__lte=90), name="reminder_days_in_reach"),
            models.CheckConstraint(condition=Q(step__gte=1), name="reminder_step_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.days}"

    @property
    def is_on(self) -> bool:
        return self.on_since is not None
