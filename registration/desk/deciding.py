"""What the buttons beside one person do: which there are, the workflow's function for each, and what is said then."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from meeting.models import User

from .. import rules, workflow
from ..models import HeldFor, Registration, Status
from ..workflow import MOVES, MoveNotAllowed
from ..workflow.messages import event_key
from .person import Open

TARGETS = {
    "approve": Status.APPROVED,
    "return": Status.RETURNED,
    "reject": Status.REJECTED,
    "withdraw": Status.WITHDRAWN,
}
# After these the next person opens; after the others one stays.
OPEN_THE_NEXT = {"approve", "return", "waitlist", "reject"}
Asked = dict[str, Any]


def buttons(registration: Registration, waits: Open, reader: User) -> set[str]:
    """What `reader`, who decides at this meeting, can do with this person now."""
    if registration.is_minor and not rules.can_see_children(reader, registration.meeting):
        return set()
    now = Status(registration.status)
    found = {move for move, to in TARGETS.items() if to in MOVES[now]} | ONLY_FROM.get(now, set())
    if registration.first_approved_by_id == reader.pk:
        found.discard("approve")
    if waits.proposal:
        found |= {"accept_change", "decline_change"}
    if now in (Status.REJECTED, Status.WITHDRAWN) and not _stands_elsewhere(registration):
        found.add("come_back")
    return found


# What the table of moves allows from elsewhere too, where it means something else.
ONLY_FROM = {Status.SUBMITTED: {"waitlist"}, Status.APPROVED: {"un_approve"}}


def _stands_elsewhere(registration: Registration) -> bool:
    return bool(registration.merged_into_id or hasattr(registration, "replaced_by"))


def first_word(registration: Registration, reader: User) -> str:
    """Where two people approve and one has: who that was, and what is wanted still."""
    first = registration.first_approved_by
    if first is None:
        return ""
    if first.pk == reader.pk:
        return _("You have approved. One more is needed, from a colleague.")
    return _("Approved by %(name)s, one more needed.") % {"name": first}


def carry_out(registration: Registration, asked: Asked, waits: Open, *, by: User) -> None:
    """The workflow's function for this button. Raises MoveNotAllowed."""
    if asked["move"] in ("accept_change", "decline_change"):
        _decide_on_change(asked, waits, by=by)
    else:
        FUNCTIONS[asked["move"]](registration, asked, by)


FUNCTIONS: dict[str, Callable[[Registration, Asked, User], Any]] = {
    "approve": lambda who, asked, by: workflow.approve(who.pk, by=by, around=who),
    "return": lambda who, asked, by: workflow.return_for_correction(
        who.pk, by=by, reason=asked["reason"], fields=asked["fields_to_mend"]
    ),
    "waitlist": lambda who, asked, by: workflow.put_on_waiting_list(who.pk, by=by, reason=asked["reason"]),
    "reject": lambda who, asked, by: workflow.reject(who.pk, by=by, reason=asked["reason"]),
    "withdraw": lambda who, asked, by: workflow.withdraw(who.pk, by=by, reason=asked["reason"], quietly=True),
    "un_approve": lambda who, asked, by: workflow.un_approve(who.pk, by=by, reason=asked["reason"]),
    "come_back": lambda who, asked, by: workflow.come_back(who.pk, by=by, even_if_closed=True),
}


def _decide_on_change(asked: Asked, waits: Open, *, by: User) -> None:
    if waits.proposal is None:
        raise MoveNotAllowed(_("No change waits for a decision any more. There is nothing left to do."))
    if asked["move"] == "decline_change":
        workflow.decline_proposal(waits.proposal.pk, by=by, reason=asked["reason"])
    elif asked["asked_at"] is None:
        raise MoveNotAllowed(_("This page is too old. Look at the change once more, then decide."))
    else:
        workflow.accept_proposal(waits.proposal.pk, by=by, seen=asked["asked_at"])


def done(registration: Registration, move: str) -> str:
    """What is said after `move`: what happened, and when the delegate hears of it. `registration` as it is now."""
    who = {"who": registration.printed_name}
    if move == "approve" and registration.status != Status.APPROVED:
        return _("%(who)s approved by you. A colleague gives the second word; nobody is told before.") % who
    if move == "un_approve" and registration.quiet_until is None and registration.meeting.decision_grace_minutes:
        return _("The approval of %(who)s is taken back. They had not been told, so no mail leaves.") % who
    if _waits_for_a_reader(registration):
        return f"{(WAITS | HAPPENED)[move]() % who} {_('The mail waits under Messages until somebody has read it.')}"
    if registration.quiet_until is None or move not in WAITS:
        return DONE[move]() % who
    at = {"at": f"{registration.quiet_until.astimezone(registration.meeting.zone):%H:%M}"}
    return f"{WAITS[move]() % who} {_('The mail leaves at %(at)s.') % at}"


def _waits_for_a_reader(registration: Registration) -> bool:
    """Whether the message about what happened last is one of those that are read first."""
    last = registration.events.order_by("-pk").first()
    key = event_key(last) if last else ""
    ours = registration.outgoing_mails.filter(Q(key=key) | Q(key__startswith=f"{key}-"))
    return last is not None and ours.filter(held_for=HeldFor.REVIEW).exists()


DONE: dict[str, Callable[[], str]] = {
    "approve": lambda: _("%(who)s approved. The mail is on its way."),
    "return": lambda: _("%(who)s returned for correction. The mail is on its way."),
    "waitlist": lambda: _("%(who)s put on the waiting list. The mail is on its way."),
    "reject": lambda: _("%(who)s rejected. The mail is on its way."),
    "withdraw": lambda: _("%(who)s withdrawn. The mail is on its way."),
    "un_approve": lambda: _("The approval of %(who)s is taken back. The mail is on its way."),
    "come_back": lambda: _("%(who)s is back. The mail is on its way."),
    "accept_change": lambda: _("The change of %(who)s is accepted. The mail is on its way."),
    "decline_change": lambda: _("The change of %(who)s is declined. The mail is on its way."),
}
# The same while it can be undone.
WAITS: dict[str, Callable[[], str]] = {
    "approve": lambda: _("%(who)s approved."),
    "return": lambda: _("%(who)s returned for correction."),
    "waitlist": lambda: _("%(who)s put on the waiting list."),
    "reject": lambda: _("%(who)s rejected."),
    "withdraw": lambda: _("%(who)s withdrawn."),
    "un_approve": lambda: _("The approval of %(who)s is taken back."),
}
# What nobody can undo, so that its message would leave at once.
HAPPENED: dict[str, Callable[[], str]] = {
    "come_back": lambda: _("%(who)s is back."),
    "accept_change": lambda: _("The change of %(who)s is accepted."),
    "decline_change": lambda: _("The change of %(who)s is declined."),
}
