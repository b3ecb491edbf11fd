"""Signing in: the password, then the second factor. Until both are given nobody is signed in."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from ..models import AuditEntry, User
from . import factors, known, passkeys, sessions, throttle
from .forms import CodeForm, SignInForm
from .throttle import MustWait, Step

PENDING = "staff_pending"
SECONDS = 10 * 60  # between the password and the second factor
TRIES = 5


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for address and password. What is wrong with them is told in the same words whatever it is."""
    wanted = safe_next(request, request.POST.get("next") or request.GET.get("next") or "")
    if request.method != "POST" and request.user.is_authenticated and request.user.is_staff:
        return redirect(wanted or start())
    form = SignInForm(request.POST or None, initial={"next": wanted})
    if request.method != "POST" or not form.is_valid():
        return _ask_for_password(request, form)
    try:
        user = check_password(request, form.cleaned_data["username"], form.cleaned_data["password"])
    except MustWait as wait:
        form.add_error(None, told(wait))
        return _ask_for_password(request, form, status=429)
    if user is None:
        form.add_error(None, _("Email or password is not right. Look at both and try again."))
        return _ask_for_password(request, form)
    return _password_given(request, user, wanted)


def _ask_for_password(request: HttpRequest, form: SignInForm, status: int = 200) -> HttpResponse:
    return render(request, "account/sign_in.html", {"form": form}, status=status)


def check_password(request: HttpRequest, email: str, password: str) -> User | None:
    """The member of staff with this address and password; MustWait instead of a look at them after many failures."""
    owner = User.objects.filter(email__iexact=email.strip(), is_staff=True, is_active=True).first()
    # Counted under the address as it stands: the database takes "ı" for "i", so typed ones would be many counts of one.
    who = owner.email if owner else email
    attempt = throttle.begin(request, Step.PASSWORD, who, known.number(request, owner))
    user = authenticate(request, username=email.strip(), password=password)
    if isinstance(user, User) and user.is_staff:
        throttle.passed(attempt)
        return user
    if owner:
        _note_failure(owner, "password")
    return None


def _password_given(request: HttpRequest, user: User, wanted: str) -> HttpResponse:
    has_factor = factors.has_any(user)
    if not has_factor and not settings.SECOND_FACTOR_REQUIRED:
        return complete(request, user, "password", wanted)
    request.session.cycle_key()
    request.session[PENDING] = {
        "user": user.pk,
        "state": user.get_session_auth_hash(),
        "at": time.time(),
        "next": wanted,
        "tries": 0,
    }
    return redirect("admin:account:second" if has_factor else "admin:account:set_up")


def pending_user(request: HttpRequest) -> User | None:
    """Whoever gave the password in this browser a few minutes ago, and nothing more yet."""
    kept = request.session.get(PENDING)
    if not kept or kept["at"] < time.time() - SECONDS:
        return None
    user = User.objects.filter(pk=kept["user"], is_active=True, is_staff=True).first()
    return user if user and constant_time_compare(kept["state"], user.get_session_auth_hash()) else None


def complete(request: HttpRequest, user: User, proof: str, wanted: str = "") -> HttpResponse:
    """Everything is given: sign in, remember the browser, and go where they wanted to."""
    response = redirect(enter(request, user, proof) or wanted or start())
    known.remember(request, response, user)
    return response


def enter(request: HttpRequest, user: User, proof: str) -> str:
    """Sign in and write it down; where they wanted to go when they gave the password."""
    kept = request.session.pop(PENDING, None) or {}
    sessions.begin(request, user, with_factor=proof != "password")
    new = not known.number(request, user)
    detail = {"with": proof, "browser": "new" if new else "known"}
    AuditEntry.objects.create(action=AuditEntry.Action.SIGNED_IN, by=user, about=user.email[:200], detail=detail)
    wanted: str = kept.get("next", "")
    return wanted


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def second(request: HttpRequest) -> HttpResponse:
    """Ask for the second factor of whoever has just given the password."""
    user = pending_user(request)
    if user is None:
        return _start_again(request)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _ask_for_factor(request, user, form)
    try:
        proof = _check_factor(request, user, form)
    except MustWait as wait:
        form.add_error(None, told(wait))
        return _ask_for_factor(request, user, form, status=429)
    if proof:
        return complete(request, user, proof)
    return _wrong_factor(request, user, form)


def _check_factor(request: HttpRequest, user: User, form: CodeForm) -> str:
    """Which factor was proved, or nothing."""
    answer = request.POST.get("credential", "")
    if not answer and not form.is_valid():
        return ""
    attempt = throttle.begin(request, Step.FACTOR, f"user {user.pk}", known.number(request, user))
    proof = _passkey(request, user, answer) if answer else factors.proves(user, form.cleaned_data["code"])
    if proof:
        throttle.passed(attempt)
    else:
        _note_failure(user, "factor")
    return proof


def _passkey(request: HttpRequest, user: User | None, answer: str) -> str:
    try:
        passkeys.check(request, user, answer)
    except passkeys.Refused:
        return ""
    return "passkey"


def _wrong_factor(request: HttpRequest, user: User, form: CodeForm) -> HttpResponse:
    if request.POST.get("credential"):
        form = CodeForm()
        messages.error(request, _("This passkey did not answer as it should. Try again, or use a code."))
    elif form.is_valid():
        form.add_error("code", _("This code is not right, or was used before. Wait for the next one and write that."))
    else:
        return _ask_for_factor(request, user, form)
    kept = request.session[PENDING]
    request.session[PENDING] = kept | {"tries": kept["tries"] + 1}
    if kept["tries"] + 1 >= TRIES:
        return _start_again(request)
    return _ask_for_factor(request, user, form)


def _ask_for_factor(request: HttpRequest, user: User, form: CodeForm, status: int = 200) -> HttpResponse:
    has_app, has_keys = factors.app_of(user) is not None, user.passkeys.exists()
    form.fields["code"].help_text = (
        _("The six digits that your authenticator app shows, or one of your recovery codes.")
        if has_app
        else _("One of your recovery codes.")
    )
    asked: dict[str, Any] = passkeys.ask(request, user) if has_keys else {}
    context = {"form": form, "person": user, "has_app": has_app, "has_keys": has_keys, "asked": asked}
    return render(request, "account/second.html", context, status=status)


def _start_again(request: HttpRequest) -> HttpResponse:
    kept = request.session.pop(PENDING, None) or {}
    messages.error(request, _("Please sign in again: that took too long, or the code was wrong too often."))
    wanted = urlencode({"next": kept["next"]}) if kept.get("next") else ""
    return redirect(f"{reverse('admin:login')}?{wanted}" if wanted else "admin:login")


@never_cache
@require_POST
def passkey_sign_in(request: HttpRequest) -> HttpResponse:
    """With a passkey alone, which stands for both: what to ask the browser, then what it answers."""
    answer = request.POST.get("credential", "")
    if not answer:
        return JsonResponse(passkeys.ask(request, None))
    try:
        user = passkeys.check(request, None, answer).user
    except passkeys.Refused:
        user = None
    if user is None or not (user.is_active and user.is_staff):
        messages.error(request, _("We do not know this passkey. Sign in with your password."))
        return redirect("admin:login")
    return complete(request, user, "passkey", safe_next(request, request.POST.get("next", "")))


def _note_failure(owner: User, step: str) -> None:
    """`by` is whose account it was. What was typed is kept nowhere."""
    AuditEntry.objects.create(
        action=AuditEntry.Action.SIGN_IN_FAILED, by=owner, about=owner.email[:200], detail={"step": step}
    )


def told(wait: MustWait) -> str:
    return ngettext(
        "Too many attempts failed. Wait %(n)d minute, then try again; or have a link mailed to you with “Password"
        " forgotten?”.",
        "Too many attempts failed. Wait %(n)d minutes, then try again; or have a link mailed to you with “Password"
        " forgotten?”.",
        wait.minutes,
    ) % {"n": wait.minutes}


def start() -> str:
    return reverse("admin:desk:start")


def safe_next(request: HttpRequest, address: str) -> str:
    """`address` where it is a page of ours, but never the bare setup: who has nowhere to go comes to the desk."""
    ours = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if ours and address not in (reverse("admin:index"), reverse("admin:login")) else ""
