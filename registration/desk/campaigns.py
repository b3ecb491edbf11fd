"""Messages to many: the list of them, and writing one."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from meeting.models import Meeting, Role, User
from meeting.models.meeting import has_role

from .. import rules
from ..campaigns import starting, words
from ..models import Campaign, CampaignRecipient
from . import campaign_report
from .access import StaffRequest, desk_view
from .campaign_forms import QUERY_LENGTH, CampaignForm

SHOWN = 60
READERS = (*rules.DECIDERS, Role.AUDITOR)


def can_read(user: User, meeting: Meeting) -> bool:
    """Whoever writes to people, and whoever checks what was done."""
    return has_role(user, meeting, *READERS)


def find(request: StaffRequest, meeting: Meeting, token: uuid.UUID) -> Campaign:
    """A 404 for what is not of this meeting, or not for the eyes of this reader."""
    found = Campaign.objects.visible_to(request.user, meeting).select_related("by", "pressed_by")
    campaign = found.filter(token=token).first()
    if campaign is None:
        raise Http404
    campaign.meeting = meeting
    return campaign


@require_safe
@desk_view(can_read)
def campaigns(request: StaffRequest, meeting: Meeting) -> HttpResponseBase:
    """The latest, with how many were written to."""
    written = Count("recipients", filter=Q(recipients__state=CampaignRecipient.State.QUEUED))
    found = Campaign.objects.visible_to(request.user, meeting).select_related("by", "pressed_by")
    rows = list(found.annotate(written=written).order_by("-created_at", "-pk")[:SHOWN])
    context = {
        "meeting": meeting,
        "section": "messages",
        "rows": rows,
        "can_write": rules.can_decide(request.user, meeting),
        "beginnings": words.beginnings(),
    }
    return render(request, "desk/campaigns.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(rules.can_decide)
def campaign_new(request: StaffRequest, meeting: Meeting) -> HttpResponseBase:
    """A draft to whoever the filter in the address leaves, perhaps with words to `begin` with."""
    asked = request.GET.copy()
    begin = "".join(asked.pop("begin", [])[-1:])
    kind = words.beginnings().get(begin)
    blank = Campaign(
        meeting=meeting, by=request.user, name=str(kind.name) if kind else "", words=words.to_begin_with(begin, meeting)
    )
    query = asked.urlencode()[:QUERY_LENGTH]
    form = CampaignForm(_posted(request), meeting, request.user, blank, query=query)
    if request.method == "POST" and form.is_valid():
        try:
            made = starting.draft(meeting, form.values(), token=form.cleaned_data["token"], by=request.user)
        except starting.NotSentOff as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("admin:desk:campaign_look", meeting.slug, made.token)
    return _edit_page(request, blank, form, is_new=True)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(can_read)
def campaign(request: StaffRequest, meeting: Meeting, token: uuid.UUID) -> HttpResponseBase:
    """A draft to write on, for whoever writes; anything else as it stands."""
    found = find(request, meeting, token)
    if found.pressed_at or not rules.can_decide(request.user, meeting):
        return campaign_report.page(request, found)
    form = CampaignForm(_posted(request), meeting, request.user, found, query=found.query)
    if request.method == "POST" and form.is_valid():
        try:
            starting.change(found, form.values(), revision=form.cleaned_data["revision"] or 0)
        except starting.NotSentOff as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("admin:desk:campaign_look", meeting.slug, token)
    return _edit_page(request, found, form, is_new=False)


def _posted(request: StaffRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _edit_page(request: StaffRequest, found: Campaign, form: CampaignForm, *, is_new: bool) -> HttpResponseBase:
    audience = str(form["audience"].value() or "")
    context = {
        "meeting": found.meeting,
        "section": "messages",
        "campaign": found,
        "form": form,
        "is_new": is_new,
        "placeholders": words.kind_of(audience).placeholders.items(),
    }
    return render(request, "desk/campaign_edit.html", context, status=422 if form.errors else 200)


@require_POST
@desk_view(rules.can_decide)
def campaign_copy(request: StaffRequest, meeting: Meeting, token: uuid.UUID) -> HttpResponseBase:
    """The same words to the same filter, as a draft of one's own."""
    found = find(request, meeting, token)
    name = _("%(name)s (copy)") % {"name": found.name[:100]}
    try:
        made = starting.copy(found, name=name, token=_token(request), by=request.user)
    except starting.NotSentOff as refusal:
        messages.error(request, str(refusal))
        return redirect("admin:desk:campaign", meeting.slug, token)
    messages.success(request, _("Copied. Nothing goes out before you say so."))
    return redirect("admin:desk:campaign", meeting.slug, made.token)


def _token(request: StaffRequest) -> uuid.UUID:
    """The one of the page, so that two presses make one copy."""
    try:
        return uuid.UUID(request.POST.get("copy", ""))
    except ValueError:
        return uuid.uuid4()


@require_POST
@desk_view(rules.can_decide)
def campaign_drop(request: StaffRequest, meeting: Meeting, token: uuid.UUID) -> HttpResponseBase:
    """Delete a draft. What was sent off stays."""
    if starting.drop(find(request, meeting, token)):
        messages.success(request, _("The draft is deleted. Nobody was written to."))
        return redirect("admin:desk:campaigns", meeting.slug)
    messages.error(request, _("This message was sent off, so it stays here."))
    return redirect("admin:desk:campaign", meeting.slug, token)


@never_cache
@require_safe
@desk_view(can_read)
def campaign_progress(request: StaffRequest, meeting: Meeting, token: uuid.UUID) -> HttpResponseBase:
    """How far it is, for the script of the page."""
    return JsonResponse(campaign_report.progress(find(request, meeting, token), request.user))


@require_safe
@desk_view(rules.can_organise)
def campaign_csv(request: StaffRequest, meeting: Meeting, token: uuid.UUID) -> HttpResponseBase:
    """What became of each, as a file."""
    return campaign_report.as_csv(request, find(request, meeting, token))
