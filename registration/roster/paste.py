"""The page for pasting rows, and the way back from a paste."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from meeting import dates

from ..focal.access import DelegationRequest, delegation_view
from ..imports import headings
from ..models import Delegation, Registration, Status
from ..workflow import MoveNotAllowed
from . import adding, pasting, sealing
from .finding import address, around

PASTED = "roster_pasted"  # in the session: of each delegation the rows of the last paste
MAY_BE_UNDONE_FOR = datetime.timedelta(hours=1)
NAMES_TOLD = 5


@require_http_methods(["GET", "HEAD", "POST"])
@delegation_view
def paste(request: DelegationRequest, delegation: Delegation) -> HttpResponse:
    if delegation.category.for_children:
        return redirect(address("children", delegation))
    context: dict[str, Any] = {
        **around(request, delegation),
        "most": pasting.MOST_ROWS,
        "upload": address("import", delegation),
    }
    if request.method == "POST":
        text = request.POST.get("rows", "")
        try:
            pasted = pasting.read(text, delegation, _matcher(delegation))
        except pasting.CannotPaste as refused:
            return render(request, "roster/paste.html", {**context, "rows": text, "refused": str(refused)}, status=422)
        try:
            _take(request, delegation, pasted)
        except MoveNotAllowed as refused:
            return render(request, "roster/paste.html", {**context, "rows": text, "refused": str(refused)}, status=422)
        return redirect(address("workspace", delegation))
    return render(request, "roster/paste.html", context)


def _matcher(delegation: Delegation) -> Callable[[list[str]], list[str]]:
    """The same headings that are understood in a file."""
    return lambda found: headings.match(found, delegation.meeting)


@transaction.atomic
def _take(request: DelegationRequest, delegation: Delegation, pasted: pasting.Pasted) -> None:
    of_age = sealing.seal_children(pasted.new, by=request.actor)
    sealing.tell_sealed(request, len(pasted.new) - len(of_age))
    stored = adding.add(delegation, of_age)
    remember(request, delegation, [registration.pk for registration in stored])
    if pasted.known:
        messages.info(request, _told_known(pasted.known))
    if pasted.left_out:
        messages.info(
            request,
            _("Not taken: %(columns)s. Nobody could tell what is in it.") % {"columns": dates.joined(pasted.left_out)},
        )


def _told_known(names: list[str]) -> str:
    n, shown = len(names), names[:NAMES_TOLD]
    text = ngettext(
        "%(n)d row is here already and was not added again: %(names)s.",
        "%(n)d rows are here already and were not added again: %(names)s.",
        n,
    )
    return text % {"n": n, "names": ", ".join(shown) + (" …" if n > NAMES_TOLD else "")}


def remember(request: HttpRequest, delegation: Delegation, pks: list[int]) -> None:
    kept = request.session.get(PASTED, {})
    kept[delegation.reference] = {"rows": pks, "at": timezone.now().isoformat()}
    request.session[PASTED] = kept


def to_undo(request: HttpRequest, delegation: Delegation, roster: Iterable[Registration]) -> int:
    """How many rows of the last paste are on this roster as drafts, and could still be taken out."""
    drafts = {registration.pk for registration in roster if registration.status == Status.DRAFT}
    return len(drafts.intersection(_remembered(request, delegation)))


def _remembered(request: HttpRequest, delegation: Delegation) -> list[int]:
    kept = request.session.get(PASTED, {}).get(delegation.reference)
    if not kept or datetime.datetime.fromisoformat(kept["at"]) < timezone.now() - MAY_BE_UNDONE_FOR:
        return []
    return kept["rows"]


@require_POST
@delegation_view
def undo(request: DelegationRequest, delegation: Delegation) -> HttpResponse:
    """Take out the rows of the last paste that nobody has touched since."""
    pks = _remembered(request, delegation)
    gone = take_out(delegation, pks)
    remember(request, delegation, [])
    messages.success(request, ngettext("%(n)d row was taken out.", "%(n)d rows were taken out.", gone) % {"n": gone})
    if gone < len(pks):
        left = len(pks) - gone
        text = ngettext(
            "%(n)d row was changed or sent meanwhile, and stays.",
            "%(n)d rows were changed or sent meanwhile, and stay.",
            left,
        )
        messages.info(request, text % {"n": left})
    return redirect(address("workspace", delegation))


@transaction.atomic
def take_out(delegation: Delegation, pks: list[int]) -> int:
    untouched = Registration.objects.filter(delegation=delegation, pk__in=pks, status=Status.DRAFT)
    untouched = untouched.filter(events=None, letter_names=None)
    locked = list(untouched.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
    Registration.objects.filter(pk__in=locked).delete()
    return len(locked)
