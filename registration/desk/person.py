"""What the screen to decide shows of one person: letter, checks, what waits for a word, roster, history, messages."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from meeting import dates
from meeting.collation import fold, latin
from meeting.models import User

from .. import field_words, status_page
from ..duplicates import pairs
from ..lists.order import WITHIN, with_places
from ..models import (
    LIVE,
    SEATED,
    Category,
    ChangeProposal,
    Channel,
    Likeness,
    Registration,
    RegistrationEvent,
    SeatOffer,
    Status,
)
from ..models.registration import RegistrationQuerySet
from ..questions import fields as questions
from ..questions.past_words import PastAnswers
from ..workflow import seats_used

MOST_MATES = 40
FIRST_MATES = 8  # of a larger delegation: whoever leads it, and the next
CALLED = ("reference", "honorific", "display_name", "status")  # what stands in a list of people
MOST_TWINS = 5


@dataclass(frozen=True)
class Check:
    """One thing looked at: fine, or worth a look."""

    is_fine: bool
    text: str
    links: tuple[Registration, ...] = ()
    pairs: tuple[tuple[Likeness, Registration], ...] = ()  # with whoever it may be besides
    more: int = 0  # pairs that are not shown


def checks(
    registration: Registration,
    everybody: RegistrationQuerySet,
    *,
    letters: int | None,
    compared: list[Likeness] | None = None,
) -> list[Check]:
    """`letters` is how many came with the registration; None for a reader who may not know.

    `compared` are the pairs it is in, for a reader who may say what the two are to each other; None for others.
    """
    found = [letter_check(registration, letters)] if letters is not None else []
    if not registration.delegation.entity.is_checked:
        found.append(Check(False, _("The delegate typed this organization: check its name under Setup, Entities")))
    return [*found, *_seat_checks(registration), *_twin_checks(registration, everybody, compared)]


def letter_check(registration: Registration, letters: int) -> Check:
    if letters:
        return Check(True, ngettext("%d letter sent", "%d letters sent", letters) % letters)
    needed = registration.delegation.category.letter_required
    return Check(not needed, _("No letter, and the category needs one") if needed else _("No letter; none is needed"))


def _seat_checks(registration: Registration) -> list[Check]:
    """The seats of the delegation, and those of the whole category where that has a limit of its own."""
    delegation, category = registration.delegation, registration.delegation.category
    used = seats_used([delegation.pk]).get(delegation.pk, 0)
    if delegation.seats is None:
        found = [Check(True, ngettext("%d seat used; no limit", "%d seats used; no limit", used) % used)]
    else:
        found = [_against_limit(registration, used, delegation.seats)]
    return found if category.quota is None else [*found, _category_check(registration, category)]


def _against_limit(registration: Registration, used: int, seats: int) -> Check:
    values = {"used": used, "seats": seats, "left": max(seats - used, 0)}
    if registration.status in SEATED:
        return Check(used <= seats, _("Seat kept: %(used)d of %(seats)d used, %(left)d left") % values)
    return Check(used < seats, _("No seat kept: %(used)d of %(seats)d used, %(left)d left") % values)


def _category_check(registration: Registration, category: Category) -> Check:
    seats = category.quota or 0
    # Past its limit nobody asks by how much.
    used = Registration.objects.seated().filter(delegation__category=category).order_by()[: seats + 1].count()
    text = _("“%(category)s”: %(used)d of %(seats)d used, %(left)d left")
    if used > seats:
        text = _("“%(category)s”: more than its %(seats)d seats are used")
    values = {"category": category.name, "used": used, "seats": seats, "left": max(seats - used, 0)}
    return Check(used <= seats if registration.status in SEATED else used < seats, text % values)


def _twin_checks(
    registration: Registration, everybody: RegistrationQuerySet, compared: list[Likeness] | None
) -> list[Check]:
    """What was found and waits for a word; and whoever is the same at first sight but was not compared yet."""
    if registration.is_minor:
        return []
    asked = [(p, other_of(p, registration)) for p in compared or []]
    known = pairs.decided_about(registration) if compared is None else {who.pk for _pair, who in asked}
    is_open = [(p, who) for p, who in asked if p.state == Likeness.State.OPEN]
    here = tuple((p, who) for p, who in is_open if who.meeting_id == registration.meeting_id)
    before = tuple((p, who) for p, who in is_open if who.meeting_id != registration.meeting_id)
    found = tuple(t for t in twins(registration, everybody) if t.pk not in known)
    checked = [_pairs_check(False, _("May be the same person as"), here, found)] if found or here else []
    if before:
        checked.append(_pairs_check(True, _("May have been at the meeting before, as"), before))
    return checked or [Check(True, _("Nobody else here with this name or email"))]


def _pairs_check(
    is_fine: bool, text: str, found: tuple[tuple[Likeness, Registration], ...], links: tuple[Registration, ...] = ()
) -> Check:
    """The likest of a pair's other halves; where many are called alike, the rest is a number."""
    return Check(is_fine, text, links, found[:MOST_TWINS], max(0, len(found) - MOST_TWINS))


def other_of(pair: Likeness, registration: Registration) -> Registration:
    return pair.second if pair.first_id == registration.pk else pair.first


def twins(registration: Registration, everybody: RegistrationQuerySet) -> list[Registration]:
    """Others at the meeting with the same email, or the same name in whatever order its parts stand."""
    # Both have an index, which in Latin letters finds every script at once; the name is then compared exactly.
    name, email = registration.display_name, registration.email.lower()
    same_email = Q(small_email=email) if email else Q()
    likely = (
        everybody.alias(small_email=Lower("email"))
        .exclude(pk=registration.pk)
        .filter(Q(search_key__contains=latin(name) or fold(name)) | same_email, is_minor=False)
    )
    parts, rows = sorted(fold(name).split()), likely.order_by("pk").values_list("pk", "email", "display_name")[:50]
    same = [pk for pk, mail, of in rows if (email and mail.lower() == email) or sorted(fold(of).split()) == parts]
    if not same:
        return []
    found = everybody.filter(pk__in=same[:MOST_TWINS]).select_related("delegation").order_by("pk")
    return list(found.only(*CALLED, "delegation__name"))


def roster(registration: Registration, everybody: RegistrationQuerySet) -> tuple[list[Registration], bool]:
    """The delegation as it will be listed; of more than one look takes in the first few, and that there are more."""
    mates = with_places(everybody.filter(delegation=registration.delegation_id)).order_by(*WITHIN)
    rows = list(mates.only(*CALLED)[: MOST_MATES + 1])
    are_more = len(rows) > MOST_MATES
    return rows[:FIRST_MATES] if are_more else rows, are_more


def live(mates: list[Registration]) -> int:
    """How many of these come, or may: whoever was rejected or has withdrawn is not counted among the registered."""
    return sum(mate.status in LIVE for mate in mates)


def history(
    registration: Registration, *, contact: bool = True, birth: bool = True, user: User | None = None
) -> list[tuple[RegistrationEvent, str]]:
    """Every event, newest first, with who made it. Without `contact`, what only some readers may see is not told.

    Nor, without `birth`, when somebody was born: whoever exports lists has no need of it. Of answers `user` is told
    what they may read.
    """
    conceal: Container[str] = () if contact else field_words.CONTACT
    conceal = conceal if birth or not contact else {"birth_date"}
    if registration.is_minor:
        conceal = field_words.Everything()
    events = registration.events.select_related("by").order_by("-at", "-pk")
    answers = PastAnswers(registration.meeting, None if registration.is_minor else user)
    return [(e, status_page.told(e, _called(e.by, contact=contact), answers, conceal)) for e in events]


def _called(by: User | None, *, contact: bool) -> str:
    """By name. A focal point without one is called by their address, which only some readers may see."""
    if by is None or contact or by.is_staff:
        return str(by or "")
    return by.name or _("Focal point")


@dataclass(frozen=True)
class Open:
    """What waits for somebody's word: a seat on offer, a change that was asked for."""

    offer: SeatOffer | None = None
    proposal: ChangeProposal | None = None
    asked_for: tuple[field_words.Difference, ...] = ()


def what_is_open(registration: Registration) -> Open:
    """Looks only for what this state can have."""
    if registration.status == Status.WAITLISTED:
        return Open(offer=registration.seat_offers.filter(state=SeatOffer.State.OPEN).first())
    if registration.status != Status.APPROVED:
        return Open()
    proposal = registration.proposals.filter(state=ChangeProposal.State.OPEN).select_related("by").first()
    asked_for = field_words.differences(proposal.changes, registration.meeting) if proposal else ()
    return Open(proposal=proposal, asked_for=tuple(asked_for))


def who_acts(registration: Registration, waits: Open) -> str:
    """Who must act next, as the organisers read it."""
    if waits.proposal:
        return _("We must act next: a change was asked for")
    if waits.offer:
        until = dates.moment(waits.offer.expires_at, registration.meeting.zone)
        return _("They must act next: a seat is kept for them until %(until)s") % {"until": until}
    if registration.status == Status.SUBMITTED:
        return _who_decides(registration)
    return {Status.RETURNED: _("They must act next"), Status.WAITLISTED: _("They wait for a seat")}.get(
        Status(registration.status), ""
    )


def _who_decides(registration: Registration) -> str:
    if registration.is_minor:
        return _("The safeguarding lead must act next")
    if registration.needs_endorsement:
        return _("The focal point must endorse first")
    return _("We must act next")


def returnable(registration: Registration) -> list[tuple[str, str]]:
    """What can be sent back to be put right, with its name: all that whoever typed it can reach."""
    names = [n for n in field_words.RETURNABLE if registration.channel != Channel.SELF or n not in ONLY_FOCAL_POINTS]
    own = questions.for_category(registration.meeting, registration.delegation.category)
    return [(n, field_words.label(n)) for n in names] + [(questions.name_of(q), str(q.label)) for q in own]


# Not on the form that delegates fill in themselves.
ONLY_FOCAL_POINTS = {"passport_name", "birth_date", "category"}


def decided_meanwhile(registration: Registration, seen: str) -> str:
    """A calm word for the second of two reviewers: who decided what, and when. Empty when nothing has changed."""
    registration.refresh_from_db(fields=["status"])
    turns = registration.events.exclude(from_status=F("to_status"))
    last = turns.select_related("by").last()
    if registration.status == seen or last is None:
        return ""
    values: dict[str, Any] = {
        "who": registration.printed_name,
        "now": registration.get_status_display().lower(),
        "by": last.by or _("the delegate"),
        "at": f"{last.at.astimezone(registration.meeting.zone):%H:%M}",
    }
    return _("%(who)s is %(now)s already: %(by)s did that at %(at)s. Nothing was changed by you.") % values
