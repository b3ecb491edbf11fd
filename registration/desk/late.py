"""An exception for one delegation after registration has closed."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from meeting.dates import moment
from meeting.models import Meeting

from .. import rules, workflow
from ..models import Delegation, FocalPoint
from ..setup.forms import LateForm
from .access import StaffRequest, desk_view
from .delegations import find, show


@require_POST
@desk_view(rules.can_organise)
def late(request: StaffRequest, meeting: Meeting, delegation: str) -> HttpResponseBase:
    """Let the delegation register until a time, with a reason; or end that early."""
    found = find(meeting, delegation, request.user)
    if "end" in request.POST:
        workflow.end_exception(found.pk, by=request.user)
        messages.success(request, _("The exception has ended: this delegation registers like all others."))
        return redirect("admin:desk:delegation", meeting.slug, delegation)
    form = LateForm(request.POST, found)
    if form.is_valid():
        asked = form.cleaned_data
        try:
            changed = workflow.let_register_until(
                found.pk, until=asked["until"], reason=asked["reason"], by=request.user
            )
        except workflow.MoveNotAllowed as refusal:
            form.add_error("until", str(refusal))
        else:
            messages.success(request, _told(changed))
            return redirect("admin:desk:delegation", meeting.slug, delegation)
    return show(request, meeting, found, late=form)


def _told(changed: Delegation) -> str:
    until = moment(changed.open_until, changed.meeting.zone)  # type: ignore[arg-type]
    if FocalPoint.objects.active().filter(delegation=changed).exists():
        return _("May register until %(until)s. The focal points are told by mail.") % {"until": until}
    return _("May register until %(until)s. Nobody looks after this delegation: tell them yourself.") % {"until": until}
