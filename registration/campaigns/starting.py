"""From a draft to a message that goes out: one form is one draft, one button is one sending, however often pressed."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from meeting.models import AuditEntry, Meeting, User

from ..mail.broker import publisher
from ..models import Campaign

NAME_LENGTH = 120


class NotSentOff(Exception):
    """It was not sent off; the text is a sentence for the screen."""


def draft(meeting: Meeting, values: dict[str, Any], *, token: uuid.UUID, by: User) -> Campaign:
    """A new one. The same `token` again finds the one that is there, as it was first written."""
    campaign, _is_new = Campaign.objects.get_or_create(token=token, defaults={**values, "meeting": meeting, "by": by})
    if (campaign.meeting_id, campaign.by_id) != (meeting.pk, by.pk):
        raise NotSentOff(_("This page is out of date. Open it again."))
    return campaign


@transaction.atomic
def change(campaign: Campaign, values: dict[str, Any], *, revision: int) -> Campaign:
    """Write `values` into a draft that is still as its writer has seen it."""
    fresh = _draft_at(campaign, revision)
    for name, value in values.items():
        setattr(fresh, name, value)
    fresh.revision += 1
    fresh.save(update_fields=[*values, "revision"])
    return fresh


def copy(campaign: Campaign, *, name: str, token: uuid.UUID, by: User) -> Campaign:
    """The same words to the same filter, as a new draft."""
    values = {"name": name[:NAME_LENGTH]} | {
        field: getattr(campaign, field) for field in ("audience", "query", "words")
    }
    return draft(campaign.meeting, values, token=token, by=by)


@transaction.atomic
def send_off(
    campaign: Campaign, *, revision: int, expected: int, at: datetime.datetime | None = None, by: User
) -> Campaign:
    """It goes out `at` its time, or now where that is past. Pressed again it changes nothing."""
    fresh = Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
    if fresh.pressed_at:
        return fresh
    fresh = _draft_at(campaign, revision)
    now = timezone.now()
    fresh.pressed_at, fresh.pressed_by, fresh.expected = now, by, expected
    fresh.send_at = max(at or now, now)
    fresh.save(update_fields=["pressed_at", "pressed_by", "expected", "send_at"])
    _write_down(fresh, by, "sent_off", count=expected, send_at=fresh.send_at.isoformat())
    if fresh.send_at == now:
        transaction.on_commit(lambda: publisher.announce("run_campaign", fresh.pk), robust=True)
    return fresh


@transaction.atomic
def take_back(campaign: Campaign, *, by: User) -> bool:
    """A scheduled one becomes a draft again; False when it has begun, or never was sent off."""
    waiting = Campaign.objects.filter(pk=campaign.pk, pressed_at__isnull=False, started_at=None, ended_at=None)
    done = waiting.update(pressed_at=None, pressed_by=None, expected=None, send_at=None)
    if done:
        _write_down(campaign, by, "taken_back")
    return bool(done)


@transaction.atomic
def drop(campaign: Campaign) -> bool:
    """Delete a draft; False when it is none."""
    return bool(Campaign.objects.filter(pk=campaign.pk, pressed_at=None).delete()[0])


def _draft_at(campaign: Campaign, revision: int) -> Campaign:
    fresh = Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
    if fresh.pressed_at:
        raise NotSentOff(_("This message was sent off meanwhile, so nothing was changed. Copy it as a new one."))
    if fresh.revision != revision:
        raise NotSentOff(_("Somebody has changed this message since you opened it. Look at it again."))
    return fresh


def _write_down(campaign: Campaign, by: User, what: str, **detail: Any) -> None:
    AuditEntry.objects.create(
        meeting_id=campaign.meeting_id,
        by=by,
        action=AuditEntry.Action.CAMPAIGN,
        about=campaign.name[:200],
        detail={"what": what, **detail},
    )
