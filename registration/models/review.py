"""What reviewers work with: notes, reasons to choose from, views they keep, decisions on many at once, notices."""

from __future__ import annotations

import secrets
import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from meeting.models import Meeting, StaffRole

from .delegation import REFERENCE_ALPHABET, Category
from .registration import Registration, Status

# Of the query string of a list: room for every filter and every column there may be.
QUERY_LENGTH = 4000


class Note(models.Model):
    """A word among those who decide. The person it is about never sees it; about a child none is written."""

    registration = models.ForeignKey(Registration, models.CASCADE, related_name="notes")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"), default=timezone.now)
    text = models.TextField(_("note"), max_length=2000)

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        ordering = ["-at", "-pk"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="note_says_something")]

    def __str__(self) -> str:
        return f"{self.registration.reference} {self.at:%Y-%m-%d %H:%M}"


class CannedReason(models.Model):
    """A reason written once, in each language; the delegate reads it in theirs."""

    class Use(models.TextChoices):
        RETURN = "return", _("To return")
        REJECT = "reject", _("To reject")
        WAITLIST = "waitlist", _("To put on the waiting list")

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="canned_reasons", verbose_name=_("meeting"))
    use = models.CharField(_("used"), max_length=8, choices=Use.choices)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    name = models.CharField(_("short name"), max_length=80, help_text=_("For reviewers only."))
    text = models.TextField(_("reason"), max_length=2000, help_text=_("As the delegate reads it."))
    # Names of fields, as Registration.returned_fields holds them; ticked when the reason is chosen.
    fields_to_mend = models.JSONField(_("what is to be put right"), default=list, blank=True)

    class Meta:
        verbose_name = _("ready reason")
        verbose_name_plural = _("ready reasons")
        ordering = ["use", "order", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(use__in=["return", "reject", "waitlist"]), name="reason_use_known")
        ]

    def __str__(self) -> str:
        return self.name


class SavedView(models.Model):
    """The filters and order of a list under a name: one's own, or shared with everybody who reads that list."""

    class Screen(models.TextChoices):
        QUEUE = "queue", _("Queue")
        PEOPLE = "people", _("People")

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="saved_views")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    screen = models.CharField(max_length=8, choices=Screen.choices)
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(max_length=QUERY_LENGTH, blank=True)
    is_shared = models.BooleanField(_("for everybody here"), default=False)

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "owner", "screen", "name"],
                name="saved_view_name_once",
                violation_error_message=_("You have a view of this name."),
            )
        ]

    def __str__(self) -> str:
        return self.name


def new_token() -> str:
    """Short enough to be read out, and not to be guessed; whoever has it still needs a role at the meeting."""
    return "".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(10))


class FrozenView(models.Model):
    """A list as it was asked for once: filters, columns, groups and order behind a short address.

    Its people are those of the day it is opened; what is asked for stays, whatever becomes of saved views.
    """

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="frozen_views")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    token = models.CharField(max_length=16, unique=True, default=new_token, editable=False)
    name = models.CharField(_("name"), max_length=60, blank=True)
    query = models.CharField(max_length=QUERY_LENGTH)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("link to a view")
        verbose_name_plural = _("links to views")
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["meeting", "-created_at"], name="frozen_view_of_meeting")]

    def __str__(self) -> str:
        return self.name or self.token


class ReviewedCategory(models.Model):
    """Limits one reviewer to a category; a reviewer without any sees them all."""

    staff_role = models.ForeignKey(StaffRole, models.CASCADE, related_name="reviewed_categories")
    # Kept while somebody is limited to it: without their last category they would see them all.
    category = models.ForeignKey(Category, models.RESTRICT, related_name="+")

    class Meta:
        verbose_name = _("category of a reviewer")
        verbose_name_plural = _("categories of reviewers")
        constraints = [models.UniqueConstraint(fields=["staff_role", "category"], name="reviewed_category_once")]

    def __str__(self) -> str:
        return f"{self.staff_role}: {self.category}"


class BulkDecision(models.Model):
    """One decision on many: confirmed once, carried out row by row by whichever worker is there."""

    class Move(models.TextChoices):
        APPROVE = "approve", _("Approve")
        RETURN = "return", _("Return")
        REJECT = "reject", _("Reject")
        WAITLIST = "waitlist", _("Put on the waiting list")
        ASSIGN = "assign", _("Assign")

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="bulk_decisions")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    # One looking at the selection, however often it is confirmed; also the last part of its address.
    token = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    move = models.CharField(max_length=8, choices=Move.choices)
    language = models.CharField(max_length=10, default="en")  # of who decided: rows are answered in it
    reason = models.TextField(blank=True)  # written for all; where it is empty each reads `texts` in their language
    texts = models.JSONField(default=dict, blank=True)  # of `canned`, by language, as they stood when it was confirmed
    canned = models.ForeignKey(CannedReason, models.SET_NULL, null=True, blank=True, related_name="+")
    fields_to_mend = models.JSONField(default=list, blank=True)
    assigned_to = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    query = models.CharField(max_length=1000, blank=True)  # of the queue it began in, for the way back
    created_at = models.DateTimeField(default=timezone.now)
    stopped_at = models.DateTimeField(null=True, blank=True)  # asked to stop: rows still waiting are left alone
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("decision on many")
        verbose_name_plural = _("decisions on many")
        constraints = [
            models.CheckConstraint(
                condition=Q(move__in=["approve", "return", "reject", "waitlist", "assign"]), name="bulk_move_known"
            ),
        ]
        indexes = [
            models.Index(fields=["created_at"], condition=Q(ended_at=None), name="bulk_unfinished"),
            models.Index(fields=["meeting", "-created_at"], name="bulk_of_meeting_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.get_move_display()} {self.created_at:%Y-%m-%d %H:%M}"


class BulkRow(models.Model):
    """One person in it. A row leaves `waiting` in the transaction of its decision, so it is decided once."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DONE = "done", _("Done")
        REFUSED = "refused", _("Not done")

    bulk = models.ForeignKey(BulkDecision, models.CASCADE, related_name="rows")
    registration = models.ForeignKey(Registration, models.CASCADE, related_name="+")
    seen = models.CharField(max_length=10, choices=Status.choices)  # the status when the reviewer looked
    seen_first_word = models.BooleanField(default=False)  # whether the first of two had approved by then
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    told = models.CharField(max_length=500, blank=True)  # why not, in the language of who decided
    # How often a worker has taken it in hand; counted before it begins, so that its end does not end the count.
    tries = models.PositiveSmallIntegerField(default=0, db_default=0)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("row of a decision on many")
        verbose_name_plural = _("rows of decisions on many")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["bulk", "registration"], name="bulk_row_once"),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_at=None) | (~Q(state="waiting") & Q(decided_at__isnull=False)),
                name="bulk_row_decided_iff_not_waiting",
            ),
        ]
        indexes = [models.Index(fields=["bulk", "id"], condition=Q(state="waiting"), name="bulk_row_waiting")]

    def __str__(self) -> str:
        return f"{self.registration} {self.state}"


class NoticeChoice(models.Model):
    """What somebody does not want to be mailed about a meeting; without a row they get both."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="+")
    digest = models.BooleanField(_("what waits, once a day"), default=True)
    alarms = models.BooleanField(_("somebody waits longer than we promise"), default=True)

    class Meta:
        verbose_name = _("choice of notices")
        verbose_name_plural = _("choices of notices")
        constraints = [models.UniqueConstraint(fields=["user", "meeting"], name="notice_choice_once")]

    def __str__(self) -> str:
        return f"{self.user}, {self.meeting}"


class LateAlarm(models.Model):
    """Staff were told that this registration waits too long: once for each time it waits."""

    registration = models.ForeignKey(Registration, models.CASCADE, related_name="late_alarms")
    since = models.DateTimeField()  # since when it waited
    told_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("alarm")
        verbose_name_plural = _("alarms")
        constraints = [
            models.UniqueConstraint(fields=["registration", "since"], name="late_alarm_once"),
            models.CheckConstraint(condition=Q(told_at__gte=F("since")), name="late_alarm_after_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.registration} {self.since:%Y-%m-%d}"
