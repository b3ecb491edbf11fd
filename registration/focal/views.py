"""Signing in by a mailed link, and the delegations one looks after."""

from __future__ import annotations

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from . import access, signing_in
from .access import focal_only
from .forms import SignInForm
from .mine import looked_after

# Where the reader wanted to go, kept in the browser that asked while the link travels by mail.
NEXT_COOKIE = "after_sign_in"
NEXT_SECONDS = 20 * 60


@never_cache
@require_safe
@focal_only
def mine(request: access.FocalRequest) -> HttpResponse:
    """Every delegation that the reader looks after, at every meeting."""
    return render(request, "focal/mine.html", {"meetings": looked_after(request.actor), "section": "mine"})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for an address and mail a link to it. The answer is the same page for every address."""
    wanted = safe_next(request, request.POST.get("next") or request.GET.get("next") or "")
    if request.method != "POST" and access.focal_user(request):
        return redirect(wanted or "focal:mine")
    form = SignInForm(request.POST or None, initial={"next": wanted})
    if request.method != "POST" or not form.is_valid():
        return render(request, "focal/sign_in.html", {"form": form})
    signing_in.send_link(form.cleaned_data["email"], translation.get_language() or "en")
    response = render(request, "focal/link_sent.html", {"email": form.cleaned_data["email"]})
    remember_next(response, wanted, secure=request.is_secure())
    return response


def safe_next(request: HttpRequest, address: str) -> str:
    """`address` where it is a page of ours, else nothing."""
    ours = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if ours else ""


def remember_next(response: HttpResponse, address: str, *, secure: bool) -> None:
    kept = signing.dumps(address, salt=NEXT_COOKIE)
    options = {"secure": secure, "httponly": True, "samesite": "Lax", "path": reverse("focal:mine")}
    response.set_cookie(NEXT_COOKIE, kept, max_age=NEXT_SECONDS, **options)  # type: ignore[arg-type]


def remembered_next(request: HttpRequest) -> str:
    try:
        kept = signing.loads(request.COOKIES.get(NEXT_COOKIE, ""), salt=NEXT_COOKIE, max_age=NEXT_SECONDS)
    except signing.BadSignature:
        return ""
    return safe_next(request, kept)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest, key: str) -> HttpResponse:
    """Where the mailed link leads. Programs that check mail follow links, so opening it uses nothing up."""
    user = signing_in.use_up(key) if request.method == "POST" else signing_in.opened_by(key)
    if user is None:
        return render(request, "focal/link_expired.html", status=410)
    if request.method != "POST":
        return render(request, "focal/enter.html", {"person": user})
    access.sign_in(request, user)
    response = redirect(remembered_next(request) or "focal:mine")
    response.delete_cookie(NEXT_COOKIE, path=reverse("focal:mine"))
    return response


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    access.sign_out(request)
    messages.success(request, _("You have signed out."))
    return redirect("focal:sign_in")
