"""Setting a meeting up in minutes: the official categories, and a new meeting from an earlier one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from meeting.models import Meeting

from .. import rules
from ..setup.copying import copy_meeting
from ..setup.forms import CopyMeetingForm, OfficialCategoriesForm
from ..setup.template import add_official
from .access import StaffRequest, desk_view


@require_http_methods(["GET", "POST"])
@desk_view(rules.can_organise)
def categories(request: StaffRequest, meeting: Meeting) -> HttpResponseBase:
    """Take some of the sixteen official categories."""
    form = OfficialCategoriesForm(request.POST if request.method == "POST" else None, meeting)
    if request.method == "POST" and form.is_valid():
        added = len(add_official(meeting, form.cleaned_data["codes"]))
        messages.success(request, ngettext("%d category added.", "%d categories added.", added) % added)
        return redirect(f"{reverse('admin:registration_category_changelist')}?meeting__id__exact={meeting.pk}")
    context = {"meeting": meeting, "section": "setup", "form": form}
    return render(request, "desk/categories.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@desk_view(rules.can_organise)
def copy(request: StaffRequest, meeting: Meeting) -> HttpResponseBase:
    """A new meeting with everything of this one but its people; whoever copies it runs it."""
    form = CopyMeetingForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        new = copy_meeting(meeting, form.as_meeting(), by=request.user)
        messages.success(
            request,
            _("The new meeting stands, with %(count)d categories. Look through its texts and dates, then publish it.")
            % {"count": new.categories.count()},
        )
        return redirect("admin:meeting_meeting_change", new.pk)
    context = {"meeting": meeting, "section": "setup", "form": form}
    return render(request, "desk/copy_meeting.html", context, status=422 if form.errors else 200)
