"""Who sits where: from the first seat on in the order of a language, and after its end from its beginning.

Governments sit first, as they do everywhere; the others follow category by category, each from its beginning.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from django.utils.translation import gettext as _

from meeting import dates
from meeting.models import Meeting, User

from ..models import Delegation, Represents, SeatingStart
from . import who
from .sheet import NUMBER, STRONG, Column, Group, Sheet
from .who import Party


def first_seat(meeting: Meeting) -> SeatingStart | None:
    """The newest; nobody has drawn yet: None."""
    return SeatingStart.objects.filter(meeting=meeting).select_related("delegation", "by").first()


def governments(meeting: Meeting, user: User, language: str) -> list[Party]:
    """Those who can have the first seat: Governments with somebody who comes, as the language orders them."""
    there = _there(meeting, user)
    known = who.parties(meeting, user, language).values()
    found = [p for p in known if p.delegation.pk in there and p.category.represents == Represents.GOVERNMENT]
    return sorted(found, key=lambda party: party.place[1:])  # members and observers in one alphabet


def _there(meeting: Meeting, user: User) -> set[int]:
    return set(who.approved(meeting, user).order_by().values_list("delegation", flat=True).distinct())


def draw(meeting: Meeting, user: User, language: str) -> SeatingStart:
    """By lot among the Governments who come. ValueError where there is none."""
    among = governments(meeting, user, language)
    if not among:
        raise ValueError(_("No Government is approved yet, so there is nobody to draw."))
    return _keep(meeting, user, language, secrets.choice(among).delegation, SeatingStart.How.DRAWN, len(among))


def choose(meeting: Meeting, user: User, language: str, reference: str) -> SeatingStart:
    """Somebody said who begins. ValueError where that delegation is none of those who sit."""
    among = governments(meeting, user, language)
    found = next((party for party in among if party.delegation.reference == reference), None)
    if found is None:
        raise ValueError(_("This delegation is not among the Governments who come. Choose one of the list."))
    return _keep(meeting, user, language, found.delegation, SeatingStart.How.CHOSEN, len(among))


def _keep(meeting: Meeting, user: User, language: str, first: Delegation, how: str, among: int) -> SeatingStart:
    return SeatingStart.objects.create(
        meeting=meeting, delegation=first, how=how, among=among, language=language, by=user
    )


def order(meeting: Meeting, user: User) -> tuple[list[Party], SeatingStart | None]:
    """Everybody in the order of their seats. A first delegation that does not come any more gives way to the next."""
    start = first_seat(meeting)
    language = start.language if start else who.language()
    everybody = who.parties(meeting, user, language)
    states = turned(governments(meeting, user, language), everybody.get(start.delegation_id) if start else None)
    there, seated = _there(meeting, user), {party.delegation.pk for party in states}
    return [*states, *(p for pk, p in everybody.items() if pk in there and pk not in seated)], start


def turned(parties: Sequence[Party], first: Party | None) -> list[Party]:
    """From `first` on, or from where it would stand; then from the beginning."""
    if first is None:
        return list(parties)
    place = next((n for n, party in enumerate(parties) if party.place[1:] >= first.place[1:]), 0)
    return [*parties[place:], *parties[:place]]


def sheet(meeting: Meeting, user: User) -> Sheet:
    seated, start = order(meeting, user)
    columns = [
        Column(_("Seat"), 0.8, NUMBER, wide=6),
        Column(_("Delegation"), 6, STRONG, wide=50),
        Column(_("Category"), 3, wide=30),
    ]
    rows = [[str(n), party.name, party.category.name] for n, party in enumerate(seated, start=1)]
    facts = [told(start, meeting)] if start else [_("Nobody has said yet who begins: in alphabetical order.")]
    return Sheet(_("Seating order"), columns, [Group("", rows)], facts, empty=_("Nobody is approved yet."))


def told(start: SeatingStart, meeting: Meeting) -> str:
    """Who begins, by lot or not, said by whom and when: printed, so that nobody need ask."""
    facts = {
        "first": start.delegation.name,
        "number": start.among,
        "language": dates.language_name(start.language),
        "who": start.by,
        "when": dates.moment(start.at, meeting.zone),
    }
    by_lot = _("Begins with %(first)s, drawn by lot among %(number)d; names in the order of %(language)s.")
    by_hand = _("Begins with %(first)s, chosen; names in the order of %(language)s.")
    begins = by_lot if start.how == SeatingStart.How.DRAWN else by_hand
    return f"{begins} {_('%(who)s, %(when)s.')}" % facts
