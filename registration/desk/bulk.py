"""Many decisions at once: what will happen to each, and what did."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import structlog
from django.db.models import Count
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from meeting.models import User

from .. import workflow
from ..letters import reconcile, standing
from ..models import LIVE, Registration, Status
from ..models.registration import RegistrationQuerySet

log = structlog.get_logger("placard.desk")

TARGETS = {"approve": Status.APPROVED, "reject": Status.REJECTED}


@dataclass(frozen=True)
class Line:
    """What will happen, or did, to one person; `refusal` says why nothing does, `doubts` what to look at first."""

    registration: Registration
    refusal: str = ""
    doubts: tuple[str, ...] = ()


def forecast(registrations: list[Registration], move: str, everybody: RegistrationQuerySet) -> list[Line]:
    """What will happen to each of `registrations`, and what a careful colleague would look at first."""
    doubts = _doubts(registrations, everybody) if move == "approve" else {}
    return [Line(r, _why_not(r, TARGETS[move]), doubts.get(r.pk, ())) for r in registrations]


def _doubts(registrations: list[Registration], everybody: RegistrationQuerySet) -> dict[int, tuple[str, ...]]:
    twice = _registered_twice(registrations, everybody)
    standing.mark_each(registrations)
    return {r.pk: _doubts_about(r, twice=twice) for r in registrations}


def _doubts_about(registration: Registration, *, twice: set[str]) -> tuple[str, ...]:
    found, mark = [], registration.letter_mark  # type: ignore[attr-defined]
    if registration.delegation.category.letter_required and mark == reconcile.NO_LETTER:
        found.append(_("No letter, and the category needs one"))
    if mark == reconcile.NOT_NAMED:
        found.append(_("Not named on the letter"))
    if mark == reconcile.PROPOSED:
        found.append(_("A name on the letter is alike, and nobody has confirmed it"))
    if {registration.email.lower(), registration.display_name} & twice:
        found.append(_("May be registered twice: same name or email"))
    return tuple(found)


def _registered_twice(registrations: list[Registration], everybody: RegistrationQuerySet) -> set[str]:
    """Of the emails and names of these, those that more than one live registration of the meeting has."""
    live = everybody.filter(status__in=LIVE).annotate(low=Lower("email")).order_by()
    asked = {"low": [r.email.lower() for r in registrations], "display_name": [r.display_name for r in registrations]}
    return {
        text
        for field, texts in asked.items()
        for text in live.filter(**{f"{field}__in": texts})
        .values_list(field, flat=True)
        .annotate(times=Count("pk"))
        .filter(times__gt=1)
    }


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
