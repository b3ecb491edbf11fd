"""The programme: sessions in rooms, at times, on themes."""

from __future__ import annotations

import datetime
from itertools import groupby
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary, RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from meeting.models import FocusArea, Meeting, Room, Theme


class SessionKind(models.TextChoices):
    REGISTRATION = "registration", _("Registration")
    OPENING = "opening", _("Opening")
    PLENARY = "plenary", _("Plenary")
    PANEL = "panel", _("Panel")
    GROUPS = "groups", _("Parallel groups")
    GROUP = "group", _("Group")
    SIDE_EVENT = "side_event", _("Side event")
    DRAFTING = "drafting", _("Drafting")
    CHILDREN = "children", _("Children's session")
    BREAK = "break", _("Break")
    CLOSING = "closing", _("Closing")


class Access(models.TextChoices):
    OPEN = "open", _("Open to all participants")
    DELEGATIONS = "delegations", _("Delegations")
    NO_MEDIA = "no_media", _("Closed to media")
    CLOSED = "closed", _("Closed")


class TsTzRange(Func):
    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


class SessionQuerySet(models.QuerySet["Session"]):
    def for_programme(self) -> SessionQuerySet:
        """Top-level sessions in order, with all that a programme page shows."""
        return (
            self.filter(part_of=None)
            .select_related("room")
            .prefetch_related(
                "themes",
                models.Prefetch("parts", Session.objects.select_related("room").prefetch_related("themes")),
            )
        )


class Session(models.Model):
    """A part of the programme. Parallel groups are sessions of their own, `part_of` one slot."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="sessions", verbose_name=_("meeting"))
    part_of = models.ForeignKey("self", models.CASCADE, related_name="parts", null=True, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=SessionKind.choices)
    title = models.CharField(_("title"), max_length=200)
    description = models.TextField(_("description"), blank=True)
    agenda_item = models.CharField(_("agenda item"), max_length=20, blank=True)
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    room = models.ForeignKey(Room, models.PROTECT, null=True, blank=True, verbose_name=_("room"))
    access = models.CharField(_("access"), max_length=12, choices=Access.choices, default=Access.OPEN)
    themes = models.ManyToManyField(Theme, blank=True, verbose_name=_("themes"))
    focus_areas = models.ManyToManyField(FocusArea, blank=True, verbose_name=_("focus areas"))

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_at__lt=F("ends_at")),
                name="session_starts_before_it_ends",
                violation_error_message=_("The session ends before it starts."),
            ),
            ExclusionConstraint(
                name="session_no_overlap_in_room",
                expressions=[
                    ("room", RangeOperators.EQUAL),
                    (TsTzRange("starts_at", "ends_at", RangeBoundary()), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("Another session has this room at that time."),
            ),
        ]
        indexes = [models.Index(fields=["meeting", "starts_at"], name="session_by_time")]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        if self.part_of and self.part_of.part_of_id:
            raise ValidationError({"part_of": _("A group cannot have groups of its own.")})
        if self.starts_at and self.ends_at and self.meeting_id:
            self._check_times()

    def _check_times(self) -> None:
        # Said here, because a range that ends before it starts cannot even be asked for in the database.
        if self.starts_at >= self.ends_at:
            raise ValidationError({"ends_at": _("The session ends before it starts.")})
        days = [t.astimezone(self.meeting.zone).date() for t in (self.starts_at, self.ends_at)]
        if days[0] < self.meeting.starts_on or days[1] > self.meeting.ends_on:
            raise ValidationError({"starts_at": _("This is not on a day of the meeting.")})

    @property
    def is_pause(self) -> bool:
        return self.kind in (SessionKind.BREAK, SessionKind.REGISTRATION)


def by_day(sessions: Any, meeting: Meeting) -> list[tuple[datetime.date, list[Session]]]:
    """Sessions in order, grouped by the day they start on in the meeting's zone."""

    def day(session: Session) -> datetime.date:
        return session.starts_at.astimezone(meeting.zone).date()

    return [(d, list(group)) for d, group in groupby(sessions, key=day)]
