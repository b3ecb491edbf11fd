"""Who is let in, entity by entity: to tick at the door, and to sign for a session."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from typing import Protocol

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from meeting import dates
from meeting.models import Meeting, Room, User

from ..models import RoleInDelegation
from ..names import tidy
from . import who
from .sheet import BLANK, BOX, STRONG, Column, Group, Sheet
from .who import Party, Person

BLANKS = 8  # lines for whoever is not on the list


class Session(Protocol):
    """What a sheet says of a session; the programme, which has them, stands above this app."""

    pk: int
    title: str
    starts_at: datetime.datetime
    ends_at: datetime.datetime
    room: Room | None


def door_list(meeting: Meeting, user: User, language: str, *, category: int | None = None) -> Sheet:
    """Everybody who comes. A child is a number: whoever brings them shows the paper of the safeguarding lead."""
    columns = [
        Column("", 0.35, BOX, wide=4),
        Column(_("Name"), 3.7, STRONG, wide=34),
        Column(_("Role"), 3.7, wide=26),
        Column(_("Reference"), 1.5, wide=12),
        Column(_("Photo no."), 1.2, BLANK, wide=10),
    ]
    groups = [
        Group(party.name, [[_name(p), _role(p), p.reference] for p in people if not p.is_minor], _children(people))
        for party, people in _parties(meeting, user, language, category)
    ]
    return Sheet(_("Door list"), columns, groups, empty=_("Nobody is approved yet."))


def sign_in_sheets(
    meeting: Meeting, user: User, language: str, sessions: Sequence[Session], *, category: int | None = None
) -> list[Sheet]:
    """One for each session, with the same people and some empty lines."""
    columns = [Column(_("Name"), 4, STRONG, wide=34), Column(_("Signature"), 4, BLANK, wide=34)]
    parties = _parties(meeting, user, language, category)
    groups = [Group(party.name, [[_name(p)] for p in people if not p.is_minor]) for party, people in parties]
    shown = [group for group in groups if group.rows]
    return [Sheet(s.title, columns, shown, _facts(s, meeting), roomy=True, blanks=BLANKS) for s in sessions]


def _parties(meeting: Meeting, user: User, language: str, category: int | None) -> list[tuple[Party, list[Person]]]:
    wanted = who.approved(meeting, user)
    if category:
        wanted = wanted.filter(delegation__category=category)
    people = who.by_delegation(who.people(wanted))
    return [(party, people[pk]) for pk, party in who.parties(meeting, user, language).items() if pk in people]


def _name(person: Person) -> str:
    return tidy(f"{person.honorific} {person.display_name}")


def _role(person: Person) -> str:
    return str(RoleInDelegation(person.role).label)


def _children(people: Iterable[Person]) -> str:
    number = sum(person.is_minor for person in people)
    return ngettext("and %(n)d child", "and %(n)d children", number) % {"n": number} if number else ""


def _facts(session: Session, meeting: Meeting) -> list[str]:
    starts, ends = (at.astimezone(meeting.zone) for at in (session.starts_at, session.ends_at))
    when = f"{dates.day_heading(starts.date())}, {starts:%H:%M}–{ends:%H:%M}"
    return [when, session.room.name if session.room else _("No room yet")]
