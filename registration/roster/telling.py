"""Who changed what and when, in words."""

from __future__ import annotations

import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from meeting import dates

from ..models import Delegation, Honorific, Modality, RoleInDelegation
from .cells import Stale


def shown(name: str, text: str) -> str:
    """A text of a cell as a reader knows it: the word, where a choice is stored by its code."""
    choices = {"role": RoleInDelegation, "modality": Modality, "honorific": Honorific}.get(name)
    labels = dict(choices.choices) if choices else {}
    return str(labels.get(text, text))


def told(stale: Stale, delegation: Delegation) -> str:
    """By whom, and when by the clocks of the meeting."""
    if stale.at is None:
        return _("Somebody else has changed this meanwhile.")
    who = stale.by or _("The delegate")
    return _("%(who)s changed this at %(time)s.") % {"who": who, "time": told_when(stale.at, delegation)}


def told_when(at: datetime.datetime, delegation: Delegation) -> str:
    """14:32 for today, else with the day."""
    zone = delegation.meeting.zone
    local = at.astimezone(zone)
    if local.date() == timezone.now().astimezone(zone).date():
        return f"{local:%H:%M}"
    return dates.moment(at, zone)
