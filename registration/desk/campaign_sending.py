"""Looking at a message to many before it goes out, having it sent to oneself, sending it off, stopping it."""

from __future__ import annotations

import uuid
from typing import Any

from csp.constants import SELF
from csp.decorators import csp_update
from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from meeting import dates
from meeting.models import Meeting

from .. import rules
from ..campaigns import audience, preview, running, starting, testing, words
from ..campaigns.preview import Preview, Sample
from ..mail import reading
from ..models import Campaign, OutgoingMail
from .access import StaffRequest, desk_view
from .campaign_forms import SendForm, in_words
from .campaigns import find


@never_cache
@require_safe
@csp_update({"frame-src": [SELF]})
@desk_view(rules.can_decide)
def campaign_look(request: StaffRequest, meeting: Meeting, token: uuid.UUID) -> HttpResponseBase:
    """What would happen. Changes nothing."""
    found = find(request, meeting, token)
    if found.pressed_at:
        return redirect("admin:desk:campaign", meeting.slug, token)
    return _look(request, found, None)


def _look(request: StaffRequest, found: Campaign, form: SendForm | None) -> HttpResponseBase:
    foreseen, refusal = _preview(found, request)
    number = len(foreseen.will) if foreseen else 0
    form = form or SendForm(None, found.meeting, revision=found.revision, expected=number)
    sample = foreseen.sample(_asked_for(request, foreseen)) if foreseen else None
    context = {
        "meeting": found.meeting,
        "section": "messages",
        "campaign": found,
        "people": in_words(found.meeting, request.user, found.query),
        "foreseen": foreseen,
        "refusal": refusal,
        "number": number,
        "form": form,
        "sample": sample,
        "sample_text": preview.without_keys(sample.message.text, _("[the private link of each]")) if sample else "",
    }
    return render(request, "desk/campaign_look.html", context, status=422 if form.errors else 200)


def _preview(found: Campaign, request: StaffRequest) -> tuple[Preview | None, str]:
    """And why there is none."""
    try:
        return Preview.of(found, request.user), ""
    except audience.NotUnderstood as error:
        return None, str(error)


def _asked_for(request: StaffRequest, foreseen: Preview) -> str:
    """The language whose message is shown: one that somebody reads."""
    read = [line.code for line in foreseen.languages]
    asked = request.GET.get("language", "")
    return asked if asked in read else next(iter(read), "")


@never_cache
@require_safe
@desk_view(rules.can_decide)
def campaign_sample(request: StaffRequest, meeting: Meeting, token: uuid.UUID, language: str) -> HttpResponseBase:
    """The HTML of the message to the first who reads `language`, for a frame in which it can do nothing."""
    sample = _sample(request, find(request, meeting, token), language)
    return reading.as_a_page(OutgoingMail(html=preview.without_keys(sample.message.html, "")))


def _sample(request: StaffRequest, found: Campaign, language: str) -> Sample:
    foreseen, _refusal = _preview(found, request)
    sample = foreseen.sample(language) if foreseen else None
    if sample is None:
        raise Http404
    return sample


@require_POST
@desk_view(rules.can_decide)
def campaign_test(request: StaffRequest, meeting: Meeting, token: uuid.UUID) -> HttpResponseBase:
    """The message of one language to oneself, without anybody's private link."""
    found = find(request, meeting, token)
    sample = _sample(request, found, request.POST.get("language", ""))
    testing.send(found, sample, to=request.user)
    messages.success(request, _("A test is on its way to %(email)s.") % {"email": request.user.email})
    return redirect("admin:desk:campaign_look", meeting.slug, token)


@require_POST
@csp_update({"frame-src": [SELF]})
@desk_view(rules.can_decide)
def campaign_send(request: StaffRequest, meeting: Meeting, token: uuid.UUID) -> HttpResponseBase:
    """Send it off, as it was looked at. Where it reaches another number than was seen, look again."""
    found = find(request, meeting, token)
    if found.pressed_at:
        return redirect("admin:desk:campaign", meeting.slug, token)
    form = SendForm(request.POST, meeting)
    if form.is_valid() and not (refusal := _why_not(request, found, form)):
        return _send_off(request, found, form)
    if form.is_valid():
        messages.warning(request, refusal)
        return redirect("admin:desk:campaign_look", meeting.slug, token)
    return _look(request, found, form)


def _why_not(request: StaffRequest, found: Campaign, form: SendForm) -> str:
    foreseen, refusal = _preview(found, request)
    number = len(foreseen.will) if foreseen else 0
    if refusal or not number:
        return refusal or _("Nobody would get this message, so it was not sent off.")
    if not words.written(found):
        return _("Nothing is written yet.")
    if number != form.cleaned_data["expected"]:
        told = ngettext("It reaches %d person now.", "It reaches %d people now.", number) % number
        return f"{_('Something has changed since you looked, so nothing was sent.')} {told}"
    return ""


def _send_off(request: StaffRequest, found: Campaign, form: SendForm) -> HttpResponseBase:
    data = form.cleaned_data
    try:
        sent = starting.send_off(
            found, revision=data["revision"], expected=data["expected"], at=form.moment(), by=request.user
        )
    except starting.NotSentOff as refusal:
        messages.warning(request, str(refusal))
        return redirect("admin:desk:campaign_look", found.meeting.slug, found.token)
    messages.success(request, _said(sent))
    return redirect("admin:desk:campaign", found.meeting.slug, found.token)


def _said(sent: Campaign) -> str:
    if sent.send_at and sent.send_at > timezone.now():
        when: dict[str, Any] = {"when": dates.moment(sent.send_at, sent.meeting.zone)}
        return _("It goes out on %(when)s. Until then you can take it back.") % when
    return _("It goes out now.")


@require_POST
@desk_view(rules.can_decide)
def campaign_stop(request: StaffRequest, meeting: Meeting, token: uuid.UUID) -> HttpResponseBase:
    """Nobody more is written to, and what has not left stays here."""
    found = find(request, meeting, token)
    stopped = running.stop(found) if found.pressed_at else 0
    if stopped:
        told = ngettext("%d message does not leave.", "%d messages do not leave.", stopped) % stopped
        messages.success(request, f"{_('Stopped.')} {told} {_('Whoever has the message already keeps it.')}")
    elif found.ended_at:
        messages.warning(request, _("All had left already, so there was nothing to stop."))
    else:
        messages.success(request, _("Stopped. Whoever has the message already keeps it."))
    return redirect("admin:desk:campaign", meeting.slug, token)


@require_POST
@desk_view(rules.can_decide)
def campaign_take_back(request: StaffRequest, meeting: Meeting, token: uuid.UUID) -> HttpResponseBase:
    """A scheduled one becomes a draft again."""
    if starting.take_back(find(request, meeting, token), by=request.user):
        messages.success(request, _("Taken back. It is a draft again, and nobody was written to."))
    else:
        messages.warning(request, _("It has begun already. You can stop it."))
    return redirect("admin:desk:campaign", meeting.slug, token)
