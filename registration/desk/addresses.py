"""An address that does not work: what is known of it, what the organisers can do about it, and doing it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from meeting import dates
from meeting.models import Meeting

from .. import rules, workflow
from ..bounces import addresses
from ..focal import people as focal
from ..lists import reach
from ..lists.filters import people_of
from ..models import LIVE, FocalPoint, Invitation, MailState, OutgoingMail, Registration, UnreachableAddress
from ..workflow import MoveNotAllowed
from .access import StaffRequest, desk_view
from .delegations import find


@dataclass(frozen=True)
class Returned:
    """What the person's page says of an address that does not work."""

    sentence: str
    answer: str
    held: int
    focal_points: list[FocalPoint]
    can_be_corrected: bool


class AddressForm(forms.Form):
    """The right address, and the one that stood on the screen."""

    email = forms.EmailField(
        max_length=254,
        error_messages={
            "required": gettext_lazy("Write the right address."),
            "invalid": gettext_lazy("Write an address like name@example.org."),
        },
    )
    seen = forms.CharField(max_length=254, required=False)

    def __init__(self, data: Any, registration: Registration) -> None:
        super().__init__(data)
        self.registration = registration

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if email.lower() == self.registration.email.lower():
            raise forms.ValidationError(_("This is the address that does not work. If it works again, say so instead."))
        if UnreachableAddress.objects.filter(email=email.lower()).exists():
            raise forms.ValidationError(_("Messages to this address come back, too. Ask for another one."))
        return email


def of(registration: Registration) -> Returned | None:
    """None where nothing is known against the address, or no message goes there."""
    if not registration.email or registration.on_behalf:
        return None
    found = UnreachableAddress.objects.filter(email=registration.email.lower()).select_related("mail").first()
    if found is None:
        return None
    looking_after = FocalPoint.objects.active().filter(delegation=registration.delegation_id)
    looking_after = looking_after.select_related("user").annotate(address_fails=reach.fails("user__email"))
    held = registration.outgoing_mails.filter(state=MailState.HELD, held_for="address", focal_user=None).count()
    return Returned(
        _sentence(found, registration), found.answer, held, list(looking_after), registration.status in LIVE
    )


def _sentence(found: UnreachableAddress, registration: Registration) -> str:
    zone = registration.meeting.zone
    if found.why == UnreachableAddress.Why.SAID_WRONG:
        day = dates.long_date(found.since.astimezone(zone).date())
        return _("On %(day)s, whoever reads this address said that it is the wrong one.") % {"day": day}
    mail: OutgoingMail | None = found.mail
    sent = (mail and mail.sent_at) or found.since
    day = dates.long_date(sent.astimezone(zone).date())
    if mail is None or mail.registration_id != registration.pk:
        return _("A message to this address came back on %(day)s.") % {"day": day}
    return _("Our message of %(day)s came back.") % {"day": day}


@require_POST
@desk_view(rules.can_decide)
def correct(request: StaffRequest, meeting: Meeting, reference: str) -> HttpResponseBase:
    """Write another address; what was held goes there."""
    found = _find(request, meeting, reference)
    form = AddressForm(request.POST, found)
    if not form.is_valid():
        messages.warning(request, str(next(iter(form.errors.values()))[0]))
        return _back(request, meeting, found)
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
    _tell(request, addresses.works_again(found, by=request.user))
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
    _tell(request, addresses.works_again_for(found, email, by=request.user))
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
    found = get_object_or_404(people_of(meeting, request.user), reference=reference, is_minor=False)
    found.meeting = meeting
    return found


def _back(request: StaffRequest, meeting: Meeting, found: Registration) -> HttpResponseBase:
    address, query = reverse("admin:desk:registration", args=[meeting.slug, found.reference]), request.GET.urlencode()
    return redirect(f"{address}?{query}" if query else address)
