"""The delegate's own page, and what can be changed from it."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from .. import field_words, status_page, workflow
from ..campaigns import choice
from ..issuing import taking
from ..letters import store
from ..models import Registration, Status
from ..workflow import Conflict, Edited, MoveNotAllowed
from . import changing as service
from . import codes
from . import messages as sent
from .access import changing, context_of, opened
from .forms import ChangeForm, CodeForm, WithdrawForm
from .sharing import SharingForm
from .standing import Standing
from .wrong_address import unreachable

# Where a code may lead, by the name of the view.
STEPS = ("change", "withdraw", "seat", "proposal")


@never_cache
@require_safe
def page(request: HttpRequest, key: str) -> HttpResponse:
    """Status, who must act next, since when, and what can be done. The link is the key."""
    registration = opened(request, key)
    if registration.status == Status.DRAFT:
        return redirect("registration:check", registration.meeting.slug, key)
    standing = Standing.of(registration)
    asked = field_words.differences(standing.proposal.changes, registration.meeting) if standing.proposal else []
    context = context_of(
        registration,
        key,
        standing=standing,
        banner=status_page.banner(registration, standing.offer, standing.proposal),
        asked_for=asked,
        returned=field_words.labels(registration.returned_fields, registration.meeting),
        letters=registration.letters.all(),
        events=status_page.history(registration),
        mails=sent.listed(registration, sent.LATEST + 1),
        latest=sent.LATEST,
        papers=taking.offered(registration.meeting, [registration]).get(registration.pk, []),
        unreachable=unreachable(registration),
        sharing=None if registration.is_minor else SharingForm(None, registration),
        wants_information=choice.wants(registration.meeting, registration.email),
    )
    return render(request, "registration/page.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest, key: str) -> HttpResponse:
    """Ask for a code and write it, on the way to a change."""
    registration = opened(request, key)
    then = request.GET.get("then", "")
    if then not in STEPS or registration.status == Status.DRAFT:
        return redirect("private:page", key)
    if Standing.of(registration).by_focal_point_only:
        return redirect("private:page", key)
    if unreachable(registration):
        messages.info(request, _("A code would not reach you at this address. Tell us the right one first."))
        return redirect("private:address", key)
    if request.method == "POST" and "digits" not in request.POST:
        return _ask(request, registration)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if refusal := codes.enter(request, registration, form.cleaned_data["digits"]):
            form.add_error("digits", refusal)
        else:
            return redirect(f"private:{then}", key)
    has_asked = codes.has_asked(request, registration)
    context = context_of(registration, key, form=form, has_asked=has_asked)
    return render(request, "registration/own_code.html", context, status=422 if form.errors else 200)


def _ask(request: HttpRequest, registration: Registration) -> HttpResponse:
    if refusal := codes.ask(request, registration):
        messages.warning(request, refusal)
    return redirect(request.get_full_path())


@never_cache
@require_http_methods(["GET", "POST"])
@changing(lambda standing: standing.why_not_change)
def change(request: HttpRequest, key: str, registration: Registration, standing: Standing) -> HttpResponse:
    """The form once more. Corrects, asks for what the organisers must decide, sends again, or comes back."""
    form = ChangeForm(request.POST or None, request.FILES or None, registration=registration)
    conflict: list[field_words.Difference] = []
    if request.method == "POST":
        if form.is_valid() and (done := _carry_out(form, conflict)):
            messages.success(request, _told(form, done))
            return redirect("private:page", key)
        _keep_for_the_next_time(form)
    context = context_of(registration, key, form=form, standing=standing, conflict=conflict)
    context["kept_letter"] = form.kept_letter
    context["returned"] = field_words.labels(registration.returned_fields, registration.meeting)
    return render(request, "registration/own_change.html", context, status=422 if form.errors else 200)


def _carry_out(form: ChangeForm, conflict: list[field_words.Difference]) -> Edited | None:
    """None where it was refused: the form says why, and what others wrote meanwhile joins `conflict`."""
    try:
        return service.carry_out(form)
    except MoveNotAllowed as refusal:
        if isinstance(refusal, Conflict):
            conflict += _both(form, refusal)
        form.add_error(None, str(refusal))
        form.look_again()
        return None


def _both(form: ChangeForm, refusal: Conflict) -> list[field_words.Difference]:
    """What stands there by now, beside what was typed."""
    typed = {name: workflow.plain(value) for name, value in form.values().items()}
    changes = {name: [now, typed[name]] for name, now in refusal.theirs.items()}
    return field_words.differences(changes, form.registration.meeting)


def _keep_for_the_next_time(form: ChangeForm) -> None:
    """A good letter need not be chosen again; a page that forgot what it showed shows it now."""
    if form.accepted_letter:
        form.kept_letter = store.keep(form.accepted_letter, form.registration.meeting)
        form.put("letter_receipt", store.receipt(form.kept_letter))
    if "seen" in form.errors:
        form.look_again()


def _told(form: ChangeForm, done: Edited) -> str:
    if form.cleaned_data["status"] == Status.RETURNED:
        return _("Sent again. The organisers look at it.")
    if done.registration.status != form.cleaned_data["status"]:
        return _("You are back. The organisers look at it.")
    if done.proposed and done.applied:
        return _("Part of it is changed. The rest waits for the organisers’ word.")
    if done.proposed:
        return _("The organisers are asked. Until they have decided, everything stays as it was.")
    return _("Saved.") if done.applied or form.brings_a_letter or form.answers else _("Nothing was different.")


@never_cache
@require_http_methods(["GET", "POST"])
@changing(lambda standing: standing.why_not_withdraw)
def withdraw(request: HttpRequest, key: str, registration: Registration, standing: Standing) -> HttpResponse:
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return _do(
            request,
            key,
            lambda: workflow.withdraw(registration.pk, reason=form.cleaned_data["reason"]),
            _("You have withdrawn. If you had a seat, it goes to the next in line."),
        )
    return render(request, "registration/own_withdraw.html", context_of(registration, key, form=form))


@never_cache
@require_http_methods(["GET", "POST"])
@changing(lambda standing: standing.why_not_seat)
def seat(request: HttpRequest, key: str, registration: Registration, standing: Standing) -> HttpResponse:
    """Take the seat that is kept, or leave it to the next."""
    answer = request.POST.get("answer", "")
    if answer == "take":
        return _do(
            request,
            key,
            lambda: workflow.accept_offer(registration.pk),
            _("The seat is yours. The organisers look at your registration now."),
        )
    if answer == "leave":
        return _do(
            request,
            key,
            lambda: workflow.decline_offer(registration.pk),
            _("The seat goes to the next in line. You wait on at the end."),
        )
    return render(request, "registration/own_seat.html", context_of(registration, key, standing=standing))


@never_cache
@require_http_methods(["GET", "POST"])
@changing(lambda standing: standing.why_not_take_back)
def proposal(request: HttpRequest, key: str, registration: Registration, standing: Standing) -> HttpResponse:
    """Take back what waits for the organisers' word."""
    waiting = standing.proposal
    if request.method == "POST" and waiting:
        return _do(
            request,
            key,
            lambda: workflow.withdraw_proposal(waiting.pk, by=None),
            _("Taken back. Everything stays as it was."),
        )
    asked_for = field_words.differences(waiting.changes, registration.meeting) if waiting else []
    return render(request, "registration/own_proposal.html", context_of(registration, key, asked_for=asked_for))


def _do(request: HttpRequest, key: str, move: Callable[[], object], done: str) -> HttpResponse:
    """Make a move and go back to the page, which tells what became of it."""
    try:
        move()
    except MoveNotAllowed as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect("private:page", key)
