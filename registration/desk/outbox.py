"""All messages of a meeting: where each is, and what is done with one or with many of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from meeting.models import Meeting

from .. import rules, workflow
from ..lists.mails import BACK, LOOK, MailFilter, counts, messages_of, page
from ..lists.paging import Capped
from ..mail import alarms
from ..mail.kinds import name_of
from ..mail.stages import NEXT, ON_ITS_WAY, TO_LOOK_AT, Stage, stage_of
from ..models import OutgoingMail
from ..models.mail import OutgoingMailQuerySet
from ..workflow import MoveNotAllowed
from .access import StaffRequest, desk_view
from .mail_words import ACTS_OF, DONE, LEFT_ALONE, QUESTIONS
from .queue import Place

PAGE = 50
MOST_AT_ONCE = 200
OVER = (Stage.SENT, Stage.DELIVERED, Stage.BOUNCED, Stage.CANCELLED)
# What came back stands among what needs somebody as long as it does.
NEEDS = tuple(BACK if stage is Stage.BOUNCED else stage.value for stage in TO_LOOK_AT)
GROUPS: list[tuple[str | Promise, tuple[str, ...]]] = [
    (gettext_lazy("Needs a person"), NEEDS),
    (gettext_lazy("On their way"), ON_ITS_WAY),
    (gettext_lazy("Over"), OVER),
]
BUTTONS: dict[str, str | Promise] = {
    "release": gettext_lazy("Release…"),
    "again": gettext_lazy("Send again…"),
    "stop": gettext_lazy("Stop…"),
    "settle": gettext_lazy("Take as sent…"),
    "seen": gettext_lazy("Done with…"),
}
# Whoever saw the one and finds the other need not look again.
ALIKE = ({Stage.SENT, Stage.DELIVERED}, {Stage.WAITING, Stage.GRACE, Stage.RETRY})
# As a page was looked at: the number of a message and where it was then.
SEEN = re.compile(r"(?P<pk>[0-9]{1,18})\.(?P<stage>[a-z]{1,10})")


@dataclass(frozen=True)
class Row:
    """One message in a list. `subject` is empty for whoever may not read what stands in it."""

    mail: OutgoingMail
    stage: Stage
    kind: str
    subject: str
    to: str

    @property
    def seen(self) -> str:
        return f"{self.mail.pk}.{self.stage}"


def rows_of(mails: list[OutgoingMail], *, reads: bool) -> list[Row]:
    now = timezone.now()
    return [Row(m, stage_of(m, now), name_of(m.kind), m.subject if reads else "", m.to if reads else "") for m in mails]


@never_cache
@require_safe
@desk_view(rules.can_see_messages)
def outbox(request: StaffRequest, meeting: Meeting) -> HttpResponseBase:
    reads = rules.can_decide(request.user, meeting)
    asked = MailFilter(request.GET, meeting, request.user, reads_addresses=reads)
    mails = messages_of(meeting, request.user)
    place = Place.parse(request.GET.get("after", ""))
    found = page(asked.in_stage(asked.narrow(mails)), (place.since, place.pk) if place else None, PAGE)
    last = found[PAGE - 1] if len(found) > PAGE else None
    counted = counts(asked, mails)
    context = {
        "meeting": meeting,
        "section": "messages",
        "filter": asked,
        "rows": rows_of(found[:PAGE], reads=reads),
        "reads": reads,
        "needing": counted[LOOK],
        "wrong": alarms.standing(meeting),
        "columns": _columns(asked, counted),
        "menus": [asked.menu(name) for name in ("stage", "kind", "language")],
        "explained": NEXT.get(asked.value("stage"), ""),
        "acts": list(BUTTONS.items()) if reads else [],
        "query": asked.query(),
        "is_first_page": place is None,
        "following": asked.query(after=str(Place(last.created_at, last.pk))) if last else "",
        "most": MOST_AT_ONCE,
    }
    return render(request, "desk/outbox.html", context)


def _columns(asked: MailFilter, counted: dict[str, Capped]) -> list[tuple[str, list[dict[str, Any]]]]:
    """The stages as links with their numbers; first those that wait for a person. Empty ones are left out."""
    now = asked.value("stage") or ""
    everything = {"label": _("All messages"), "count": "", "query": asked.query(stage=""), "is_current": not now}
    found: list[tuple[str, list[dict[str, Any]]]] = []
    for heading, stages in GROUPS:
        ways = [
            {"label": _called(s), "count": counted[s], "query": asked.query(stage=str(s)), "is_current": s == now}
            for s in stages
            if counted[s] or s == now
        ]
        if stages is NEEDS and ways:
            ways.insert(0, _all_that_need_somebody(asked, counted))
        if ways:
            found.append((str(heading), ways))
    return [("", [everything]), *found]


def _called(stage: str) -> str:
    if stage == Stage.BOUNCED:
        return _("All that came back")
    return str(Stage.BOUNCED.label if stage == BACK else Stage(stage).label)


def _all_that_need_somebody(asked: MailFilter, counted: dict[str, Capped]) -> dict[str, Any]:
    return {
        "label": _("All of these"),
        "count": counted[LOOK],
        "query": asked.query(stage=LOOK),
        "is_current": asked.value("stage") == LOOK,
    }


# Many at once


@dataclass(frozen=True)
class Line:
    """One of those selected: what will happen to it, or why nothing will; afterwards, what did."""

    row: Row
    refusal: str = ""


@require_POST
@desk_view(rules.can_decide)
def selected(request: StaffRequest, meeting: Meeting) -> HttpResponseBase:
    """First what will happen to each of those selected; confirmed, what did."""
    act = request.POST.get("act", "")
    if act not in BUTTONS:
        raise Http404
    seen = _seen(request, meeting)
    if not seen:
        messages.error(request, _("No message is selected. Tick at least one."))
        return redirect(f"{reverse('admin:desk:outbox', args=[meeting.slug])}?{request.GET.urlencode()}")
    lines = _foreseen(meeting, request, seen, act)
    reason = request.POST.get("reason", "").strip()
    is_sure = "sure" in request.POST and bool(reason or act != "settle")
    if is_sure:
        lines = [_carried_out(line, act, request, reason) for line in lines]
    return _show(request, meeting, act, lines, is_over=is_sure)


def _seen(request: StaffRequest, meeting: Meeting) -> dict[int, str]:
    """The messages of the page, ticked or all that the filter leaves, each with the stage in which it was seen."""
    if request.POST.get("all") and "sure" not in request.POST:
        asked = MailFilter(QueryDict(request.GET.urlencode()), meeting, request.user)
        found = asked.in_stage(asked.narrow(messages_of(meeting, request.user)))
        return {row.mail.pk: row.stage for row in rows_of(page(found, None, MOST_AT_ONCE)[:MOST_AT_ONCE], reads=True)}
    typed = [SEEN.fullmatch(text) for text in request.POST.getlist("selected")]
    return {int(match["pk"]): match["stage"] for match in typed if match}


def _foreseen(meeting: Meeting, request: StaffRequest, seen: dict[int, str], act: str) -> list[Line]:
    """Those that the reader may see, newest first, each with why this act would do nothing to it."""
    wanted: OutgoingMailQuerySet = messages_of(meeting, request.user).filter(pk__in=list(seen)[:MOST_AT_ONCE])
    found = page(wanted, None, MOST_AT_ONCE)
    return [Line(row, _why_not(row, seen[row.mail.pk], act)) for row in rows_of(found, reads=True)]


def _why_not(row: Row, seen: str, act: str) -> str:
    if row.stage != seen and not any({row.stage, seen} <= alike for alike in ALIKE):
        return _("Is “%(stage)s” by now.") % {"stage": row.stage.label}
    if act not in ACTS_OF[row.stage]:
        return LEFT_ALONE[act] % {"stage": row.stage.label}
    return ""


def _carried_out(line: Line, act: str, request: StaffRequest, reason: str) -> Line:
    if line.refusal:
        return line
    try:
        workflow.act_on_message(act, line.row.mail.pk, by=request.user, reason=reason)
    except MoveNotAllowed as refusal:
        return Line(line.row, str(refusal))
    return line


def _show(request: StaffRequest, meeting: Meeting, act: str, lines: list[Line], *, is_over: bool) -> HttpResponseBase:
    will = [line for line in lines if not line.refusal]
    context = {
        "meeting": meeting,
        "section": "messages",
        "act": act,
        "title": (DONE[act] if is_over else QUESTIONS[act])(len(will)),
        "lines": sorted(lines, key=lambda line: bool(line.refusal) != is_over),
        "will": will,
        "left": _left(len(lines) - len(will)),
        "is_over": is_over,
        "asks_why": act in ("stop", "settle"),
        "must_say_why": act == "settle" and "sure" in request.POST and not is_over,
        "query": request.GET.urlencode(),
    }
    return render(request, "desk/outbox_many.html", context, status=422 if context["must_say_why"] else 200)


def _left(n: int) -> str:
    return ngettext("%d message is left as it is.", "%d messages are left as they are.", n) % n if n else ""
