"""Correcting an address that does not work, and saying that it works again."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from meeting.models import Meeting

from .. import rules, workflow
from ..bounces import addresses as bounces
from ..focal import people as focal
from ..models import Invitation, Registration
from ..workflow import MoveNotAllowed
from .access import StaffRequest, desk_view
from .addresses import AddressForm, of
from .delegations import find
from .views import find_person, show_person


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(rules.can_decide)
def correct(request: StaffRequest, meeting: Meeting, reference: str) -> HttpResponseBase:
    """Write another address; what was held goes there. To load a refused form anew is to start over."""
    found = _find(request, meeting, reference)
    if request.method != "POST":
        return _back(request, meeting, found)
    form = AddressForm(request.POST, found)
    is_blank = not request.POST.get("email", "").strip()
    if is_blank and of(found) is None:
        messages.info(request, _("Nothing is known against this address. There is nothing left to do."))
        return _back(request, meeting, found)
    if not form.is_valid():
        return show_person(request, meeting, found, address_form=form)
    email, seen = form.cleaned_data["email"], form.cleaned_data["seen"]
    try:
        workflow.edit(found.pk, {"email": email}, by=request.user, seen={"email": seen}, needs_word=False)
    except MoveNotAllowed as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(
            request, _("Corrected. What was waiting goes to %(email)s now, with a new link.") % {"email": email}
        )
    return _back(request, meeting, found)


@require_POST
@desk_view(rules.can_decide)
def works(request: StaffRequest, meeting: Meeting, reference: str) -> HttpResponseBase:
    """Somebody has found out that the address works (again)."""
    found = _find(request, meeting, reference)
    _tell(request, bounces.works_again(found, by=request.user))
    return _back(request, meeting, found)


@require_POST
@desk_view(rules.can_organise)
def works_for(request: StaffRequest, meeting: Meeting, delegation: str) -> HttpResponseBase:
    """The same of a focal point of the delegation, or of its invited mailbox."""
    found, email = find(meeting, delegation, request.user), request.POST.get("email", "")
    invited = Invitation.objects.filter(delegation=found).values_list("email", flat=True)
    named = {point.user.email for point in focal.current(found)}
    if email not in named | set(invited):
        raise Http404
    _tell(request, bounces.works_again_for(found, email, by=request.user))
    return redirect("admin:desk:delegation", meeting.slug, delegation)


def _tell(request: StaffRequest, released: int | None) -> None:
    if released is None:
        messages.info(request, _("Nothing is known against this address. There is nothing left to do."))
    elif released:
        told = ngettext("%d message that was held leaves now.", "%d messages that were held leave now.", released)
        messages.success(request, _("We write to this address again.") + " " + told % released)
    else:
        messages.success(request, _("We write to this address again."))


def _find(request: StaffRequest, meeting: Meeting, reference: str) -> Registration:
    """A child has no address here."""
    found = find_person(request, meeting, reference)
    if found.is_minor:
        raise Http404
    return found


def _back(request: StaffRequest, meeting: Meeting, found: Registration) -> HttpResponseBase:
    address, query = reverse("admin:desk:registration", args=[meeting.slug, found.reference]), request.GET.urlencode()
    return redirect(f"{address}?{query}" if query else address)
