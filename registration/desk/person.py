"""What the screen to decide shows of one person: letter, checks, roster, history, messages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Q, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from meeting.collation import fold
from meeting.models import User

from ..duplicates import pairs
from ..models import ROLE_ORDER, SEATED, Likeness, Registration, RegistrationEvent, Status
from ..models.registration import RegistrationQuerySet
from ..workflow import seats_used

MOST_MATES = 40
MOST_TWINS = 5


@dataclass(frozen=True)
class Check:
    """One thing looked at: fine, or worth a look."""

    is_fine: bool
    text: str
    links: tuple[Registration, ...] = ()
    pairs: tuple[tuple[Likeness, Registration], ...] = ()  # with whoever it may be besides


def checks(
    registration: Registration, everybody: RegistrationQuerySet, *, letters: int | None, decider: User | None = None
) -> list[Check]:
    """`letters` is how many came with the registration; None for a reader who may not know.

    `decider` is the reader who may say of two registrations what they are to each other; None for others.
    """
    found = [letter_check(registration, letters)] if letters is not None else []
    if not registration.delegation.entity.is_checked:
        found.append(Check(False, _("The delegate typed this organization: check its name under Setup, Entities")))
    return [*found, _seat_check(registration), *_twin_checks(registration, everybody, decider)]


def letter_check(registration: Registration, letters: int) -> Check:
    if letters:
        return Check(True, ngettext("%d letter sent", "%d letters sent", letters) % letters)
    needed = registration.delegation.category.letter_required
    return Check(not needed, _("No letter, and the category needs one") if needed else _("No letter; none is needed"))


def _seat_check(registration: Registration) -> Check:
    delegation, category = registration.delegation, registration.delegation.category
    if registration.status == Status.WAITLISTED and category.quota is not None:
        taken = Registration.objects.seated().filter(delegation__category=category).count()
        if taken >= category.quota:
            values = {"taken": taken, "seats": category.quota, "category": category.name}
            return Check(False, _("No seat kept: “%(category)s” has %(taken)d of %(seats)d taken") % values)
    used = seats_used([delegation.pk]).get(delegation.pk, 0)
    if delegation.seats is None:
        text = ngettext("%d seat used; no limit", "%d seats used; no limit", used) % used
        return Check(True, text)
    values = {"used": used, "seats": delegation.seats}
    if registration.status in SEATED:
        return Check(used <= delegation.seats, _("Seat kept: %(used)d of %(seats)d used") % values)
    return Check(used < delegation.seats, _("No seat kept: %(used)d of %(seats)d used") % values)


def _twin_checks(registration: Registration, everybody: RegistrationQuerySet, decider: User | None) -> list[Check]:
    """What was found and waits for a word; and whoever is the same at first sight but was not compared yet."""
    if registration.is_minor:
        return []
    asked = [(p, _other(p, registration)) for p in pairs.about(registration, decider)] if decider else []
    known = {who.pk for _pair, who in asked} if decider else pairs.decided_about(registration)
    is_open = [(p, who) for p, who in asked if p.state == Likeness.State.OPEN]
    here = tuple((p, who) for p, who in is_open if who.meeting_id == registration.meeting_id)
    before = tuple((p, who) for p, who in is_open if who.meeting_id != registration.meeting_id)
    found = tuple(t for t in twins(registration, everybody) if t.pk not in known)
    checked = [Check(False, _("May be the same person as"), found, here)] if found or here else []
    if before:
        checked.append(Check(True, _("May have been at the meeting before, as"), (), before))
    return checked or [Check(True, _("Nobody else here with this name or email"))]


def _other(pair: Likeness, registration: Registration) -> Registration:
    return pair.second if pair.first_id == registration.pk else pair.first


def twins(registration: Registration, everybody: RegistrationQuerySet) -> list[Registration]:
    """Others at the meeting with the same email, or the same name in whatever order its parts stand."""
    # The search key has an index and holds both; what it finds is then compared exactly.
    name, email = fold(registration.display_name), registration.email.lower()
    same_email = Q(search_key__contains=email) if email else Q()
    likely = everybody.filter(Q(search_key__contains=name) | same_email, is_minor=False)
    likely = likely.exclude(pk=registration.pk).select_related("delegation").order_by("pk")[:50]
    parts = sorted(name.split())
    same = [r for r in likely if (email and r.email.lower() == email) or sorted(fold(r.display_name).split()) == parts]
    return same[:MOST_TWINS]


def roster(registration: Registration, everybody: RegistrationQuerySet) -> tuple[list[Registration], bool]:
    """The delegation as it will be listed, and whether it goes on beyond what one screen should hold."""
    rank = Case(*(When(role=role, then=Value(n)) for role, n in ROLE_ORDER.items()), default=Value(999))
    mates = everybody.filter(delegation=registration.delegation_id).order_by(rank, "sort_key", "pk")
    rows = list(mates[: MOST_MATES + 1])
    return rows[:MOST_MATES], len(rows) > MOST_MATES


def history(registration: Registration) -> list[tuple[RegistrationEvent, str]]:
    """Every move, newest first, with who made it."""
    return [(event, _in_words(event)) for event in registration.events.select_related("by").order_by("-at", "-pk")]


def _in_words(event: RegistrationEvent) -> str:
    status = str(Status(event.to_status).label)
    if event.by is None:
        return status
    return _("%(status)s by %(who)s") % {"status": status, "who": event.by}


def decided_meanwhile(registration: Registration, seen: str) -> str:
    """A calm word for the second of two reviewers: who decided what, and when. Empty when nothing has changed."""
    registration.refresh_from_db(fields=["status"])
    last = registration.events.select_related("by").last()
    if registration.status == seen or last is None:
        return ""
    values: dict[str, Any] = {
        "who": registration.printed_name,
        "now": registration.get_status_display().lower(),
        "by": last.by or _("the delegate"),
        "at": f"{last.at.astimezone(registration.meeting.zone):%H:%M}",
    }
    return _("%(who)s is %(now)s already: %(by)s did that at %(at)s. Nothing was changed by you.") % values
