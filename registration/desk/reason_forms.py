"""The forms in which a reviewer says why: one for each decision that asks for a reason, filled as it was sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from ..models import CannedReason, Registration
from . import reasons
from .deciding_forms import NEED_A_REASON, DecisionForm

# In the order of the screen. Keys are what one presses instead.
DECISIONS = ("return", "waitlist", "reject", "decline_change")
CORRECTIONS = ("un_approve", "withdraw")
KEYS = {"return": "r", "waitlist": "w", "reject": "x", "decline_change": "x"}
HARSH = {"reject", "decline_change", "withdraw"}
WITH_READY = ("return", "waitlist", "reject")


@dataclass(frozen=True)
class ReasonForm:
    """One button that unfolds into a reason; `form` is what came back refused, for this button alone."""

    move: str
    title: str
    send: str
    hint: str
    is_required: bool
    ready: list[reasons.Ready] = field(default_factory=list)
    boxes: list[tuple[str, str]] = field(default_factory=list)
    form: DecisionForm | None = None

    @property
    def key(self) -> str:
        return KEYS.get(self.move, "")

    @property
    def is_harsh(self) -> bool:
        return self.move in HARSH

    @property
    def text(self) -> str:
        return str(self.form["reason"].value() or "") if self.form else ""

    @property
    def chosen(self) -> str:
        return str(self.form["ready"].value() or "") if self.form else ""

    @property
    def ticked(self) -> list[str]:
        return list(self.form["fields_to_mend"].value() or []) if self.form else []

    def errors(self, name: str) -> list[str]:
        return [str(error) for error in self.form.errors.get(name, [])] if self.form else []

    @property
    def reason_errors(self) -> list[str]:
        return [*self.errors("ready"), *self.errors("reason")]

    @property
    def box_errors(self) -> list[str]:
        return self.errors("fields_to_mend")


def build(
    moves: Sequence[str],
    registration: Registration,
    *,
    written: Sequence[CannedReason],
    returnable: list[tuple[str, str]],
    refused: DecisionForm | None,
) -> list[ReasonForm]:
    """A form for each of `moves`. `written` are the meeting's ready reasons."""
    back = str(refused["move"].value()) if refused else ""
    return [
        ReasonForm(
            move,
            *_words(move),
            is_required=move in NEED_A_REASON,
            ready=reasons.offered(written, move, registration.language),
            boxes=returnable if move == "return" else [],
            form=refused if move == back else None,
        )
        for move in moves
    ]


def _words(move: str) -> tuple[str, str, str]:
    """What the button says, what sends the form, and who reads the reason."""
    read = _("The delegate reads it in the mail.")
    words: dict[str, tuple[Any, Any, Any]] = {
        "return": (_("Return…"), _("Return"), read),
        "waitlist": (_("Waitlist…"), _("Put on the waiting list"), _("If you give one, the delegate reads it.")),
        "reject": (_("Reject…"), _("Reject"), read),
        "decline_change": (_("Decline the change…"), _("Decline the change"), read),
        "un_approve": (
            _("Take the approval back…"),
            _("Take the approval back"),
            _("The delegate reads it in the mail. The seat is kept; you decide anew."),
        ),
        "withdraw": (
            _("Withdraw…"),
            _("Withdraw"),
            _("For somebody who does not come. The seat goes to the next in line."),
        ),
    }
    return words[move]
