"""The workspace of a delegation: letter on one side, roster on the other."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from meeting import dates

from ..focal.access import DelegationRequest, delegation_view
from ..letters import pane
from ..letters.reconcile import EXACT, PROPOSED, Reconciliation
from ..models import Delegation, FocalPoint, Honorific, RoleInDelegation
from ..outside import as_told
from ..versions import checks
from . import adding, board, bringing, drawing, paste
from .finding import around, row_address, seen


@require_safe
@delegation_view
def workspace(request: DelegationRequest, delegation: Delegation) -> HttpResponse:
    roster = board.in_order(as_told(list(board.rows_of(delegation))))
    lines = board.lines_of(seen(request, delegation, roster), delegation, row_address(delegation))
    letters = pane.of(delegation)
    draw_marks(lines, letters["state"])
    context = {
        **around(request, delegation),
        "lines": lines,
        "seats": board.seats_of(roster, delegation),
        "heads": [line for line in lines if line.registration.role == RoleInDelegation.HEAD and line.is_coming],
        "ready": sum(line.is_ready for line in lines),
        "to_send": sum(line.registration.status in board.TO_SEND for line in lines),
        "with_whom": with_whom(request, delegation),
        "pasted": paste.to_undo(request, delegation, roster),
        "returning": bringing.way_back(request, delegation),
        "list_check": checks.open_for(delegation),
        "new": new_line(delegation, len(lines) + 1),
        "choices": choices(),
        "words": words(),
        **board.row_words(),
        **letters,
    }
    return render(request, "roster/workspace.html", context)


def draw_marks(lines: list[board.Line], state: Reconciliation) -> None:
    """What the letters say of each row. Most rows are told the same, which is drawn once for all of them."""
    drawn: dict[object, str] = {}
    for line in lines:
        line.mark = mark = state.mark(line.registration.pk)
        key = mark if mark.kind == PROPOSED or mark.how not in ("", EXACT) else mark.kind
        if key not in drawn:
            drawn[key] = render_to_string("letters/_mark.html", {"mark": mark})
        line.mark_drawn = drawn[key]


def with_whom(request: DelegationRequest, delegation: Delegation) -> str:
    """Who looks after this delegation, in a sentence."""
    everybody = FocalPoint.objects.active().filter(delegation=delegation).select_related("user")
    others = [point.shown_name for point in everybody if point.user_id != request.actor.pk or request.is_organiser]
    if request.is_organiser:
        return _("Looked after by %(names)s.") % {"names": dates.joined(others)} if others else _("No focal point yet.")
    if others:
        return _("You look after this delegation, with %(names)s.") % {"names": dates.joined(others)}
    return _("You look after this delegation.")


def new_line(delegation: Delegation, number: int) -> list[board.Line]:
    """An empty row, from which the page makes another one to type in."""
    empty = adding.blank(delegation)
    empty.reference = "new"
    line = board.lines_of([empty], delegation, "")[0]
    line.number, line.problems = number, {}
    line.cells = drawing.cells(line, drawing.stubs())
    return [line]


def choices() -> dict[str, list[tuple[str, str]]]:
    """The answers of cells that are chosen and not typed."""
    return {
        "honorific": [("", "–"), *[(value, str(label)) for value, label in Honorific.choices]],
        "role": [(value, str(label)) for value, label in RoleInDelegation.choices],
    }


def words() -> dict[str, str]:
    """What the script says."""
    return {
        "keep_theirs": _("Keep theirs"),
        "keep_mine": _("Take mine"),
        "mine": _("Yours: {text}"),
        "theirs": _("Theirs: {text}"),
        "saving": _("Saving"),
        "saved": _("Saved"),
        "not_saved": _("Not saved: there is no connection. It is tried again when you leave the cell once more."),
        "moved": _("Now number {n}"),
        "edit": _("{label}: {text}. Enter to change"),
        "empty": _("empty"),
        "labels": drawing.stubs(),  # type: ignore[dict-item]
    }
