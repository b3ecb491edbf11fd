"""What can be done with one row: each act says when it is possible, what it means, and which move it makes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods

from .. import drafts, workflow
from ..focal.access import DelegationRequest, delegation_view
from ..models import LIVE, Delegation, LetterName, Registration, RegistrationEvent, Status
from .finding import address, around, row_of

Words = str | Promise


@dataclass(frozen=True)
class Act:
    """One thing to do with a row. `does` gets the row and the request, and returns nothing."""

    code: str
    label: Words
    question: Words
    what_follows: Words
    done: Words
    possible: Callable[[Registration], bool]
    does: Callable[[Registration, DelegationRequest], Any]
    asks_reason: bool = False
    is_drastic: bool = False


def _withdraw(registration: Registration, request: DelegationRequest) -> None:
    workflow.withdraw(registration.pk, by=request.actor, reason=request.POST.get("reason", "")[:2000])


def _come_back(registration: Registration, request: DelegationRequest) -> None:
    workflow.come_back(registration.pk, by=request.actor, even_if_closed=request.is_organiser)


def _take_seat(registration: Registration, request: DelegationRequest) -> None:
    workflow.accept_offer(registration.pk, by=request.actor)


def _leave_seat(registration: Registration, request: DelegationRequest) -> None:
    workflow.decline_offer(registration.pk, by=request.actor)


def _endorse(registration: Registration, request: DelegationRequest) -> None:
    workflow.endorse(registration.pk, by=request.actor)


@transaction.atomic
def _delete(registration: Registration, request: DelegationRequest) -> None:
    """Only a draft, and only while no letter is paired with it: a pair is undone by whoever made it."""
    draft = Registration.objects.select_for_update().get(pk=registration.pk)
    if draft.status != Status.DRAFT:
        raise workflow.MoveNotAllowed(_("This row has been sent meanwhile. Withdraw it instead."))
    if LetterName.objects.filter(registration=draft).exists():
        raise workflow.MoveNotAllowed(
            _("%(name)s is paired with a name on the letter. Undo the pair first, then delete the row.")
            % {"name": draft.printed_name}
        )
    if RegistrationEvent.objects.filter(registration=draft, action=RegistrationEvent.Action.MOVED).exists():
        raise workflow.MoveNotAllowed(_("This row has a history and stays."))
    drafts.erase(Registration.objects.filter(pk=draft.pk))


def _has_offer(registration: Registration) -> bool:
    return bool(getattr(registration, "offer_until", None))


ACTS = {
    act.code: act
    for act in (
        Act(
            "endorse",
            gettext_lazy("Endorse"),
            gettext_lazy("Endorse %(name)s?"),
            gettext_lazy("You say that this person comes for your delegation. The organisers decide then."),
            gettext_lazy("%(name)s is endorsed."),
            lambda r: r.status in (Status.SUBMITTED, Status.WAITLISTED) and r.needs_endorsement and not r.is_minor,
            _endorse,
        ),
        Act(
            "take-seat",
            gettext_lazy("Take the seat"),
            gettext_lazy("Take the seat for %(name)s?"),
            gettext_lazy("The registration goes to the organisers, who decide."),
            gettext_lazy("The seat is taken for %(name)s."),
            _has_offer,
            _take_seat,
        ),
        Act(
            "leave-seat",
            gettext_lazy("Leave the seat to the next"),
            gettext_lazy("Leave the seat to the next in line?"),
            gettext_lazy("%(name)s waits on, at the end of the line."),
            gettext_lazy("The seat goes to the next in line. %(name)s waits on."),
            _has_offer,
            _leave_seat,
            is_drastic=True,
        ),
        Act(
            "come-back",
            gettext_lazy("Bring back"),
            gettext_lazy("Bring %(name)s back?"),
            gettext_lazy(
                "The registration goes to the organisers again, or to the waiting list where no seat is free."
            ),
            gettext_lazy("%(name)s is on the roster again."),
            lambda r: r.status in (Status.REJECTED, Status.WITHDRAWN) and not r.is_minor,
            _come_back,
        ),
        Act(
            "withdraw",
            pgettext_lazy("somebody who does not come", "Withdraw"),
            gettext_lazy("Withdraw %(name)s?"),
            gettext_lazy("The seat becomes free and is offered to the first in line. The person can be brought back."),
            gettext_lazy("%(name)s is withdrawn."),
            # Somebody under 18 leaves from their own file, where nobody is asked why.
            lambda r: r.status in LIVE and not r.is_minor,
            _withdraw,
            asks_reason=True,
            is_drastic=True,
        ),
        Act(
            "delete",
            gettext_lazy("Delete this draft"),
            gettext_lazy("Delete the draft of %(name)s?"),
            gettext_lazy("It has not been sent to anybody. What was typed in it is gone then."),
            gettext_lazy("The draft of %(name)s is deleted."),
            lambda r: r.status == Status.DRAFT,
            _delete,
            is_drastic=True,
        ),
    )
}


def possible(registration: Registration, delegation: Delegation) -> list[Act]:
    return [act for act in ACTS.values() if act.possible(registration)]


@require_http_methods(["GET", "HEAD", "POST"])
@delegation_view
def act(request: DelegationRequest, delegation: Delegation, reference: str, code: str) -> HttpResponse:
    """Asks, and does it. An act that is not possible any more leads back with the reason."""
    if code not in ACTS:
        raise Http404
    registration, asked = row_of(request, delegation, reference), ACTS[code]
    name = {"name": registration.printed_name or _("no name yet")}
    if not asked.possible(registration):
        messages.info(
            request,
            _("%(name)s is %(status)s meanwhile, so this cannot be done.")
            % {**name, "status": registration.get_status_display().lower()},
        )
        return redirect(address("workspace", delegation))
    if request.method == "POST":
        return _do(request, delegation, registration, asked)
    context = {
        **around(request, delegation),
        "registration": registration,
        "act": asked,
        "question": str(asked.question) % name,
        "what_follows": str(asked.what_follows) % name,
    }
    return render(request, "roster/act.html", context)


def _do(request: DelegationRequest, delegation: Delegation, registration: Registration, asked: Act) -> HttpResponse:
    name = {"name": registration.printed_name or _("no name yet")}
    try:
        asked.does(registration, request)
    except workflow.MoveNotAllowed as refused:
        messages.error(request, str(refused))
        if asked.code != "delete":
            return redirect(address("row", delegation, reference=registration.reference))
    else:
        messages.success(request, str(asked.done) % name)
    return redirect(address("workspace", delegation))
