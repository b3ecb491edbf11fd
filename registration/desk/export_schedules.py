"""Exports that come again: set up by a colleague, made for each who is mailed a link."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from meeting.models import Meeting

from .. import rules
from ..exports import schedules
from ..models import ExportSchedule, SavedView
from .access import StaffRequest, desk_view
from .export_forms import ScheduleForm
from .saved_views import readable_by

MOST_SCHEDULES = 20  # of one person and meeting


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(rules.can_export)
def export_schedule(request: StaffRequest, meeting: Meeting) -> HttpResponseBase:
    """Set up an export that comes again."""
    form = ScheduleForm(
        request.POST if request.method == "POST" else None, meeting, request.user, view=request.GET.get("view", "")
    )
    if form.is_valid() and _may_be_set_up(request, meeting, form):
        _set_up(request, meeting, form)
        messages.success(request, _("It is set up. A link is mailed each time."))
        return redirect("admin:desk:exports", meeting.slug)
    has_views = readable_by(request.user, meeting, SavedView.Screen.PEOPLE).exists()
    context = {"meeting": meeting, "section": "people", "form": form, "has_views": has_views}
    return render(request, "desk/export_schedule.html", context, status=422 if form.errors else 200)


def _may_be_set_up(request: StaffRequest, meeting: Meeting, form: ScheduleForm) -> bool:
    if schedules.is_over(meeting):
        form.add_error(None, _("The meeting is over: nothing would come any more. Export the list by hand."))
        return False
    mine = ExportSchedule.objects.filter(meeting=meeting, by=request.user, ended_at=None)
    if mine.count() < MOST_SCHEDULES:
        return True
    form.add_error(None, _("You have %(most)d of these. End one first.") % {"most": MOST_SCHEDULES})
    return False


@transaction.atomic
def _set_up(request: StaffRequest, meeting: Meeting, form: ScheduleForm) -> None:
    given = form.cleaned_data
    schedule = ExportSchedule(
        meeting=meeting, by=request.user, view=given["view"], view_name=given["view"].name, format=given["format"],
        options=form.options.as_json(), language=get_language() or "en", reason=given["reason"],
        weekday=given["weekday"], hour=given["hour"],
    )  # fmt: skip
    schedule.last_on = schedules.first_day_is_over(schedule)
    schedule.save()
    schedule.recipients.set(given["recipients"])


@require_POST
@desk_view(rules.can_export)
def export_schedule_end(request: StaffRequest, meeting: Meeting, pk: int) -> HttpResponseBase:
    """Whoever set it up ends it; an organiser too."""
    found = ExportSchedule.objects.filter(meeting=meeting)
    ours = found if rules.can_organise(request.user, meeting) else found.filter(by=request.user)
    with transaction.atomic():
        schedule = get_object_or_404(ours.select_for_update(of=("self",)), pk=pk)
        if schedule.ended_at is None:
            schedules.end(schedule)
    messages.success(request, _("It does not come any more. Files that are made already stay for their seven days."))
    return redirect("admin:desk:exports", meeting.slug)
