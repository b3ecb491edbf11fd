"""What became of a message to many: how far it is, and how it stands with each."""

from __future__ import annotations

import csv
import datetime
import uuid
from collections.abc import Iterator
from typing import Any

from django.db.models import Count, QuerySet
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from meeting.models import AuditEntry, User

from .. import rules
from ..campaigns import words
from ..lists.guard import guarded
from ..mail import stages
from ..mail.stages import Stage
from ..models import Campaign, CampaignRecipient, OutgoingMail, known_to
from .access import StaffRequest
from .campaign_forms import in_words

PAGE = 100
CHUNK = 1000
State = CampaignRecipient.State
Why = CampaignRecipient.Why
WAITING = "not-yet"
LEFT_OUT = "left-out"
Rows = QuerySet[CampaignRecipient]


def page(request: StaffRequest, found: Campaign) -> HttpResponseBase:
    """Scheduled, going out, or over: each with what can be done now."""
    rows = recipients(found, request.user)
    counts = Counts.of(found, rows)
    show = request.GET.get("show", "")
    shown, following = _page(_narrowed(rows, show, found), request.GET.get("after", ""))
    context = {
        "meeting": found.meeting,
        "section": "messages",
        "campaign": found,
        "people": in_words(found.meeting, request.user, found.query),
        "can_write": rules.can_decide(request.user, found.meeting),
        "can_export": rules.can_organise(request.user, found.meeting),
        "shows_contact": rules.can_decide(request.user, found.meeting),
        "counts": counts,
        "progress": counts.progress(),
        "filters": counts.filters(),
        "show": show,
        "rows": [Line(row) for row in shown],
        "following": following,
        "copy_token": uuid.uuid4(),
        "languages": [(code, words.words_in(found, code)) for code in words.written(found)],
    }
    return render(request, "desk/campaign.html", context)


def recipients(found: Campaign, user: User) -> Rows:
    """Those whom `user` may know of."""
    return found.recipients.filter(known_to(user, "delegation__meeting", "delegation__category"))


class Counts:
    """How many stand where; a few questions, whatever their number."""

    def __init__(self, states: dict[str, int], mails: dict[Stage, int], why: dict[str, int], found: Campaign) -> None:
        self.states, self.mails, self.why, self.found = states, mails, why, found

    @classmethod
    def of(cls, found: Campaign, rows: Rows) -> Counts:
        plain = rows.order_by()
        by_state = plain.values_list("state", "why").annotate(n=Count("pk"))
        states: dict[str, int] = {}
        why: dict[str, int] = {}
        for state, reason, n in by_state:
            states[state] = states.get(state, 0) + n
            if reason:
                why[reason] = n
        mails = OutgoingMail.objects.filter(campaign_recipient__in=plain)
        return cls(states, stages.counted(mails), why, found)

    @property
    def total(self) -> int:
        return sum(self.states.values())

    @property
    def written(self) -> int:
        return self.states.get(State.QUEUED, 0)

    @property
    def left_out(self) -> int:
        return self.states.get(State.SKIPPED, 0)

    @property
    def left_alone(self) -> int:
        return self.states.get(State.WAITING, 0)

    @property
    def can_be_stopped(self) -> bool:
        """While somebody waits to be written to, or a message to leave."""
        is_going_on = self.found.pressed_at is not None and self.found.ended_at is None
        still = (Stage.WAITING, Stage.GRACE, Stage.RETRY, Stage.REVIEW, Stage.ADDRESS)
        return is_going_on or any(self.mails.get(stage) for stage in still)

    def reasons(self) -> list[tuple[str, int]]:
        return [(str(Why(why).label), n) for why, n in self.why.items()]

    def filters(self) -> list[tuple[str, str, int]]:
        """What can be shown alone: (name, words, how many)."""
        found = [(stage.value, str(stage.label), n) for stage, n in self.mails.items() if n]
        if self.left_alone:
            found.append((WAITING, _("Not written to"), self.left_alone))
        if self.left_out:
            found.append((LEFT_OUT, _("Left out"), self.left_out))
        return found

    def progress(self) -> dict[str, Any]:
        decided = self.total - self.left_alone
        so_far = ngettext("%(n)s message written", "%(n)s messages written", self.written)
        return {
            "running": self.found.ended_at is None,
            "total": self.total,
            "decided": decided,
            "said": _("%(decided)s of %(total)s") % {"decided": _number(decided), "total": _number(self.total)},
            "so_far": so_far % {"n": _number(self.written)},
            "left": _time_left(self.found, decided, self.total),
        }


def _number(n: int) -> str:
    return number_format(n, use_l10n=True, force_grouping=True)


def _time_left(found: Campaign, decided: int, total: int) -> str:
    if found.started_at is None or not decided:
        return _("It begins by itself, within half a minute at the latest.")
    seconds = (timezone.now() - found.started_at).total_seconds() / decided * (total - decided)
    if seconds < 60:
        return _("Less than a minute left.")
    minutes = round(seconds / 60)
    return ngettext("About %d minute left.", "About %d minutes left.", minutes) % minutes


def _narrowed(rows: Rows, show: str, found: Campaign) -> Rows:
    if show == LEFT_OUT:
        return rows.filter(state=State.SKIPPED)
    if show == WAITING:
        return rows.filter(state=State.WAITING)
    if show in Stage.values:
        mails = OutgoingMail.objects.filter(stages.at(Stage(show)), campaign_recipient__campaign=found.pk)
        return rows.filter(mail__in=mails)
    return rows


def _page(rows: Rows, after: str) -> tuple[list[CampaignRecipient], int | None]:
    """By number, with what a line says; and the last number where there are more."""
    if after.isdecimal() and len(after) < 18:
        rows = rows.filter(pk__gt=int(after))
    around = rows.select_related("registration", "delegation__category", "focal_user", "mail")
    shown = list(around.defer("mail__text", "mail__html").order_by("pk")[: PAGE + 1])
    return shown[:PAGE], shown[PAGE - 1].pk if len(shown) > PAGE else None


class Line:
    """One recipient as the report says it."""

    def __init__(self, row: CampaignRecipient) -> None:
        self.row = row
        self.stage = stages.stage_of(row.mail) if row.mail else None

    @property
    def name(self) -> str:
        if self.row.focal_user:
            return str(self.row.focal_user)
        return self.row.registration.printed_name if self.row.registration else ""

    @property
    def about(self) -> str:
        """Of a focal point who reads for somebody: for whom."""
        is_for_somebody = self.row.focal_user_id and self.row.registration
        return self.row.registration.printed_name if is_for_somebody and self.row.registration else ""

    @property
    def reference(self) -> str:
        return self.row.registration.reference if self.row.registration else ""

    @property
    def to(self) -> str:
        return self.row.mail.to if self.row.mail else ""

    @property
    def result(self) -> str:
        if self.stage:
            return str(self.stage.label)
        return self.row.get_why_display() if self.row.state == State.SKIPPED else _("Not written to")

    @property
    def left_at(self) -> datetime.datetime | None:
        return self.row.mail.sent_at if self.row.mail else None


def progress(found: Campaign, user: User) -> dict[str, Any]:
    return Counts.of(found, recipients(found, user)).progress()


def as_csv(request: StaffRequest, found: Campaign) -> HttpResponse | StreamingHttpResponse:
    """Every recipient whom the reader may know of; written down as any other export."""
    rows = recipients(found, request.user)
    AuditEntry.objects.create(
        meeting=found.meeting,
        by=request.user,
        action=AuditEntry.Action.EXPORT,
        about=found.name[:200],
        detail={"format": "csv", "count": rows.count()},
    )
    response = StreamingHttpResponse(_lines(rows, found), content_type="text/csv; charset=utf-8")
    name = f"{found.meeting.slug}-{slugify(found.name) or 'message'}-recipients.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store, private"
    return response


class _Echo:
    def write(self, line: str) -> str:
        return line


def _lines(rows: Rows, found: Campaign) -> Iterator[str]:
    writer = csv.writer(_Echo(), lineterminator="\n")
    yield writer.writerow(
        [_("Reference"), _("Name"), _("Represents"), _("Sent to"), _("Language"), _("Result"), _("Left")]
    )
    around = rows.select_related("registration", "delegation", "focal_user", "mail")
    for row in around.defer("mail__text", "mail__html").order_by("pk").iterator(CHUNK):
        yield writer.writerow([guarded(cell) for cell in _cells(Line(row), found)])


def _cells(line: Line, found: Campaign) -> list[str]:
    at = line.left_at
    mail = line.row.mail
    return [
        line.reference,
        line.name,
        line.row.delegation.name,
        line.to,
        mail.language if mail else "",
        line.result,
        at.astimezone(found.meeting.zone).strftime("%Y-%m-%d %H:%M") if at else "",
    ]
