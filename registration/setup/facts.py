"""What is known of a meeting's setup, read in a handful of queries however large the meeting is."""

from __future__ import annotations

import datetime
from collections import defaultdict
from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import Count, Max, Q

from meeting.models import AuditEntry, Meeting, Role, StaffRole

from ..models import (
    CannedReason,
    Category,
    Invitation,
    MailState,
    OutgoingMail,
    Question,
    ReviewedCategory,
    Typist,
    Wording,
)

FOLDER = "registration.mail.folder"


@dataclass(frozen=True)
class Mails:
    """How sending goes: the newest message that left, and how many did not."""

    last_sent: datetime.datetime | None
    failed: int
    to_a_folder: bool


@dataclass(frozen=True)
class Facts:
    """Everything `readiness` looks at."""

    meeting: Meeting
    categories: list[Category]
    invited: set[int]  # categories in which some delegation was invited
    roles: dict[str, set[int]]
    limits: dict[int, set[int]]  # of a reviewer, the categories they are limited to
    reasons: set[str]
    questions: list[str]
    mails: Mails
    worded: dict[str, set[str]]  # kinds of messages with words of the organisers' own for all, and in which languages
    agreed: dict[str, list[str]] = field(default_factory=dict)

    @property
    def open_categories(self) -> list[Category]:
        return [c for c in self.categories if c.is_open and not c.for_children]

    def deciders(self, category: Category) -> set[int]:
        """Who may decide in `category`: organisers, and reviewers who are not limited to others."""
        reviewers = {u for u in self.roles[Role.REVIEWER] if category.pk in self.limits.get(u, {category.pk})}
        return self.roles[Role.ORGANISER] | reviewers


def of(meeting: Meeting) -> Facts:
    categories = list(Category.objects.filter(meeting=meeting))
    return Facts(
        meeting=meeting,
        categories=categories,
        invited=_invited(categories),
        roles=_roles(meeting),
        limits=_limits(meeting),
        reasons=set(CannedReason.objects.filter(meeting=meeting).order_by().values_list("use", flat=True)),
        questions=list(Question.objects.asked().filter(meeting=meeting).order_by("key").values_list("key", flat=True)),
        mails=_mails(meeting),
        worded=_worded(meeting),
        agreed=_agreed(meeting),
    )


def _invited(categories: list[Category]) -> set[int]:
    typed = [c.pk for c in categories if c.typist == Typist.FOCAL_POINT]
    asked = Invitation.objects.filter(delegation__category__in=typed).exclude(state=Invitation.State.WITHDRAWN)
    return set(asked.order_by().values_list("delegation__category", flat=True)) if typed else set()


def _roles(meeting: Meeting) -> dict[str, set[int]]:
    found: dict[str, set[int]] = defaultdict(set)
    there = StaffRole.objects.filter(meeting=meeting, user__is_active=True)
    for role, user in there.order_by().values_list("role", "user"):
        found[role].add(user)
    return found


def _limits(meeting: Meeting) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    limited = ReviewedCategory.objects.filter(staff_role__meeting=meeting)
    for user, category in limited.order_by().values_list("staff_role__user", "category"):
        found[user].add(category)
    return dict(found)


def _mails(meeting: Meeting) -> Mails:
    lost = Q(state__in=[MailState.FAILED, MailState.STUCK])
    seen = OutgoingMail.objects.filter(meeting=meeting).aggregate(last=Max("sent_at"), lost=Count("pk", filter=lost))
    return Mails(seen["last"], seen["lost"], settings.EMAIL_BACKEND.startswith(FOLDER))


def _worded(meeting: Meeting) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    own = Wording.objects.filter(meeting=meeting, category=None, is_current=True).exclude(body="").order_by()
    for kind, language in own.values_list("kind", "language"):
        found[kind].add(language)
    return dict(found)


def _agreed(meeting: Meeting) -> dict[str, list[str]]:
    """What an organiser has looked through and found right, by step; the newest word counts."""
    said = AuditEntry.objects.filter(meeting=meeting, action=AuditEntry.Action.SETUP, detail__has_key="agreed")
    newest_last = said.order_by("at", "pk").values_list("detail", flat=True)
    return {detail["agreed"]: detail.get("with", []) for detail in newest_last}
