"""What staff see and change of how they sign in: app, passkeys, recovery codes, sessions, password."""

from __future__ import annotations

import time
from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ..models import StaffSession
from ..sealed import seal, unseal
from . import factors, known, passkeys, sessions, throttle, totp
from .forms import AppCodeForm, ChangePasswordForm, ConfirmForm, PasskeyForm, PasskeyNameForm
from .gate import OwnRequest, confirmed, on_the_way, signed_in
from .signing_in import enter, safe_next, start, told
from .throttle import MustWait, Step

NEW_APP = "new_app"


@require_safe
@signed_in
def overview(request: OwnRequest) -> HttpResponse:
    person = request.person
    context = {
        "app": factors.app_of(person),
        "keys": person.passkeys.order_by("created_at"),
        "codes_left": factors.codes_left(person),
        "sessions": sessions.of(person),
        "current": sessions.current(request),
        "must_have": settings.SECOND_FACTOR_REQUIRED,
    }
    return render(request, "account/overview.html", context)


@require_safe
@on_the_way
def set_up(request: OwnRequest) -> HttpResponse:
    """The choice between an app and a passkey."""
    return render(request, "account/set_up.html", {"is_new": not request.user.is_authenticated})


@require_http_methods(["GET", "HEAD", "POST"])
@on_the_way
def app(request: OwnRequest) -> HttpResponseBase:
    """A new app: its secret waits in the session until the app has shown that it knows it."""
    form = AppCodeForm(request.POST if request.method == "POST" else None)
    secret, shown_before = _new_secret(request)
    if request.method == "POST" and shown_before and form.is_valid():
        if factors.add_app(request.person, secret, form.cleaned_data["code"]):
            del request.session[NEW_APP]
            return _added(request, "app")
        form.add_error(
            "code", _("This is not what the app should show now. Look at it again, and at your phone’s clock.")
        )
    qr = totp.qr_code(totp.address(secret, request.person.email, "Placard"))
    return render(request, "account/app.html", {"form": form, "qr": qr, "secret": totp.in_groups(secret)})


def _new_secret(request: OwnRequest) -> tuple[str, bool]:
    """The secret for this person's new app, and whether they have seen it: nobody gets what was shown to another."""
    kept = request.session.get(NEW_APP) or {}
    if kept.get("person") == request.person.pk:
        return unseal(kept["secret"]), True
    secret = totp.new_secret()
    request.session[NEW_APP] = {"person": request.person.pk, "secret": seal(secret)}
    return secret, False


@require_http_methods(["GET", "HEAD", "POST"])
@on_the_way
def passkey(request: OwnRequest) -> HttpResponseBase:
    form = PasskeyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            passkeys.add(request, request.person, given["credential"], given["name"])
        except passkeys.Refused:
            form.add_error(None, _("The browser made no passkey, or one that is here already. Try again."))
        else:
            factors.note(request.person, "passkey_added")
            return _added(request, "passkey")
    return render(
        request, "account/passkey.html", {"form": form, "asked": passkeys.ask_for_new(request, request.person)}
    )


def _added(request: OwnRequest, proof: str) -> HttpResponseBase:
    """A factor is there. Whoever was on the way is signed in; with the first one come recovery codes."""
    person, was_signed_in = request.person, request.user.is_authenticated
    wanted = "" if was_signed_in else enter(request, person, proof)
    sessions.given_factor(request)
    sessions.end_others(request, person)
    if factors.codes_left(person):
        messages.success(request, _("It is there. Other browsers were signed out."))
        return redirect("admin:account:overview")
    response = _show_codes(request, wanted)
    known.remember(request, response, person)
    return response


@require_POST
@confirmed
def codes(request: OwnRequest) -> HttpResponse:
    """Ten new recovery codes; the ones before are worthless."""
    if not factors.has_any(request.person):
        messages.info(request, _("Recovery codes stand in for an app or a passkey. Set one of those up first."))
        return redirect("admin:account:overview")
    return _show_codes(request, "")


def _show_codes(request: OwnRequest, wanted: str) -> HttpResponse:
    context = {"codes": factors.new_codes(request.person), "onwards": wanted or start()}
    return render(request, "account/codes.html", context)


@require_POST
@confirmed
def remove_app(request: OwnRequest) -> HttpResponseBase:
    if _is_the_last(request, besides=request.person.passkeys.count()):
        return redirect("admin:account:overview")
    factors.remove_app(request.person, by=request.person)
    return _removed(request)


@require_POST
@confirmed
def remove_passkey(request: OwnRequest, pk: int) -> HttpResponseBase:
    others = request.person.passkeys.exclude(pk=pk).count() + (factors.app_of(request.person) is not None)
    if _is_the_last(request, besides=others):
        return redirect("admin:account:overview")
    factors.remove_passkey(request.person, pk)
    return _removed(request)


@require_POST
@signed_in
def rename_passkey(request: OwnRequest, pk: int) -> HttpResponseBase:
    """Another name opens nothing, so no password is asked for. Of somebody else's key nothing happens."""
    form = PasskeyNameForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Give the passkey a name of up to 60 characters."))
    elif factors.rename_passkey(request.person, pk, form.cleaned_data["name"]):
        messages.success(request, _("It is called “%(name)s” now.") % {"name": form.cleaned_data["name"]})
    return redirect("admin:account:overview")


def _is_the_last(request: HttpRequest, *, besides: int) -> bool:
    if besides or not settings.SECOND_FACTOR_REQUIRED:
        return False
    messages.error(request, _("This is your only second factor. Add another one first, then remove this."))
    return True


def _removed(request: OwnRequest) -> HttpResponseBase:
    sessions.end_others(request, request.person)
    messages.success(request, _("Removed. Other browsers were signed out."))
    return redirect("admin:account:overview")


@require_POST
@signed_in
def end_session(request: OwnRequest, pk: int) -> HttpResponseBase:
    """One of one's own browsers; somebody else's is not found and nothing happens."""
    if sessions.end(StaffSession.objects.filter(user=request.person, pk=pk).exclude(pk=sessions.current(request))):
        factors.note(request.person, "session_ended")
        messages.success(request, _("Signed out there."))
    return redirect("admin:account:overview")


@require_POST
@signed_in
def end_others(request: OwnRequest) -> HttpResponseBase:
    ended = sessions.end_others(request, request.person)
    if ended:
        factors.note(request.person, "session_ended")
    said = ngettext("Signed out of %d other browser.", "Signed out of %d other browsers.", ended) % ended
    messages.success(request, said)
    return redirect("admin:account:overview")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def stay(request: OwnRequest) -> HttpResponseBase:
    """Go on working (POST), or only ask: when the session ends, whose it is, and what protects forms now.

    Signing in again gives forms another protection; a page that was left open asks for it and can be sent after all.
    """
    ends = request.session.get(sessions.ENDS)
    if request.method == "POST" and sessions.current(request):
        ends = sessions.extend(request)
    told_now = {"ends": ends, "now": int(time.time()), "who": request.person.pk, "token": get_token(request)}
    return JsonResponse(told_now)


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def confirm(request: OwnRequest) -> HttpResponseBase:
    """The password once more, before something changes that an account can be taken over with."""
    wanted = safe_next(request, request.POST.get("next") or request.GET.get("next") or "")
    form = ConfirmForm(request.POST or None, initial={"next": wanted})
    if request.method == "POST" and form.is_valid() and _is_own_password(request, form, "password"):
        sessions.confirm(request)
        return redirect(wanted or "admin:account:overview")
    return render(request, "account/confirm.html", {"form": form})


@sensitive_post_parameters("old", "password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def password(request: OwnRequest) -> HttpResponseBase:
    form = ChangePasswordForm(request.person, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _is_own_password(request, form, "old"):
        change_password(request, form.cleaned_data["password"])
        messages.success(request, _("The new password is set. Other browsers were signed out."))
        return redirect("admin:account:overview")
    return render(request, "account/password.html", {"form": form})


def change_password(request: OwnRequest, new: str) -> None:
    person = request.person
    person.set_password(new)
    person.save(update_fields=["password"])
    update_session_auth_hash(request, person)
    sessions.end_others(request, person)
    factors.note(person, "password_changed")


def _is_own_password(request: OwnRequest, form: ConfirmForm | ChangePasswordForm, field: str) -> bool:
    """Throttled like a sign-in: a browser left open must not be a place to guess in."""
    try:
        attempt = throttle.begin(request, Step.PASSWORD, request.person.email, known.number(request, request.person))
    except MustWait as wait:
        form.add_error(field, told(wait))
        return False
    if not request.person.check_password(cast(str, form.cleaned_data[field])):
        form.add_error(field, _("This is not your password."))
        return False
    throttle.passed(attempt)
    return True
