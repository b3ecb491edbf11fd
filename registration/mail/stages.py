"""Where a message is, as people understand it. The one place that says so: for a row, and for a query."""

from __future__ import annotations

import datetime

from django.db import models
from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registration.models import LIVE, HeldFor, MailEvent, MailState, OutgoingMail


class Stage(models.TextChoices):
    WAITING = "waiting", _("Waiting to be sent")
    GRACE = "grace", _("Held back for now")
    REVIEW = "review", _("Held until somebody has read it")
    ADDRESS = "address", _("Held: the address does not work")
    RETRY = "retry", _("Waiting to try again")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    DELIVERED = "delivered", _("Delivered")
    BOUNCED = "bounced", _("Came back")
    FAILED = "failed", _("Could not be sent")
    UNCLEAR = "unclear", _("Unclear whether it arrived")
    CANCELLED = "cancelled", _("Stopped before it left")


# Kept in the place of a server's answer while a message waits for its turn at a slow domain: it was not tried.
ITS_TURN = "Waits for its turn: we write slowly to this domain."
# Nothing more happens to these unless a person acts.
TO_LOOK_AT = (Stage.REVIEW, Stage.ADDRESS, Stage.BOUNCED, Stage.FAILED, Stage.UNCLEAR)
# Of these, what went wrong on our side of the wire: the command and the alarms speak of them.
GONE_WRONG = (Stage.FAILED, Stage.UNCLEAR)
# May still leave by itself.
ON_ITS_WAY = (Stage.WAITING, Stage.GRACE, Stage.RETRY, Stage.SENDING)

# Who acts next, and what that is.
NEXT: dict[Stage, Promise] = {
    Stage.WAITING: _("It leaves by itself. Nothing to do."),
    Stage.GRACE: _("It leaves by itself when its time comes. Until then it can be stopped, or sent at once."),
    Stage.REVIEW: _("Somebody reads it, then sends it or stops it."),
    Stage.ADDRESS: _("Somebody corrects the address, or says that it works again. Then the message leaves."),
    Stage.RETRY: _("The mail server did not take it. It is tried again by itself."),
    Stage.SENDING: _("It is on its way to the mail server."),
    Stage.SENT: _("The mail server has taken it. Nothing to do."),
    Stage.DELIVERED: _("The reader’s mail server has it. Nothing to do."),
    Stage.BOUNCED: _("It did not reach its reader. Somebody finds out the right address, or reaches them another way."),
    Stage.FAILED: _("It is not tried again. Somebody reads the answer, then sends it again or stops it."),
    Stage.UNCLEAR: _(
        "It was handed over and no answer came, so it may have arrived. "
        "Somebody asks its reader or looks at the mail server, then takes it as sent or sends it again."
    ),
    Stage.CANCELLED: _("It was never sent. Nothing to do."),
}

_BY_STATE = {
    MailState.SENDING: Stage.SENDING,
    MailState.SENT: Stage.SENT,
    MailState.DELIVERED: Stage.DELIVERED,
    MailState.BOUNCED: Stage.BOUNCED,
    MailState.FAILED: Stage.FAILED,
    MailState.STUCK: Stage.UNCLEAR,
    MailState.CANCELLED: Stage.CANCELLED,
}
_BY_REASON = {HeldFor.REVIEW: Stage.REVIEW, HeldFor.ADDRESS: Stage.ADDRESS}


def stage_of(mail: OutgoingMail, now: datetime.datetime | None = None) -> Stage:
    """Where this row is; `now` for a test, and for a page that asks of many."""
    if mail.state == MailState.HELD:
        return _BY_REASON[HeldFor(mail.held_for)]
    if mail.state != MailState.QUEUED:
        return _BY_STATE[MailState(mail.state)]
    if mail.attempts or mail.last_error not in ("", ITS_TURN):
        return Stage.RETRY
    is_held_back = mail.not_before > (now or timezone.now()) and not mail.last_error
    return Stage.GRACE if is_held_back else Stage.WAITING


def at(*stages: Stage, now: datetime.datetime | None = None) -> Q:
    """The rows in one of `stages`, as a condition."""
    conditions = _conditions(now or timezone.now())
    found = Q(pk__in=[])
    for stage in stages:
        found |= conditions[stage]
    return found


def needs_somebody(now: datetime.datetime | None = None) -> Q:
    """What a person has to look at; of what came back only what still asks for something."""
    others = [stage for stage in TO_LOOK_AT if stage is not Stage.BOUNCED]
    return at(*others, now=now) | came_back_and_waits()


def came_back_and_waits() -> Q:
    """It came back, nobody has done with it or sent it once more, and its reader would be written to there today."""
    done_with = MailEvent.objects.filter(mail=OuterRef("pk"), what__in=[MailEvent.What.SEEN, MailEvent.What.REPEATED])
    comes = Q(registration=None) | Q(registration__status__in=LIVE)
    delegate = ~Q(registration=None) & Q(focal_user=None)
    theirs = Q(registration__email__iexact=F("to")) | ~delegate
    focal = Q(focal_user=None) | Q(focal_user__email__iexact=F("to"))
    invited = Q(invitation=None) | Q(invitation__email__iexact=F("to"))
    return Q(state=MailState.BOUNCED) & comes & theirs & focal & invited & Q(~Exists(done_with))


def in_sql(now: datetime.datetime | None = None) -> Case:
    """The stage as a column: `.annotate(stage=in_sql())`."""
    conditions = _conditions(now or timezone.now())
    return Case(
        *(When(condition, then=Value(stage.value)) for stage, condition in conditions.items()),
        output_field=models.CharField(),
    )


def counted(mails: QuerySet[OutgoingMail]) -> dict[Stage, int]:
    """How many of `mails` are in each stage, all stages named; one query."""
    rows = mails.order_by().annotate(stage=in_sql()).values_list("stage").annotate(n=Count("pk"))
    found = dict(rows)
    return {stage: found.get(stage.value, 0) for stage in Stage}


def _conditions(now: datetime.datetime) -> dict[Stage, Q]:
    queued = Q(state=MailState.QUEUED)
    tried = Q(attempts__gt=0) | ~Q(last_error__in=["", ITS_TURN])
    held_back = Q(not_before__gt=now, last_error="")
    return {
        Stage.WAITING: queued & ~tried & ~held_back,
        Stage.GRACE: queued & ~tried & held_back,
        Stage.RETRY: queued & tried,
        **{stage: Q(state=MailState.HELD, held_for=reason) for reason, stage in _BY_REASON.items()},
        **{stage: Q(state=state) for state, stage in _BY_STATE.items()},
    }
