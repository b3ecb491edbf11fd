"""The page before rows are sent: what will become of each, and what must be said about ages."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from meeting import dates

from .. import field_words, workflow
from ..focal.access import DelegationRequest, delegation_view
from ..letters import lacking
from ..models import Delegation, Status
from ..outside import as_told
from . import board, sending
from .finding import address, around, row_address, seen

REFUSALS_TOLD = 5


@require_http_methods(["GET", "HEAD", "POST"])
@delegation_view
def submit(request: DelegationRequest, delegation: Delegation) -> HttpResponse:
    """All rows that can be sent, or those that were ticked."""
    asked = request.POST if request.method == "POST" else request.GET
    lines = _chosen(request, delegation, asked.getlist("row"))
    # Whoever came here has not read yet what the organisers asked for: the page shows it beside each tick.
    ticked = request.POST.getlist("row")
    told = sending.forecast(lines, delegation, even_if_closed=request.is_organiser, all_the_same=ticked)
    if request.method == "POST":
        of_age = request.POST.get("of_age") == "on"
        if told.closed:
            messages.error(request, told.closed)
        elif told.undated and not of_age:
            return _page(request, delegation, told, must_say=True)
        else:
            _send_all(request, delegation, told, of_age=of_age)
        return redirect(address("workspace", delegation))
    return _page(request, delegation, told)


def _chosen(request: DelegationRequest, delegation: Delegation, references: list[str]) -> list[board.Line]:
    roster = seen(request, delegation, board.in_order(as_told(list(board.rows_of(delegation)))))
    lines = board.lines_of(roster, delegation, row_address(delegation))
    return [line for line in lines if not references or line.registration.reference in references]


def _page(
    request: DelegationRequest, delegation: Delegation, told: sending.Forecast, *, must_say: bool = False
) -> HttpResponse:
    context: dict[str, Any] = {
        **around(request, delegation),
        "told": told,
        "statement": sending.statement(delegation),
        "unmended": [(line, _asked_for(line, delegation)) for line in told.unmended],
        "about_letter": lacking.of(delegation),
        "must_say": must_say,
    }
    return render(request, "roster/submit.html", context, status=422 if must_say else 200)


def _asked_for(line: board.Line, delegation: Delegation) -> str:
    """The fields that the organisers have named."""
    return dates.joined(field_words.labels(line.registration.returned_fields, delegation.meeting))


def _send_all(request: DelegationRequest, delegation: Delegation, told: sending.Forecast, *, of_age: bool) -> None:
    sent, waits, refusals = 0, 0, []
    for line in told.good:
        try:
            done = sending.send(
                line.registration.pk, delegation, by=request.actor, of_age=of_age, even_if_closed=request.is_organiser
            )
        except workflow.MoveNotAllowed as refused:
            refusals.append(f"{line.name}: {refused}")
        else:
            waits += done.status == Status.WAITLISTED
            sent += done.status != Status.WAITLISTED
    _tell(request, sent, waits, refusals)


def _tell(request: DelegationRequest, sent: int, waits: int, refusals: list[str]) -> None:
    if sent:
        text = ngettext("%(n)d row was sent to the organisers.", "%(n)d rows were sent to the organisers.", sent)
        messages.success(request, text % {"n": sent})
    if waits:
        text = ngettext(
            "%(n)d row waits for a seat. We write when one becomes free.",
            "%(n)d rows wait for a seat. We write when one becomes free.",
            waits,
        )
        messages.info(request, text % {"n": waits})
    for refusal in refusals[:REFUSALS_TOLD]:
        messages.error(request, refusal)
    if not sent and not waits and not refusals:
        messages.info(request, _("There was nothing to send."))
