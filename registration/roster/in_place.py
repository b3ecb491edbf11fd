"""Typing in place: one cell comes, is saved, and the row goes back as it now stands."""

from __future__ import annotations

import json
from typing import Any

from django.http import Http404, HttpResponse, JsonResponse
from django.http.request import RawPostDataException
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from .. import workflow
from ..focal.access import DelegationRequest, delegation_view
from ..models import Delegation, Registration, RoleInDelegation
from ..outside import as_told
from . import adding, board, cells
from .finding import row_address, row_of
from .telling import shown, told

MOST_CHARACTERS = 4000
IN_PLACE = ("honorific", "given_names", "family_name", "display_name", "functional_title", "role", "email", "on_behalf")


@require_POST
@delegation_view
def cell(request: DelegationRequest, delegation: Delegation) -> HttpResponse:
    """`{row, field, value, was}`; an empty `row` makes one. 409 where somebody else changed the cell meanwhile."""
    asked = _asked(request)
    if asked is None:
        return JsonResponse({"message": _("This cell could not be read. Load the page again.")}, status=400)
    reference, name, typed = asked
    try:
        registration = row_of(request, delegation, reference) if reference else _new(delegation)
        if registration.status not in cells.TYPED_IN_PLACE:
            return _refused(_("This row has been sent meanwhile. Open its page to change it."))
        saved = cells.save(
            registration.pk, {name: typed}, delegation, by=request.actor, needs_word=not request.is_organiser
        )
    except Http404:
        return _refused(_("Somebody else has taken this row out meanwhile. Load the page again to see the roster."))
    except workflow.MoveNotAllowed as refused:
        return _refused(str(refused))
    return _answer(saved, name, delegation, is_new=not reference)


def _asked(request: DelegationRequest) -> tuple[str, str, cells.Cell] | None:
    try:
        data = json.loads(request.body)
        reference, name, value, was = (data[key] for key in ("row", "field", "value", "was"))
    except (ValueError, KeyError, TypeError, RecursionError, RawPostDataException):  # the last: it was sent as a form
        return None
    texts = (reference, value, was)
    if name not in IN_PLACE or not all(isinstance(text, str) and _can_be_stored(text) for text in texts):
        return None
    return reference, name, cells.Cell(value[:MOST_CHARACTERS], was)


def _can_be_stored(text: str) -> bool:
    """No half of a character, and nothing that ends a text in the database."""
    return "\0" not in text and not any("\ud800" <= c <= "\udfff" for c in text)


def _new(delegation: Delegation) -> Registration:
    return adding.add(delegation, [adding.blank(delegation)])[0]


def _refused(message: str) -> JsonResponse:
    return JsonResponse({"message": message}, status=409)


def _answer(saved: cells.Saved, name: str, delegation: Delegation, *, is_new: bool) -> JsonResponse:
    if name in saved.stale:
        return JsonResponse(_both(saved.stale[name], name, delegation), status=409)
    if not saved.is_written:
        return JsonResponse({"message": saved.errors.get(name, "")}, status=422)
    answer = {
        "row": saved.registration.reference,
        "html": drawn(saved.registration.pk, delegation),
        "warning": saved.warnings.get(name, "") or _two_heads(saved, delegation),
    }
    return JsonResponse(answer, status=201 if is_new else 200)


def _both(stale: cells.Stale, name: str, delegation: Delegation) -> dict[str, Any]:
    return {
        "theirs": stale.theirs,
        "theirs_shown": shown(name, stale.theirs) or _("nothing"),
        "mine_shown": shown(name, stale.mine) or _("nothing"),
        "message": told(stale, delegation),
    }


def _two_heads(saved: cells.Saved, delegation: Delegation) -> str:
    if "role" not in saved.applied or saved.registration.role != RoleInDelegation.HEAD:
        return ""
    others = Registration.objects.filter(delegation=delegation, role=RoleInDelegation.HEAD, merged_into=None)
    other = others.exclude(pk=saved.registration.pk).exclude(status__in=board.GONE).first()
    if other is None:
        return ""
    return _("%(name)s is head of delegation too. Change one of the two.") % {"name": other.printed_name}


def drawn(pk: int, delegation: Delegation) -> str:
    """The row as HTML, as the workspace would draw it."""
    registration = as_told([board.rows_of(delegation).get(pk=pk)])[0]
    lines = board.lines_of([registration], delegation, row_address(delegation))
    return render_to_string("roster/_rows.html", {"lines": lines, **board.row_words()})
