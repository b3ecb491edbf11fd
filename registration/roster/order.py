"""The order of the roster, by drag, by key or by number; and who heads the delegation."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from meeting.models import User

from .. import workflow
from ..focal.access import DelegationRequest, delegation_view
from ..models import Delegation, DelegationEvent, Registration, RoleInDelegation
from ..outside import as_told
from . import board
from .finding import address, around, seen
from .telling import told_when


@require_http_methods(["GET", "HEAD", "POST"])
@delegation_view
def order(request: DelegationRequest, delegation: Delegation) -> HttpResponse:
    """One list of references comes, and the one that its sender saw; or a page of numbers and arrows."""
    if request.method == "POST":
        return _ordered(request, delegation)
    people = seen(request, delegation, _coming(delegation))
    lines = board.lines_of(people, delegation, "")
    return render(
        request, "roster/order.html", {**around(request, delegation), "lines": lines, "seen": _joined(people)}
    )


def _coming(delegation: Delegation) -> list[Registration]:
    return [r for r in board.in_order(as_told(list(board.rows_of(delegation)))) if r.status not in board.GONE]


def _joined(people: list[Registration]) -> str:
    return " ".join(person.reference for person in people)


def _ordered(request: DelegationRequest, delegation: Delegation) -> HttpResponse:
    wanted = request.POST.get("order", "").split() or _by_numbers(request, delegation)
    before = put_in_order(delegation, wanted, by=request.actor)
    others = _others(request, before, delegation)
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"message": others})
    if others:
        messages.info(request, others)
    else:
        messages.success(request, _("The order is saved."))
    stays = "up" in request.POST or "down" in request.POST
    return redirect(address("order" if stays else "workspace", delegation))


def _by_numbers(request: DelegationRequest, delegation: Delegation) -> list[str]:
    """From the page with a number for each row, and with a button that moves one row by one place."""
    people = seen(request, delegation, _coming(delegation))
    places = {r.reference: (_number(request.POST.get(f"n-{r.reference}"), n), n) for n, r in enumerate(people, 1)}
    wanted = sorted(places, key=lambda reference: _place(places[reference]))
    for button, step in (("up", -1), ("down", 1)):
        moved = request.POST.get(button, "")
        if moved in wanted:
            at = wanted.index(moved)
            wanted.insert(max(0, at + step), wanted.pop(at))
    return wanted


def _number(text: str | None, otherwise: int) -> int:
    text = (text or "").strip()
    return int(text) if text.isdecimal() and len(text) < 7 else otherwise


def _place(numbers: tuple[int, int]) -> tuple[int, int, int]:
    """Whoever was given a number that another one has comes before it when moving up, after it when moving down."""
    wanted, now = numbers
    return wanted, (wanted > now) - (wanted < now), now


@transaction.atomic
def put_in_order(delegation: Delegation, wanted: list[str], *, by: User) -> list[str]:
    """Number the rows as `wanted` says; rows that it does not name follow as they stood. The order before is returned.

    Two who order at once are taken one after the other: the last order holds.
    """
    mine = Registration.objects.filter(delegation=delegation)
    locked = list(mine.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
    people = [r for r in _coming(delegation) if r.pk in set(locked)]
    places = {reference: n for n, reference in enumerate(wanted)}
    ordered = sorted(people, key=lambda r: places.get(r.reference, len(places)))
    changed = []
    for number, registration in enumerate(ordered, 1):
        if registration.precedence != number:
            registration.precedence = number
            changed.append(registration)
    Registration.objects.bulk_update(changed, ["precedence"], batch_size=500)
    if ordered != people:
        detail = {"order": [r.reference for r in ordered]}
        action = DelegationEvent.Action.ORDERED
        DelegationEvent.objects.create(delegation=delegation, by=by, action=action, detail=detail)
    return [r.reference for r in people]


def _others(request: DelegationRequest, before: list[str], delegation: Delegation) -> str:
    """A sentence where somebody else has ordered the rows since this page was drawn."""
    seen = request.POST.get("seen", "").split()
    if not seen or [r for r in seen if r in before] == [r for r in before if r in seen]:
        return ""
    events = DelegationEvent.objects.filter(delegation=delegation, action=DelegationEvent.Action.ORDERED)
    last = events.exclude(by=request.actor).select_related("by").last()
    if last is None or last.by is None:
        return _("The order was changed meanwhile. Yours stands now.")
    values = {"who": last.by, "time": told_when(last.at, delegation)}
    return _("%(who)s changed the order at %(time)s. Yours stands now.") % values


FORMER = (RoleInDelegation.DEPUTY, RoleInDelegation.ALTERNATE, RoleInDelegation.ADVISER)


@require_http_methods(["GET", "HEAD", "POST"])
@delegation_view
def head(request: DelegationRequest, delegation: Delegation) -> HttpResponse:
    """Who heads the delegation, and what whoever headed it becomes: that is asked, never guessed."""
    people = [r for r in _coming(delegation) if not r.is_minor]
    heads = [r for r in people if r.role == RoleInDelegation.HEAD]
    if request.method == "POST":
        chosen = next((r for r in people if r.reference == request.POST.get("head")), None)
        former = request.POST.get("former", "")
        if chosen is None:
            messages.error(request, _("Choose who heads the delegation."))
        elif former not in FORMER and [r for r in heads if r.pk != chosen.pk]:
            messages.error(request, _("Choose what the head until now becomes."))
        else:
            _name_head(request, delegation, chosen, heads, former)
            return redirect(address("workspace", delegation))
    roles = [(role.value, role.label) for role in FORMER]
    context: dict[str, Any] = {"people": people, "heads": heads, "roles": roles, "posted": request.POST}
    return render(request, "roster/head.html", {**around(request, delegation), **context})


def _name_head(
    request: DelegationRequest, delegation: Delegation, chosen: Registration, heads: list[Registration], former: str
) -> None:
    waits = 0
    try:
        with transaction.atomic():
            for person in sorted([chosen, *heads], key=lambda r: r.pk):
                role = RoleInDelegation.HEAD if person.pk == chosen.pk else former
                edited = workflow.edit(person.pk, {"role": role}, by=request.actor, needs_word=not request.is_organiser)
                waits += bool(edited.proposed)
    except workflow.MoveNotAllowed as refused:
        messages.error(request, str(refused))
        return
    if waits:
        text = ngettext(
            "%(n)d change of role waits for the organisers: the row is approved already.",
            "%(n)d changes of role wait for the organisers: the rows are approved already.",
            waits,
        )
        messages.info(request, text % {"n": waits})
    else:
        messages.success(request, _("%(name)s heads the delegation.") % {"name": chosen.printed_name})
