"""“This address is wrong”: the delegate gives another one, or whoever reads there by mistake says so.

Nothing happens before a button is pressed on the second page: programs that open links press none.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.validators import EmailValidator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from .. import workflow
from ..bounces import addresses
from ..models import LIVE, AccessKey, Registration, Status, UnreachableAddress
from ..workflow import MoveNotAllowed
from .access import context_of, opened
from .standing import Standing

ME, NOT_ME = "me", "not_me"


class AddressForm(forms.Form):
    email = forms.CharField(
        label=gettext_lazy("Your address"),
        max_length=254,
        help_text=gettext_lazy("The organisers look at it, then our messages go there."),
        error_messages={"required": gettext_lazy("Write the address that we should use")},
        validators=[
            EmailValidator(
                gettext_lazy("Write the whole address, with the part after the dot, like name@ministry.gov.fj")
            )
        ],
        widget=forms.EmailInput(
            attrs={"autocomplete": "email", "inputmode": "email", "class": "input--m", "dir": "ltr"}
        ),
    )


def unreachable(registration: Registration) -> UnreachableAddress | None:
    """What is known against the address that we write to; None where messages do not go to the person."""
    if not registration.email or registration.on_behalf:
        return None
    return UnreachableAddress.objects.filter(email=registration.email.lower()).first()


@never_cache
@require_http_methods(["GET", "POST"])
def address(request: HttpRequest, key: str) -> HttpResponse:
    """First who it is that says so; then what is to be done."""
    registration = opened(request, key)
    if registration.status == Status.DRAFT:
        return redirect("registration:check", registration.meeting.slug, key)
    if Standing.of(registration).by_focal_point_only:
        messages.info(request, _("Our messages go to the focal point of your delegation. Ask them."))
        return redirect("private:page", key)
    answer, read_at = request.POST.get("answer", ""), _read_at(key)
    if answer == ME or not read_at:
        return _me(request, key, registration)
    if answer == NOT_ME:
        return _not_me(request, key, registration, read_at)
    asked = request.method == "POST"
    more = {"address": read_at, "nothing_chosen": asked}
    return _show(request, key, registration, "own_address", status=422 if asked else 200, **more)


def _show(
    request: HttpRequest, key: str, registration: Registration, page: str, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = context_of(registration, key, **more)
    return render(request, f"registration/{page}.html", context, status=status)


def _read_at(key: str) -> str:
    """Where this very link went, so that whoever opens it reads there.

    Empty for one that was handed over on a screen: who registers with somebody else's address holds such a link, and
    could keep all our messages from them.
    """
    found = AccessKey.objects.find(key)
    return found.mailed_to if found else ""


def _me(request: HttpRequest, key: str, registration: Registration) -> HttpResponse:
    """With a code, where it can be read; else the organisers are asked."""
    form = AddressForm(request.POST if "email" in request.POST else None)
    if form.is_bound and form.is_valid():
        try:
            workflow.ask_for_address(registration.pk, form.cleaned_data["email"])
        except MoveNotAllowed as refusal:
            form.add_error("email", str(refusal))
        else:
            messages.success(
                request, _("The organisers are asked. Until then your page stays as it is: keep its link.")
            )
            return redirect("private:page", key)
    known = {"unreachable": unreachable(registration), "is_live": registration.status in LIVE, "form": form}
    return _show(request, key, registration, "own_address_me", status=422 if form.errors else 200, **known)


def _not_me(request: HttpRequest, key: str, registration: Registration, wrong: str) -> HttpResponse:
    if "sure" not in request.POST:
        return _show(request, key, registration, "own_address_not_me", address=wrong)
    with transaction.atomic():
        workflow.disown_address(registration.pk, wrong, key)
        addresses.mark_wrong(wrong)
    return _show(request, key, registration, "own_address_done", address=wrong)
