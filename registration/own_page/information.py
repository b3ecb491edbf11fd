"""Messages to many, stopped and wanted again: on one's own page, and by the address that each of them carries."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from ..campaigns import choice
from ..mail.stopping import mail_of
from .access import opened
from .standing import Standing


@never_cache
@require_POST
def information(request: HttpRequest, key: str) -> HttpResponse:
    """The link suffices: nobody loses anything by it, and it can be taken back."""
    registration = opened(request, key)
    if Standing.of(registration).by_focal_point_only:
        raise Http404
    if request.POST.get("wanted") == "yes":
        choice.say_yes(registration.meeting, registration.email)
        messages.success(request, _("You get the organisers’ information again."))
    else:
        choice.say_no(registration.meeting, registration.email)
        messages.success(request, _("You get no more information from the organisers. What concerns you still comes."))
    return redirect("private:page", key)


@csrf_exempt  # mail programs send it, which know no page of ours; the address itself is the proof
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """One POST is enough. A GET changes nothing: programs that look at links before their reader does open them too."""
    mail = mail_of(token)
    if mail is None:
        raise Http404(_("This link does not work (any more)."))
    if request.method == "POST" and request.POST.get("wanted") == "yes":
        choice.say_yes(mail.meeting, mail.to)
    elif request.method == "POST":
        choice.say_no(mail.meeting, mail.to)
    context = {"meeting": mail.meeting, "wants": choice.wants(mail.meeting, mail.to)}
    return render(request, "registration/stop_information.html", context)
