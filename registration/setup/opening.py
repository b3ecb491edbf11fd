"""When registration opens and closes, and what organisers say of the setup: each word stands in the history."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from modeltranslation.utils import build_localized_fieldname

from meeting.models import AuditEntry, Meeting, User
from meeting.translated import MAIN

from ..models import Question
from . import readiness

NOTE = build_localized_fieldname("held_open_note", MAIN)
WRITTEN = ("registration_opens_at", "registration_closes_at", "registration_held_open", NOTE, "is_published")


class Refused(Exception):
    """What cannot be set; the message is a sentence for the screen."""


@transaction.atomic
def change(meeting_id: int, *, by: User, **values: Any) -> Meeting:
    """Set some of `WRITTEN`, checked against the others as they stand now. What is so already is not written down."""
    meeting = Meeting.objects.select_for_update(of=("self",), no_key=True).get(pk=meeting_id)
    changed = {name: value for name, value in values.items() if (getattr(meeting, name) or None) != (value or None)}
    before = {name: getattr(meeting, name) for name in changed}
    for name, value in changed.items():
        setattr(meeting, name, value)
    opens, closes = meeting.registration_opens_at, meeting.registration_closes_at
    if opens and closes and closes <= opens:
        raise Refused(_("Registration would close before it opens. Choose a later closing time."))
    if changed:
        meeting.save(update_fields=[*changed, "changed_at"])
        _write_down(meeting, before, changed, by)
    return meeting


def _write_down(meeting: Meeting, before: dict[str, Any], after: dict[str, Any], by: User) -> None:
    detail = {name: {"was": _plain(before[name]), "now": _plain(value)} for name, value in after.items()}
    action = AuditEntry.Action.SETUP
    AuditEntry.objects.create(meeting=meeting, by=by, action=action, about=meeting.short_title[:200], detail=detail)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime.datetime) else value


def open_now(meeting: Meeting, *, by: User) -> Meeting:
    """Registration is taken from this moment on, also where something is missing: `warnings` says so afterwards."""
    now, closes = _this_minute(), meeting.registration_closes_at
    if closes and closes <= now:
        raise Refused(_("The closing time is past. Set a later one first."))
    if meeting.registration_is_open():
        return meeting
    return change(meeting.pk, by=by, registration_opens_at=now)


def _this_minute() -> datetime.datetime:
    """As the forms write it, so that a form which is saved unchanged changes nothing."""
    return timezone.now().replace(second=0, microsecond=0)


def close_now(meeting: Meeting, *, by: User) -> Meeting:
    """No registration is taken from this moment on; drafts can no longer be sent."""
    now, opens = _this_minute(), meeting.registration_opens_at
    if not meeting.registration_is_open():
        raise Refused(_("Registration is not open, so there is nothing to close."))
    moved = {} if opens and opens < now else {"registration_opens_at": now - datetime.timedelta(minutes=1)}
    return change(meeting.pk, by=by, registration_held_open=False, registration_closes_at=now, **moved)


def warnings(meeting: Meeting) -> list[str]:
    """What is allowed but rarely meant."""
    now, closes = timezone.now(), meeting.registration_closes_at
    told = []
    if meeting.registration_is_open() and not readiness.may_open(readiness.steps(meeting)):
        told.append(_("Registration is open although something necessary is missing. Look at the setup page."))
    if meeting.registration_held_open:
        return [*told, _("Registration is held open: the dates do not count until you end that.")]
    if closes and closes <= now:
        told.append(_("The closing time is past: registration is closed."))
    if closes and closes.astimezone(meeting.zone).date() >= meeting.starts_on:
        told.append(_("Registration closes only after the meeting has begun."))
    return told


def agree(meeting: Meeting, step: str, *, by: User) -> None:
    """An organiser has looked through the seats or the questions and finds them right, as they are now."""
    looked_at = {
        readiness.QUOTAS: lambda: [c.code for c in readiness.without_limit(list(meeting.categories.all()))],
        readiness.QUESTIONS: lambda: list(
            Question.objects.asked().filter(meeting=meeting).values_list("key", flat=True)
        ),
    }
    AuditEntry.objects.create(
        meeting=meeting,
        by=by,
        action=AuditEntry.Action.SETUP,
        about=meeting.short_title[:200],
        detail={"agreed": step, "with": looked_at[step]()},
    )
