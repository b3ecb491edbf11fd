"""Many decisions at once: what will happen to each, and what did."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import structlog
from django.utils.translation import gettext as _

from meeting.models import User

from .. import workflow
from ..models import Registration, Status

log = structlog.get_logger("placard.desk")

TARGETS = {"approve": Status.APPROVED, "reject": Status.REJECTED}


@dataclass(frozen=True)
class Line:
    """What will happen, or did happen, to one person; `refusal` says why nothing does."""

    registration: Registration
    refusal: str = ""


def forecast(registrations: Iterable[Registration], move: str) -> list[Line]:
    return [Line(r, _why_not(r, TARGETS[move])) for r in registrations]


def _why_not(registration: Registration, to: Status) -> str:
    if to in workflow.MOVES[Status(registration.status)]:
        return ""
    values = {"now": registration.get_status_display().lower(), "to": to.label.lower()}
    if registration.status == to:
        return _("Is %(now)s already.") % values
    return _("Is %(now)s, and so cannot become %(to)s.") % values


def decide(registrations: Iterable[Registration], move: str, *, reason: str, by: User) -> list[Line]:
    """Each by itself, in its own transaction: a refusal or a fault of one leaves the others as they are."""
    return [Line(r, _decide_one(r, move, reason=reason, by=by)) for r in registrations]


def _decide_one(registration: Registration, move: str, *, reason: str, by: User) -> str:
    try:
        carry_out(registration, move, reason=reason, by=by)
    except workflow.MoveNotAllowed as refusal:
        return str(refusal)
    except Exception as error:  # told for this row; the rest of the selection goes on
        log.error("decision failed", registration=registration.pk, move=move, exc_info=error)
        return _("A fault on our side: nothing was changed. Try again, and tell the administrator if it comes back.")
    return ""


def carry_out(registration: Registration, move: str, *, reason: str, by: User) -> None:
    """The workflow's function for this button. Raises MoveNotAllowed."""
    if move == "approve":
        workflow.approve(registration.pk, by=by, around=registration)
    else:
        workflow.reject(registration.pk, by=by, reason=reason)
