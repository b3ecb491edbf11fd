"""What becomes of one row: the workflow's function for the move, unless somebody has acted since it was looked at."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from django.utils.translation import gettext as _

from meeting.models import User

from .. import workflow
from ..models import BulkDecision, BulkRow, Registration, RegistrationEvent

Move = BulkDecision.Move
Action = RegistrationEvent.Action
TURNS = (Action.MOVED, Action.FIRST_APPROVED, Action.UNDONE)


def carry_out(bulk: BulkDecision, registration: Registration, *, by: User) -> None:
    """Raises MoveNotAllowed. Each function of the workflow is a transaction, here one within ours."""
    reason = reason_for(bulk.reason, bulk.texts, registration.language)
    if bulk.move == Move.APPROVE:
        workflow.approve(registration.pk, by=by, around=registration)
    elif bulk.move == Move.REJECT:
        workflow.reject(registration.pk, by=by, reason=reason)
    elif bulk.move == Move.RETURN:
        workflow.return_for_correction(registration.pk, by=by, reason=reason, fields=bulk.fields_to_mend)
    elif bulk.move == Move.WAITLIST:
        workflow.put_on_waiting_list(registration.pk, by=by, reason=reason)
    else:
        workflow.assign(registration.pk, to=bulk.assigned_to, by=by)


def reason_for(reason: str, texts: Mapping[str, str], language: str) -> str:
    """What the reviewer wrote, for all; else the ready reason as somebody of this `language` reads it."""
    return reason or texts.get(language) or texts.get(settings.LANGUAGE_CODE) or next(iter(texts.values()), "")


def overtaken(row: BulkRow, registration: Registration) -> str:
    """A calm word where somebody has acted since the reviewer looked; empty where all stands as it did."""
    if registration.status == row.seen and bool(registration.first_approved_by_id) == row.seen_first_word:
        return ""
    last = registration.events.filter(action__in=TURNS).select_related("by").order_by("at", "pk").last()
    values = {
        "who": registration.printed_name,
        "now": registration.get_status_display().lower(),
        "by": (last and last.by) or _("the delegate"),
        "at": f"{last.at.astimezone(registration.meeting.zone):%H:%M}" if last else "",
    }
    if last and last.action == Action.FIRST_APPROVED:
        return _("%(by)s has approved %(who)s at %(at)s, as the first of two. Look again before you do.") % values
    return _("%(who)s is %(now)s: %(by)s did that at %(at)s, after you looked.") % values
