"""Who is reminded today, and by which rung: asked of the database as everything stands in this moment."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils import timezone

from meeting.models import Meeting

from ..campaigns.audience import told
from ..closing import closes_at
from ..letters.standing import has_delegations_letter, has_own_letter, is_matched
from ..models import Category, Channel, Invitation, Modality, OutgoingMail, Registration, Status, Typist
from ..models.registration import RegistrationQuerySet
from .ladder import Kind, Rung

# Where several kinds want to write to somebody on one day: the first of these does, the others wait.
ORDER = (Kind.CLOSING, Kind.RETURNED, Kind.LETTER, Kind.INVITATION, Kind.ARRIVAL)


@dataclass(frozen=True)
class Due:
    """One thing that somebody is reminded of, before its rung is known.

    About one person; or, where its focal points act for all, about a delegation, with how many of its people are
    concerned; or about an invitation. `occasion` tells one time from the next: who is returned twice is reminded twice.
    """

    kind: Kind
    day: datetime.date  # from which or until which the days are counted
    registration: int | None = None
    delegation: int | None = None
    invitation: int | None = None
    number: int = 1
    occasion: str = ""

    @property
    def about(self) -> str:
        """As the key of a message has it."""
        if self.registration:
            return f"r{self.registration}"
        return f"i{self.invitation}" if self.invitation else f"d{self.delegation}"


@dataclass(frozen=True)
class Climbed:
    """It stands on this rung today."""

    due: Due
    rung: Rung

    @property
    def key(self) -> str:
        """In the outbox, so that nobody climbs a rung twice."""
        due = self.due
        return f"reminder-{due.kind.value}-{self.rung.step}-{due.about}-{due.occasion}"


class Scope:
    """Whom a question is about: the whole meeting, or only those who are in hand."""

    def __init__(self, meeting: Meeting, among: Sequence[Climbed] | None) -> None:
        self.meeting, self.is_whole = meeting, among is None
        dues = [climbed.due for climbed in among or ()]
        self.registrations = [due.registration for due in dues if due.registration]
        self.delegations = [due.delegation for due in dues if due.delegation]
        self.invitations = [due.invitation for due in dues if due.invitation]

    def people(self) -> RegistrationQuerySet:
        found = Registration.objects.filter(meeting=self.meeting)
        if self.is_whole:
            return found
        return found.filter(Q(pk__in=self.registrations) | Q(delegation__in=self.delegations))

    def unanswered(self) -> Iterable[Invitation]:
        sent = Invitation.objects.filter(delegation__meeting=self.meeting, state=Invitation.State.SENT)
        found = sent if self.is_whole else sent.filter(pk__in=self.invitations)
        return found.select_related("delegation__category").order_by("pk")


def today(
    meeting: Meeting, rungs: Sequence[Rung], now: datetime.datetime, among: Sequence[Climbed] | None = None
) -> list[Climbed]:
    """Everybody, or those of `among`, who is to hear something today: once each, nothing that was sent already."""
    day, scope = now.astimezone(meeting.zone).date(), Scope(meeting, among)
    climbed = [c for kind in ORDER for c in _of_kind(scope, kind, [r for r in rungs if r.kind == kind], day)]
    return _once_a_day(meeting, climbed, day)


def counts(meeting: Meeting, rungs: Sequence[Rung], now: datetime.datetime) -> Counter[str]:
    """How many each rung would write to or about today, were it switched on; by the name of the rung."""
    return Counter(climbed.rung.name for climbed in today(meeting, rungs, now))


def _of_kind(scope: Scope, kind: Kind, rungs: Sequence[Rung], day: datetime.date) -> Iterator[Climbed]:
    if not rungs:
        return
    for due in FINDERS[kind](scope, max(rung.days for rung in rungs)):
        if rung := stands_on(rungs, due.day, day):
            yield Climbed(due, rung)


def stands_on(rungs: Iterable[Rung], counted: datetime.date, day: datetime.date) -> Rung | None:
    """The rung that was reached last. Those below it are never made up for: nobody hears a thing twice at once."""
    gone = (day - counted).days
    before = [r for r in rungs if r.is_before and 0 <= -gone <= r.days]
    after = [r for r in rungs if not r.is_before and r.days <= gone]
    return min(before, key=lambda r: r.days, default=None) or max(after, key=lambda r: r.days, default=None)


def _once_a_day(meeting: Meeting, climbed: Sequence[Climbed], day: datetime.date) -> list[Climbed]:
    sent = _already_sent(meeting, [c.key for c in climbed])
    heard = _heard_today(meeting, day)
    found = []
    for one in climbed:
        if one.key not in sent and one.due.about not in heard:
            heard.add(one.due.about)
            found.append(one)
    return found


def _already_sent(meeting: Meeting, keys: Sequence[str]) -> set[str]:
    """Each reader has a copy of their own, with a number behind the key."""
    ours = OutgoingMail.objects.filter(meeting=meeting, kind__startswith="reminder_")
    there = ours.filter(key__in=[f"{key}-0" for key in keys]) if keys else ours.none()
    return {key.rpartition("-")[0] for key in there.values_list("key", flat=True)}


def _heard_today(meeting: Meeting, day: datetime.date) -> set[str]:
    begins = datetime.datetime.combine(day, datetime.time.min, meeting.zone)
    ours = OutgoingMail.objects.filter(meeting=meeting, kind__startswith="reminder_", created_at__gte=begins)
    return {key.split("-")[3] for key in ours.values_list("key", flat=True) if key.count("-") >= 4}


# Who lacks what


def lacking_a_letter(scope: Scope) -> RegistrationQuerySet:
    sent = Q(has_own_letter()) | Q(has_delegations_letter()) | Q(is_matched())
    needed = scope.people().filter(is_minor=False).exclude(delegation__category__required_documents=[])
    states = (Status.SUBMITTED, Status.RETURNED, Status.WAITLISTED)
    return told(needed, *states).exclude(sent)


def returned(scope: Scope) -> RegistrationQuerySet:
    """And told so; what is quietly decided since does not count as done."""
    return told(scope.people().filter(is_minor=False, status=Status.RETURNED), Status.RETURNED)


def expected(scope: Scope) -> RegistrationQuerySet:
    """Approved, told so, and coming in person."""
    coming = scope.people().filter(modality=Modality.IN_PERSON, status=Status.APPROVED)
    return told(coming, Status.APPROVED)


def not_sent(scope: Scope) -> RegistrationQuerySet:
    """Rows that focal points have typed."""
    return scope.people().filter(status=Status.DRAFT).exclude(channel=Channel.SELF)


def acts_alone() -> Q:
    """Who can put it right themselves; for all others their focal points do."""
    by_others = Q(delegation__category__typist=Typist.FOCAL_POINT) | Q(on_behalf=True) | Q(email="")
    return ~by_others


def _letters(scope: Scope, _reach: int) -> Iterator[Due]:
    lacking = lacking_a_letter(scope)
    for pk, at in lacking.filter(acts_alone()).order_by("pk").values_list("pk", "submitted_at"):
        if at:
            yield Due(Kind.LETTER, _day(scope.meeting, at), registration=pk, occasion="once")
    for delegation, rows in _by_delegation(lacking.exclude(acts_alone()), "submitted_at"):
        since = min(rows)  # the delegation has known since its first name
        yield Due(Kind.LETTER, _day(scope.meeting, since), delegation=delegation, number=len(rows), occasion="once")


def _returned(scope: Scope, _reach: int) -> Iterator[Due]:
    for pk, at in returned(scope).order_by("pk").values_list("pk", "status_since"):
        yield Due(Kind.RETURNED, _day(scope.meeting, at), registration=pk, occasion=f"{at:%Y%m%d%H%M%S}")


def _invitations(scope: Scope, _reach: int) -> Iterator[Due]:
    for invitation in scope.unanswered():
        if _closing_day(scope.meeting, invitation.delegation.category) is not PAST:
            yield Due(
                Kind.INVITATION, _day(scope.meeting, invitation.created_at), invitation=invitation.pk, occasion="once"
            )


def _closing(scope: Scope, reach: int) -> Iterator[Due]:
    for category in scope.meeting.categories.all():
        day = _closing_day(scope.meeting, category)
        if isinstance(day, datetime.date) and _is_near(scope.meeting, day, reach):
            yield from _closing_in(scope, category, day)


def _closing_in(scope: Scope, category: Category, day: datetime.date) -> Iterator[Due]:
    here, occasion = {"delegation__category": category}, f"{day:%Y%m%d}"
    drafts = not_sent(scope).filter(**here).order_by().values_list("delegation").annotate(n=Count("pk"))
    waiting = Counter(dict(drafts))
    for pk, delegation in returned(scope).filter(**here).exclude(acts_alone()).values_list("pk", "delegation"):
        waiting[delegation] += bool(pk)
    for delegation, number in sorted(waiting.items()):
        yield Due(Kind.CLOSING, day, delegation=delegation, number=number, occasion=occasion)
    alone = returned(scope).filter(acts_alone(), **here)
    for pk in alone.order_by("pk").values_list("pk", flat=True):
        yield Due(Kind.CLOSING, day, registration=pk, occasion=occasion)
    for invitation in scope.unanswered():
        if invitation.delegation.category_id == category.pk:
            yield Due(Kind.CLOSING, day, invitation=invitation.pk, occasion=occasion)


def _arrival(scope: Scope, reach: int) -> Iterator[Due]:
    begins = scope.meeting.starts_on
    if not _is_near(scope.meeting, begins, reach):
        return
    for pk in expected(scope).order_by("pk").values_list("pk", flat=True):
        yield Due(Kind.ARRIVAL, begins, registration=pk, occasion=f"{begins:%Y%m%d}")


def _is_near(meeting: Meeting, day: datetime.date, reach: int) -> bool:
    return 0 <= (day - _day(meeting, timezone.now())).days <= reach


PAST = object()


def _closing_day(meeting: Meeting, category: Category) -> datetime.date | object | None:
    """The day on which registration closes there; None where no day is set, PAST where it is over."""
    at = closes_at(meeting, [category])
    if at is None:
        return None
    return PAST if at <= timezone.now() else at.astimezone(meeting.zone).date()


def _by_delegation(registrations: RegistrationQuerySet, since: str) -> Iterator[tuple[int, list[datetime.datetime]]]:
    found: dict[int, list[datetime.datetime]] = {}
    for delegation, at in registrations.order_by("delegation").values_list("delegation", since):
        found.setdefault(delegation, []).append(at)
    yield from found.items()


def _day(meeting: Meeting, at: datetime.datetime) -> datetime.date:
    return at.astimezone(meeting.zone).date()


FINDERS: dict[Kind, Callable[[Scope, int], Iterator[Due]]] = {
    Kind.LETTER: _letters,
    Kind.RETURNED: _returned,
    Kind.INVITATION: _invitations,
    Kind.CLOSING: _closing,
    Kind.ARRIVAL: _arrival,
}
