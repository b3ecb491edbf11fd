"""The only writer of a registration's status, and of whatever moves with it: seats, offers, proposals.

Each move is one function: lock, check, change, append history, queue mail; all in one transaction. Views, admin
actions, imports, tasks and commands call these and nothing else. A refused move raises MoveNotAllowed with a sentence
to show.

Locks are always taken in one order: registration, category, delegation. Whoever leaves the waiting list or joins it
holds the locks of its seats, so those who wait need no lock of their own.
"""

from .arriving import arrive, not_arrived
from .base import MOVES, MoveNotAllowed
from .changes import (
    EDITABLE,
    MATERIAL,
    Conflict,
    Edited,
    accept_proposal,
    decline_proposal,
    edit,
    endorse,
    plain,
    withdraw_proposal,
)
from .decisions import approve, put_on_waiting_list, reject, return_for_correction, un_approve
from .foreseeing import as_if
from .late import end_exception, late_address, let_register_until
from .merging import CHOOSABLE, as_seen, can_be_merged, keep_apart, merge, same_person
from .messages import TellsADecision, send_message_again, send_message_now, stop_message
from .moves import come_back, resubmit, submit, substitute, withdraw
from .outgoing import ACTS as ACTS_ON_MESSAGES
from .outgoing import act_on_message
from .returned import untouched
from .reviewing import add_note, assign, change_category, may_be_given, remove_note
from .seats import (
    accept_offer,
    change_category_quota,
    change_quota,
    decline_offer,
    expire_offers,
    offer_free_seats,
    offer_what_is_free,
    seat_is_free,
    seats_used,
)
from .sharing import CHOICES as SHARED
from .sharing import share
from .undoing import can_be_undone, undo
from .wrong_address import ask_for_address, disown_address

__all__ = [
    "ACTS_ON_MESSAGES",
    "CHOOSABLE",
    "EDITABLE",
    "MATERIAL",
    "MOVES",
    "SHARED",
    "Conflict",
    "Edited",
    "MoveNotAllowed",
    "TellsADecision",
    "accept_offer",
    "accept_proposal",
    "act_on_message",
    "add_note",
    "approve",
    "arrive",
    "as_if",
    "as_seen",
    "ask_for_address",
    "assign",
    "can_be_merged",
    "can_be_undone",
    "change_category",
    "change_category_quota",
    "change_quota",
    "come_back",
    "decline_offer",
    "decline_proposal",
    "disown_address",
    "edit",
    "end_exception",
    "endorse",
    "expire_offers",
    "keep_apart",
    "late_address",
    "let_register_until",
    "may_be_given",
    "merge",
    "not_arrived",
    "offer_free_seats",
    "offer_what_is_free",
    "plain",
    "put_on_waiting_list",
    "reject",
    "remove_note",
    "resubmit",
    "return_for_correction",
    "same_person",
    "seat_is_free",
    "seats_used",
    "send_message_again",
    "send_message_now",
    "share",
    "stop_message",
    "submit",
    "substitute",
    "un_approve",
    "undo",
    "untouched",
    "withdraw",
    "withdraw_proposal",
]
