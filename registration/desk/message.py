"""One message: where it is and why, what was in it, what happened to it, and what can be done with it now."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from csp.constants import SELF
from csp.decorators import csp_update
from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from meeting.models import Meeting, User

from .. import rules, workflow
from ..bounces import refused
from ..lists.mails import messages_of
from ..mail import addresses, reading
from ..mail.kinds import name_of
from ..mail.links import CODED
from ..mail.stages import NEXT, TO_LOOK_AT, Stage, stage_of
from ..models import LEFT, LIVE, Delegation, MailEvent, OutgoingMail, Registration, UnreachableAddress
from ..workflow import ACTS_ON_MESSAGES, MoveNotAllowed
from .access import StaffRequest, desk_view
from .mail_words import ACTS_OF, HINTS, LABELS, said


@dataclass(frozen=True)
class Moment:
    """One line of what happened to a message."""

    at: datetime.datetime
    what: str
    who: str = ""
    more: str = ""


@never_cache
@require_safe
@csp_update({"frame-src": [SELF]})
@desk_view(rules.can_see_messages)
def message(request: StaffRequest, meeting: Meeting, pk: int) -> HttpResponseBase:
    return _show(request, meeting, _find(request, meeting, pk))


@never_cache
@require_safe
@desk_view(rules.can_decide)
def message_body(request: StaffRequest, meeting: Meeting, pk: int) -> HttpResponseBase:
    """The HTML part by itself, in a page that can run nothing, load nothing and lead nowhere."""
    mail = _find(request, meeting, pk)
    reading.write_down(mail, by=request.user)
    return reading.as_a_page(mail)


@require_POST
@csp_update({"frame-src": [SELF]})
@desk_view(rules.can_decide)
def message_act(request: StaffRequest, meeting: Meeting, pk: int, act: str) -> HttpResponseBase:
    """Do `act` with the message, and come back to it."""
    mail = _find(request, meeting, pk)
    if act not in ACTS_ON_MESSAGES:
        raise Http404
    reason = request.POST.get("reason", "")
    try:
        done = workflow.act_on_message(act, mail.pk, by=request.user, reason=reason)
    except MoveNotAllowed as refusal:
        messages.warning(request, str(refusal))
        return redirect("admin:desk:message", meeting.slug, mail.pk)
    messages.success(request, said(act, done.to))
    return redirect("admin:desk:message", meeting.slug, done.pk)


def _find(request: StaffRequest, meeting: Meeting, pk: int) -> OutgoingMail:
    """One that the reader may know of, with whom it is about and what happened to it."""
    events = Prefetch("events", MailEvent.objects.select_related("by"))
    found = messages_of(meeting, request.user).select_related("registration__delegation", "invitation__delegation")
    return get_object_or_404(found.select_related("focal_user").prefetch_related(events), pk=pk)


def _show(request: StaffRequest, meeting: Meeting, mail: OutgoingMail) -> HttpResponseBase:
    reads, stage = rules.can_decide(request.user, meeting), stage_of(mail)
    if reads:
        reading.write_down(mail, by=request.user)
    unreachable = _unreachable(mail) if reads else None
    mend = _where_to_mend(mail, meeting, request.user, unreachable) if reads and stage in TO_LOOK_AT else ""
    context = {
        "meeting": meeting,
        "section": "messages",
        "mail": mail,
        "kind": name_of(mail.kind),
        "stage": stage,
        "next": _("Somebody has done with it. Nothing to do.") if _is_done_with(mail) else NEXT[stage],
        "reads": reads,
        "has_key": reading.holds_a_key(mail),
        "has_code": mail.kind == CODED,
        "unreachable": unreachable,
        "mend": mend,
        "attachments": _attachments(mail, meeting),
        "past": _past(mail),
        "acts": _acts(mail, stage, is_to_mend=bool(mend)) if reads else [],
    }
    return render(request, "desk/message.html", context)


def _unreachable(mail: OutgoingMail) -> UnreachableAddress | None:
    return UnreachableAddress.objects.filter(email=mail.to.lower()).first()


def _is_done_with(mail: OutgoingMail) -> bool:
    return any(event.what == MailEvent.What.SEEN for event in mail.events.all())


def _where_to_mend(mail: OutgoingMail, meeting: Meeting, user: User, unreachable: UnreachableAddress | None) -> str:
    """The page on which the address is put right, where nothing else helps this message; empty where that is not so.

    A server that has refused an address for good is believed at once, before the address is marked.
    """
    fails = addresses.keeps_from(unreachable, mail) if unreachable else refused.will_be_found(mail)
    if not fails:
        return ""
    person = mail.registration
    if person is not None and mail.focal_user is None:
        is_theirs = person.email.lower() == mail.to.lower() and person.status in LIVE
        return f"{_page_of('registration', meeting, person)}#right-address" if is_theirs else ""
    around = mail.invitation or person
    if around is None or not rules.can_organise(user, meeting):
        return ""
    return _page_of("delegation", meeting, around.delegation)


def _page_of(name: str, meeting: Meeting, about: Registration | Delegation) -> str:
    return reverse(f"admin:desk:{name}", args=[meeting.slug, about.reference])


def _attachments(mail: OutgoingMail, meeting: Meeting) -> list[str]:
    """By name: they are made when the message leaves."""
    return [f"{meeting.slug}.ics"] if mail.with_calendar else []


def _acts(mail: OutgoingMail, stage: Stage, *, is_to_mend: bool) -> list[dict[str, Any]]:
    """What can be done now, each with its words; an invitation is repeated where invitations are.

    To send it again helps nobody before the address is put right.
    """
    elsewhere = mail.kind == CODED or (mail.state in LEFT and mail.invitation_id is not None)
    out = {"again"} if elsewhere or is_to_mend else set()
    offered = [act for act in ACTS_OF[stage] if act not in out | ({"seen"} if _is_done_with(mail) else set())]
    return [
        {
            "act": act,
            "label": LABELS[act],
            "hint": HINTS.get((stage, act), ""),
            "asks_why": act in ("stop", "settle", "seen"),
            "must_say_why": act == "settle",
        }
        for act in offered
    ]


def _past(mail: OutgoingMail) -> list[Moment]:
    """What its own columns tell and what was written down besides, newest first."""
    found = [Moment(mail.created_at, _("Written"))]
    found += [Moment(e.at, str(e.get_what_display()), str(e.by or ""), e.text) for e in mail.events.all()]
    if mail.sent_at:
        found.append(Moment(mail.sent_at, _("Taken by the mail server")))
    told = {event.what for event in mail.events.all()}
    if mail.settled_at and mail.state not in told:
        found.append(Moment(mail.settled_at, str(mail.get_state_display())))
    if mail.claimed_at and not mail.sent_at:
        found.append(Moment(mail.claimed_at, _("Handed to the mail server")))
    return sorted(found, key=lambda moment: moment.at, reverse=True)
