"""What the buttons beside one person do: which there are, the workflow's function for each, and what is said then."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from meeting.models import User

from .. import workflow
from ..models import Registration, Status
from ..workflow import MOVES, MoveNotAllowed
from . import bulk
from .person import Open

TARGETS = {**bulk.TARGETS, "return": Status.RETURNED, "withdraw": Status.WITHDRAWN}
# After these the next person opens; after the others one stays.
OPEN_THE_NEXT = {"approve", "reject", "return"}


def buttons(registration: Registration, waits: Open) -> set[str]:
    """What can be done with this person now."""
    can = MOVES[Status(registration.status)]
    found = {move for move, to in TARGETS.items() if to in can}
    if waits.proposal:
        found |= {"accept_change", "decline_change"}
    if registration.status in (Status.REJECTED, Status.WITHDRAWN) and not _stands_elsewhere(registration):
        found.add("come_back")
    return found


def _stands_elsewhere(registration: Registration) -> bool:
    return bool(registration.merged_into_id or hasattr(registration, "replaced_by"))


def carry_out(registration: Registration, asked: dict[str, Any], waits: Open, *, by: User) -> None:
    """The workflow's function for this button. Raises MoveNotAllowed."""
    move, reason = asked["move"], asked["reason"]
    if move == "return":
        workflow.return_for_correction(registration.pk, by=by, reason=reason, fields=asked["fields_to_mend"])
    elif move == "withdraw":
        workflow.withdraw(registration.pk, by=by, reason=reason)
    elif move == "come_back":
        workflow.come_back(registration.pk, by=by, even_if_closed=True)
    elif move in ("accept_change", "decline_change"):
        _decide_on_change(asked, waits, by=by)
    else:
        bulk.carry_out(registration, move, reason=reason, by=by)


def _decide_on_change(asked: dict[str, Any], waits: Open, *, by: User) -> None:
    if waits.proposal is None:
        raise MoveNotAllowed(_("No change waits for a decision any more. There is nothing left to do."))
    if asked["move"] == "decline_change":
        workflow.decline_proposal(waits.proposal.pk, by=by, reason=asked["reason"])
    elif asked["asked_at"] is None:
        raise MoveNotAllowed(_("This page is too old. Look at the change once more, then decide."))
    else:
        workflow.accept_proposal(waits.proposal.pk, by=by, seen=asked["asked_at"])


def done(registration: Registration, move: str) -> str:
    text = {
        "approve": _("%(who)s approved. The mail is on its way."),
        "reject": _("%(who)s rejected. The mail is on its way."),
        "return": _("%(who)s returned for correction. The mail is on its way."),
        "withdraw": _("%(who)s withdrawn. The mail is on its way."),
        "come_back": _("%(who)s is back. The mail is on its way."),
        "accept_change": _("The change of %(who)s is accepted. The mail is on its way."),
        "decline_change": _("The change of %(who)s is declined. The mail is on its way."),
    }[move]
    return text % {"who": registration.printed_name}
