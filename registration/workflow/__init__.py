"""The only writer of a registration's status, and of whatever moves with it: seats, offers, proposals.

Each move is one function: lock, check, change, append history, queue mail; all in one transaction. Views, admin
actions, imports, tasks and commands call these and nothing else. A refused move raises MoveNotAllowed with a sentence
to show.

Locks are always taken in one order: registration, category, delegation. Whoever leaves the waiting list or joins it
holds the locks of its seats, so those who wait need no lock of their own.
"""

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
from .merging import CHOOSABLE, as_seen, can_be_merged, keep_apart, merge, same_person
from .moves import approve, come_back, reject, resubmit, return_for_correction, submit, substitute, withdraw
from .returned import untouched
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

__all__ = [
    "CHOOSABLE",
    "EDITABLE",
    "MATERIAL",
    "MOVES",
    "Conflict",
    "Edited",
    "MoveNotAllowed",
    "accept_offer",
    "accept_proposal",
    "approve",
    "as_seen",
    "can_be_merged",
    "change_category_quota",
    "change_quota",
    "come_back",
    "decline_offer",
    "decline_proposal",
    "edit",
    "endorse",
    "expire_offers",
    "keep_apart",
    "merge",
    "offer_free_seats",
    "offer_what_is_free",
    "plain",
    "reject",
    "resubmit",
    "return_for_correction",
    "same_person",
    "seat_is_free",
    "seats_used",
    "submit",
    "substitute",
    "untouched",
    "withdraw",
    "withdraw_proposal",
]
