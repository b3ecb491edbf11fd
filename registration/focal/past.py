"""The history of who looks after a delegation, in words."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils.translation import gettext as _

from meeting.dates import long_date

from ..models import Delegation, DelegationEvent, FocalPoint

Action = DelegationEvent.Action
SHOWN = (Action.INVITED, Action.DECLINED, Action.FOCAL_POINT_NAMED, Action.FOCAL_POINT_ENDED)
MOST = 50


def of(delegation: Delegation) -> list[tuple[DelegationEvent, str]]:
    """The latest events about invitations and focal points, newest first, each with its sentence."""
    events = DelegationEvent.objects.filter(delegation=delegation, action__in=SHOWN).select_related("by")
    return [(event, words(event)) for event in events.order_by("-at", "-pk")[:MOST]]


def words(event: DelegationEvent) -> str:
    """What happened, without saying who did it."""
    who, to, email = (_isolated(event.detail.get(key, "")) for key in ("name", "handed_to", "email"))
    if event.action == Action.FOCAL_POINT_NAMED:
        return _named(event.detail)
    if event.action == Action.FOCAL_POINT_ENDED:
        if to:
            return _("%(who)s handed over to %(to)s.") % {"who": who, "to": to}
        return _("%(who)s does not look after the delegation any more.") % {"who": who}
    if event.action == Action.DECLINED:
        return _("%(email)s answered that nobody comes.") % {"email": email}
    return _invited(event.detail.get("what", "")) % {"email": email}


def _invited(what: str) -> str:
    return {
        "again": _("The invitation went to %(email)s once more."),
        "withdrawn": _("The invitation to %(email)s was withdrawn."),
        "comes": _("%(email)s answered that they come after all."),
    }.get(what, _("Invited by a message to %(email)s."))


def _named(detail: dict[str, Any]) -> str:
    is_alternate = detail.get("alternate")
    sentence = _("%(who)s stands in as alternate.") if is_alternate else _("%(who)s is focal point.")
    said = [sentence % {"who": _isolated(detail.get("name", ""))}]
    said += [_("From %(day)s.") % {"day": _day(detail["from"])}] if "from" in detail else []
    said += [_("Until %(day)s.") % {"day": _day(detail["to"])}] if "to" in detail else []
    return " ".join(said)


def _isolated(name: str) -> str:
    """A name in whatever script, kept from disturbing the order of the sentence around it."""
    return f"\u2068{name}\u2069" if name else ""


def _day(written: str) -> str:
    return long_date(datetime.date.fromisoformat(written))


def who(focal_point: FocalPoint) -> dict[str, Any]:
    return {"name": focal_point.shown_name, "email": focal_point.user.email}


def how(focal_point: FocalPoint) -> dict[str, Any]:
    """The terms on which somebody looks after a delegation, as the history keeps them."""
    days = {"from": focal_point.active_from, "to": focal_point.active_to}
    said = {name: day.isoformat() for name, day in days.items() if day}
    return said | ({"alternate": True} if focal_point.is_alternate else {})
