"""The messages about one person: what became of each, and what can still be done with it."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from meeting import dates
from meeting.models import Meeting

from .. import rules, workflow
from ..lists.filters import people_of
from ..mail import outbox
from ..mail.links import CODED
from ..mail.stages import Stage, stage_of
from ..models import MailState, OutgoingMail, Registration
from ..workflow import MoveNotAllowed
from ..workflow.messages import GONE_OUT, is_of_today
from .access import StaffRequest, desk_view

ACTS: dict[str, Callable[..., OutgoingMail]] = {
    "stop": workflow.stop_message,
    "now": workflow.send_message_now,
    "again": workflow.send_message_again,
}


@dataclass(frozen=True)
class Message:
    """One message, where it is, what there is to add to that, and the acts that it allows now."""

    mail: OutgoingMail
    stage: Stage
    when: str
    can_stop: bool
    can_hurry: bool
    can_repeat: bool
    waits_to_be_told: bool  # its decision can still be undone


def listed(registration: Registration) -> list[Message]:
    """Every message about `registration`, newest first; one query."""
    newest_first = registration.outgoing_mails.order_by("-created_at", "-pk").defer("text", "html")
    return [_message(mail, registration) for mail in newest_first]


def _message(mail: OutgoingMail, registration: Registration) -> Message:
    is_waiting = mail.state == MailState.QUEUED
    is_later = is_waiting and mail.not_before > timezone.now()
    tells = mail.kind in outbox.DECISIONS
    stage = stage_of(mail)
    return Message(
        mail,
        stage,
        _when(mail, stage, registration.meeting),
        can_stop=is_waiting and not tells,
        can_hurry=is_later,
        can_repeat=mail.state in GONE_OUT
        and mail.kind != CODED
        and is_of_today(mail, registration)
        and not _is_to_mend(mail, registration),
        waits_to_be_told=is_later and tells and registration.quiet_until is not None,
    )


def _is_to_mend(mail: OutgoingMail, registration: Registration) -> bool:
    """Its address does not work: to send it again helps nobody before that is put right."""
    fails = getattr(registration, "address_fails", False) and mail.focal_user_id is None
    return fails and mail.to.lower() == registration.email.lower()


def _when(mail: OutgoingMail, stage: Stage, meeting: Meeting) -> str:
    """What its stage leaves open: until when it waits, how often it was tried, when its reader's server spoke."""
    if stage == Stage.GRACE:
        return _("leaves at %(time)s") % {"time": _clock(mail.not_before, meeting)}
    if stage == Stage.RETRY:
        tried = ngettext("tried %d time", "tried %d times", mail.attempts) % mail.attempts
        return _("%(tried)s, again at %(time)s") % {"tried": tried, "time": _clock(mail.not_before, meeting)}
    return _clock(mail.settled_at, meeting) if mail.settled_at else ""


def _clock(at: datetime.datetime, meeting: Meeting) -> str:
    """The hour; with the day where that is another one."""
    then, now = at.astimezone(meeting.zone), timezone.now().astimezone(meeting.zone)
    return f"{then:%H:%M}" if then.date() == now.date() else dates.moment(then, meeting.zone)


@require_POST
@desk_view(rules.can_decide)
def mail_act(request: StaffRequest, meeting: Meeting, reference: str, pk: int, act: str) -> HttpResponseBase:
    """Do `act` with one message of one registration, and come back to the person."""
    found = get_object_or_404(people_of(meeting, request.user), reference=reference)
    mail = get_object_or_404(found.outgoing_mails, pk=pk)
    if act not in ACTS:
        raise Http404
    try:
        done = ACTS[act](mail.pk, by=request.user)
    except MoveNotAllowed as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _done(act, done))
    return _back(request, meeting, found)


def _done(act: str, mail: OutgoingMail) -> str:
    if act == "again":
        return _("A new copy is on its way to %(to)s, with a new link.") % {"to": mail.to}
    return _("The message leaves now.") if act == "now" else _("Stopped. The message does not leave.")


def _back(request: StaffRequest, meeting: Meeting, found: Registration) -> HttpResponseBase:
    address, query = reverse("admin:desk:registration", args=[meeting.slug, found.reference]), request.GET.urlencode()
    return redirect(f"{address}?{query}#messages" if query else f"{address}#messages")
