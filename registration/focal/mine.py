"""The delegations that one focal point looks after, at every meeting, and what waits for them in each."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby

from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from meeting.models import Meeting, User

from ..closing import closes_at
from ..letters.reconcile import PROPOSED, UNREGISTERED
from ..letters.standing import kinds_of_names
from ..models import (
    SEATED,
    Channel,
    Delegation,
    FocalPoint,
    Letter,
    Registration,
    SeatOffer,
    Status,
    Typist,
)
from ..outside import told_status


@dataclass
class Looked:
    """One delegation as its focal point finds it. `tasks` are sentences: what they must do next."""

    delegation: Delegation
    is_alternate: bool
    used: int = 0
    waiting: int = 0
    tasks: list[str] = field(default_factory=list)

    @property
    def seats(self) -> str:
        total = self.delegation.seats
        if total is None:
            said = ngettext("%(n)d registered, no limit", "%(n)d registered, no limit", self.used) % {"n": self.used}
        else:
            said = _("%(used)d of %(total)d used") % {"used": self.used, "total": total}
        return _("%(seats)s, %(n)d waiting") % {"seats": said, "n": self.waiting} if self.waiting else said


@dataclass(frozen=True)
class AtMeeting:
    meeting: Meeting
    closes_at: datetime.datetime | None
    is_open: bool
    rows: list[Looked]


def looked_after(user: User) -> list[AtMeeting]:
    """Newest meeting first, its delegations in the order of its lists; six queries, however many there are."""
    found = FocalPoint.objects.active().filter(user=user).select_related("delegation__meeting__venue")
    found = found.select_related("delegation__category").annotate(
        has_letter=Exists(Letter.objects.of_delegations().filter(delegation=OuterRef("delegation")))
    )
    order = ("-delegation__meeting__starts_on", "delegation__meeting", "delegation__category__order")
    rows = list(found.order_by(*order, "delegation__sort_key"))
    looked = [Looked(row.delegation, row.is_alternate) for row in rows]
    _count(looked, with_letter={row.delegation_id for row in rows if row.has_letter})
    return [_at(meeting, list(own)) for meeting, own in groupby(looked, key=lambda row: row.delegation.meeting)]


def _at(meeting: Meeting, rows: list[Looked]) -> AtMeeting:
    closing = closes_at(meeting, (row.delegation.category for row in rows))
    return AtMeeting(meeting, closing, meeting.registration_is_open(), rows)


def _count(looked: list[Looked], *, with_letter: set[int]) -> None:
    pks = [row.delegation.pk for row in looked]
    numbers, offers, named = _numbers(pks), _offers(pks), kinds_of_names(pks)
    for row in looked:
        n = numbers[row.delegation.pk]
        row.used, row.waiting = sum(n[status] for status in SEATED), n[Status.WAITLISTED]
        kinds = named.get(row.delegation.pk, Counter())
        row.tasks = list(_tasks(n, offers.get(row.delegation.pk, 0), kinds))
        if row.delegation.category.letter_required and row.delegation.pk not in with_letter:
            row.tasks.append(_("No letter for the delegation yet"))


def _tasks(n: dict[str, int], offered: int, kinds: Counter[str]) -> Iterable[str]:
    told = [
        (n[Status.RETURNED], lambda k: ngettext("%d returned: correct it", "%d returned: correct them", k)),
        (offered, lambda k: ngettext("%d seat on offer: take it or leave it", "%d seats on offer: take or leave", k)),
        (n[Status.DRAFT], lambda k: ngettext("%d draft not sent", "%d drafts not sent", k)),
        (n["endorse"], lambda k: ngettext("%d waits for your word", "%d wait for your word", k)),
        (kinds[PROPOSED], lambda k: ngettext("%(n)s to confirm", "%(n)s to confirm", k)),
        (
            kinds[UNREGISTERED],
            lambda k: ngettext("%d named in the letter, not registered", "%d named in the letter, not registered", k),
        ),
    ]
    return (_filled(words(count), count) for count, words in told if count)


def _filled(words: str, count: int) -> str:
    return words % ({"n": count} if "%(n)s" in words else count)


def _numbers(pks: list[int]) -> dict[int, dict[str, int]]:
    """How many in each status; drafts only where the focal point types them; and who waits to be endorsed."""
    typed = Registration.objects.filter(delegation__in=pks).exclude(status=Status.DRAFT, channel=Channel.SELF)
    typed = typed.annotate(told=told_status())
    waits = Q(told=Status.SUBMITTED, endorsed_at=None, delegation__category__typist=Typist.ENDORSED)
    counted = typed.order_by().values_list("delegation", "told")
    found: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for pk, status, count, waiting in counted.annotate(n=Count("pk"), waiting=Count("pk", filter=waits)):
        found[pk][status] += count
        found[pk]["endorse"] += waiting
    return found


def _offers(pks: list[int]) -> dict[int, int]:
    open_now = SeatOffer.objects.filter(
        registration__delegation__in=pks, state=SeatOffer.State.OPEN, expires_at__gt=timezone.now()
    )
    return dict(open_now.order_by().values_list("registration__delegation").annotate(n=Count("pk")))
