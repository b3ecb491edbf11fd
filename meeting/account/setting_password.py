"""A password by a mailed link: the first one of a new colleague, or a new one instead of a forgotten one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from ..models import StaffSession
from . import factors, known, links, sessions
from .forms import NewPasswordForm


@sensitive_post_parameters("password", "again")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def set_password(request: HttpRequest, key: str) -> HttpResponseBase:
    """Set it, end every session of the account, and go to sign in: the second factor is asked for as ever."""
    opened = links.opened_by(key)
    if opened is None:
        return render(request, "account/link_ended.html", status=410)
    form = NewPasswordForm(opened.user, request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "account/set_password.html", {"form": form, "person": opened.user, "kind": opened.kind})
    opened.user.set_password(form.cleaned_data["password"])
    opened.user.save(update_fields=["password"])
    sessions.end(StaffSession.objects.filter(user=opened.user))
    factors.note(opened.user, "password_set")
    messages.success(request, _("Your password is set. Sign in with it."))
    response = redirect("admin:login")
    # Whoever reads the mail of the account is its owner: strangers' failures must not stop them at the door now.
    known.remember(request, response, opened.user)
    return response
