"""Who among the staff is told what by mail, and in which language."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from meeting.models import Meeting, Role, User

from ..models import NoticeChoice
from ..rules import DECIDERS


def meetings_at_work() -> Iterator[Meeting]:
    """Those whose registration has opened and that are not over, by the clock of each."""
    now = timezone.now()
    for meeting in Meeting.objects.exclude(registration_opens_at=None, registration_held_open=False).order_by("pk"):
        has_opened = meeting.registration_held_open or not meeting.registration_not_yet_open(now)
        if has_opened and now.astimezone(meeting.zone).date() <= meeting.ends_on:
            yield meeting


def deciders(meeting: Meeting, *roles: Role) -> QuerySet[User]:
    """Organisers and reviewers of this meeting, or those with `roles`, who can still sign in."""
    found = User.objects.filter(staff_roles__meeting=meeting, staff_roles__role__in=roles or DECIDERS)
    return found.filter(is_active=True, is_staff=True).distinct().order_by("pk")


def without_those_who_said_no(users: QuerySet[User], meeting: Meeting, notice: str) -> QuerySet[User]:
    """`notice` is `digest` or `alarms`, as NoticeChoice calls them."""
    said_no = NoticeChoice.objects.filter(meeting=meeting, **{notice: False})
    return users.exclude(pk__in=said_no.values("user"))


def language_of(user: User) -> str:
    return user.language or settings.LANGUAGE_CODE
