"""Whom letters can be written for, and by whom."""

from __future__ import annotations

from typing import Any

from meeting.models import Meeting

from ..models import Registration, Status
from ..models.registration import RegistrationQuerySet
from .standing import ISSUERS


def people_for(meeting: Meeting, user: Any) -> RegistrationQuerySet:
    """The approved of the meeting, for those who issue its letters. Nobody under 18: not even counted here."""
    everybody = Registration.objects.filter(meeting__in=Meeting.objects.with_role(user, *ISSUERS), meeting=meeting)
    return everybody.filter(status=Status.APPROVED, is_minor=False).within_limits(user)
