"""The usual reasons: looked at, then taken with one button."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.views.decorators.http import require_http_methods

from meeting.models import Meeting

from .. import rules
from ..setup import reasons
from .access import StaffRequest, desk_view


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(rules.can_organise)
def usual_reasons(request: StaffRequest, meeting: Meeting) -> HttpResponseBase:
    if request.method == "POST":
        added = len(reasons.add_usual(meeting, by=request.user))
        messages.success(request, ngettext("%d reason added.", "%d reasons added.", added) % added)
        return redirect(f"{reverse('admin:registration_cannedreason_changelist')}?meeting__id__exact={meeting.pk}")
    reader = get_language() or "en"
    rows = [(one.use.label, one.name[reader], one.text[reader]) for one in reasons.missing(meeting)]
    return render(request, "desk/usual_reasons.html", {"meeting": meeting, "section": "setup", "rows": rows})
