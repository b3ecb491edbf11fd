"""What the placeholders say, about a meeting, a delegation or a person, in the language that is active."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import npgettext

from meeting import dates
from meeting.models import Meeting

from .. import field_words
from ..closing import closes_at
from ..models import Category, Modality, Registration, Status
from .markup import Value

Values = dict[str, Value]

WITH_REASON = (Status.RETURNED, Status.REJECTED, Status.WITHDRAWN, Status.WAITLISTED, Status.SUBMITTED)


def of_meeting(meeting: Meeting) -> Values:
    return {
        "meeting": meeting.title,
        "meeting_short": meeting.short_title,
        "dates": dates.date_range(meeting.starts_on, meeting.ends_on),
        "zone": dates.zone_name(meeting.zone, meeting.starts_on),
        "venue": str(meeting.venue) if meeting.venue else "",
        "city": meeting.venue.city if meeting.venue else "",
        "contact_email": meeting.contact_email,
        "meeting_link": f"{settings.SITE_URL}{meeting.get_absolute_url()}",
    }


def of_category(category: Category, meeting: Meeting) -> Values:
    closes = closes_at(meeting, [category])
    return {"category": category.name, "closes": dates.moment(closes, meeting.zone) if closes else ""}


def of_registration(registration: Registration, meeting: Meeting) -> Values:
    """Facts are "1" where they hold."""
    delegation = registration.delegation
    in_person = registration.modality == Modality.IN_PERSON
    return {
        **of_category(delegation.category, meeting),
        "delegation": delegation.name,
        "reference": registration.reference,
        "function": registration.functional_title,
        "role": registration.get_role_display(),
        "decision_time": npgettext("within", "%d day", "%d days", meeting.decision_days) % meeting.decision_days,
        "in_person": "1" if in_person else "",
        "online": "" if in_person else "1",
        "with_letter": "1" if delegation.category.letter_required else "",
        "reason": registration.status_reason if registration.status in WITH_REASON else "",
        "fields": field_words.labels(registration.returned_fields, meeting),
        "kept": registration.merged_into.reference if registration.merged_into else "",
    }


def given(values: Mapping[str, Any], registration: Registration) -> Values:
    """What the caller says beyond the registration, in words."""
    meeting, said = registration.meeting, {k: v for k, v in values.items() if k in PLAIN}
    if "offer" in values:
        said["until"] = dates.moment(values["offer"].expires_at, meeting.zone)
    if "came_from" in values:
        said["from_offer"] = "1" if values["came_from"] == "offer" else ""
        said["corrected"] = "1" if values["came_from"] == "returned" else ""
    if values.get("by_organisers") or registration.kept_waiting:
        said["by_organisers"] = "1"
    if "changes" in values:
        said["changes"] = [_change(change) for change in field_words.differences(values["changes"], meeting)]
    return said


PLAIN = {"reason", "person", "waiting", "letter", "note", "seats", "closes", "name"}


def of_delegation(values: Mapping[str, Any], meeting: Meeting) -> Values:
    """The same for a message about no single registration; `delegation` and `category` are objects."""
    said: Values = {k: str(v) for k, v in values.items() if k in PLAIN and v not in (None, "")}
    if delegation := values.get("delegation"):
        said |= {"delegation": delegation.name, **of_category(values.get("category") or delegation.category, meeting)}
    return said


def _change(change: field_words.Difference) -> str:
    return _("%(field)s: %(becomes)s (before: %(was)s)") % {
        "field": change.label,
        "becomes": change.becomes or "–",
        "was": change.was or "–",
    }
