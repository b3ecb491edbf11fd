"""What became of a decision on many: how far it is, and the result of each row."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import Count, F, Max, OuterRef, Q, Subquery
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..mail import outbox
from ..models import BulkDecision, BulkRow, HeldFor, OutgoingMail, RegistrationEvent
from ..models.registration import RegistrationQuerySet

State = BulkRow.State
SHOWN = 30
# What a filter of the result is called in the address.
FILTERS = {"not-done": State.REFUSED, "done": State.DONE, "left": State.WAITING}


@dataclass(frozen=True)
class Progress:
    """How far it is. `left` says for how long it goes on, or is empty while nobody can know."""

    total: int
    done: int
    refused: int
    left: str

    @property
    def decided(self) -> int:
        return self.done + self.refused

    @property
    def said(self) -> str:
        return _("%(decided)s of %(total)s") % {"decided": _number(self.decided), "total": _number(self.total)}

    @property
    def so_far(self) -> str:
        done = ngettext("%(n)s done", "%(n)s done", self.done) % {"n": _number(self.done)}
        return f"{done}, {ngettext('%(n)s not done', '%(n)s not done', self.refused) % {'n': _number(self.refused)}}"

    def for_script(self) -> dict[str, Any]:
        return {**asdict(self), "decided": self.decided, "said": self.said, "so_far": self.so_far}


def _number(n: int) -> str:
    return number_format(n, use_l10n=True, force_grouping=True)


def progress(bulk: BulkDecision) -> Progress:
    counts = dict(bulk.rows.values_list("state").annotate(n=Count("pk")).order_by())
    done, refused = counts.get(State.DONE, 0), counts.get(State.REFUSED, 0)
    total = sum(counts.values())
    return Progress(total, done, refused, _time_left(bulk, done + refused, total))


def _time_left(bulk: BulkDecision, decided: int, total: int) -> str:
    if not decided:
        return _("It begins by itself, within half a minute at the latest.")
    so_far = (timezone.now() - bulk.created_at).total_seconds()
    seconds = round(so_far / decided * (total - decided))
    if seconds < 60:
        return _("Less than a minute left.")
    minutes = round(seconds / 60)
    return ngettext("About %d minute left.", "About %d minutes left.", minutes) % minutes


def result(bulk: BulkDecision, everybody: RegistrationQuerySet, data: QueryDict) -> dict[str, Any]:
    """The rows whom this reader may read, not done first, or those that the filter `show` leaves."""
    rows = bulk.rows.filter(registration__in=everybody)
    counts = dict(rows.values_list("state").annotate(n=Count("pk")).order_by())
    show = data.get("show", "")
    everyone = sorted(_with_all(rows), key=_not_done_first)
    return {
        "rows": [row for row in everyone if show not in FILTERS or row.state == FILTERS[show]],
        "show": show if show in FILTERS else "",
        "filters": [(name, _label(name), counts.get(state, 0)) for name, state in FILTERS.items() if counts.get(state)],
        "total": sum(counts.values()),
        "done": counts.get(State.DONE, 0),
        "undone": sum(row.state == State.DONE and bool(row.undone_at) for row in everyone),  # type: ignore[attr-defined]
        "refused": counts.get(State.REFUSED, 0),
        "left_alone": counts.get(State.WAITING, 0),
        "to_read": _to_read(bulk, everybody),
        **_what_can_be_undone(bulk, everybody),
    }


def _label(name: str) -> str:
    return {"not-done": _("Not done"), "done": _("Done"), "left": _("Left alone")}[name]


def _with_all(rows: Any) -> list[BulkRow]:
    undone = RegistrationEvent.objects.filter(
        registration=OuterRef("registration"), action=RegistrationEvent.Action.UNDONE, at__gte=OuterRef("decided_at")
    )
    around = rows.select_related("registration__delegation__category")
    return list(around.annotate(undone_at=Subquery(undone.order_by("at").values("at")[:1])))


def _not_done_first(row: BulkRow) -> tuple[int, int]:
    order = {State.REFUSED: 0, State.WAITING: 1, State.DONE: 2}
    return order[State(row.state)], row.registration_id


def _what_can_be_undone(bulk: BulkDecision, everybody: RegistrationQuerySet) -> dict[str, Any]:
    """How many decisions nobody outside knows of yet, and until when."""
    quiet = bulk.rows.filter(state=State.DONE, registration__in=everybody, registration__quiet_until__gt=timezone.now())
    # Decided on anew meanwhile, it is another decision that waits.
    ours = quiet.filter(registration__status_since__lte=F("decided_at"))
    return dict(ours.aggregate(undoable=Count("pk"), until=Max("registration__quiet_until")))


def _to_read(bulk: BulkDecision, everybody: RegistrationQuerySet) -> int:
    """How many messages about it wait until somebody has read them."""
    of_these = bulk.rows.filter(state=State.DONE, registration__in=everybody).values("registration")
    held = OutgoingMail.objects.filter(registration__in=of_these, kind__in=outbox.DECISIONS, held_for=HeldFor.REVIEW)
    return held.filter(created_at__gte=bulk.created_at).count()


def listed(found: Any) -> list[Any]:
    """The latest, with how many of them were done."""
    done = Count("rows", filter=Q(rows__state=State.DONE))
    return list(found.annotate(total=Count("rows"), done=done).order_by("-created_at")[:SHOWN])
