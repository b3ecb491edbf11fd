"""What each role opens, in words, from the very rules that open it: a role that a rule names says so by itself."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from meeting.models import Role

from .. import rules
from ..models import LETTER_READERS, READERS

# Organisers of the timetable: the stock admin's classes for sessions and venues have the same roles.
TIMETABLE = (Role.ORGANISER, Role.PROGRAMME)

POWERS: tuple[tuple[Collection[Role], Promise], ...] = (
    (READERS, _("Reads registrations")),
    (rules.CONTACT_READERS, _("Reads email and telephone")),
    (LETTER_READERS, _("Reads letters")),
    (rules.DECIDERS, _("Decides: approve, return, reject")),
    (rules.EXPORTERS, _("Exports lists")),
    (rules.HISTORY_READERS, _("Reads the history of the meeting")),
    ((Role.ORGANISER,), _("Sets up the meeting, invites, gives roles")),
    (TIMETABLE, _("Writes sessions, venues and rooms")),
    (rules.CHILD_READERS, _("Opens the sealed files of people under 18, and decides on them")),
)

NOTHING = _("Opens no screen yet")

# One line for the head of a column.
IN_SHORT = {
    Role.ORGANISER: _("Runs the meeting; all but sealed files"),
    Role.REVIEWER: _("Decides on registrations"),
    Role.PROGRAMME: _("Sessions, venues, rooms"),
    Role.DESK: _("Nothing yet: badges come later"),
    Role.VISA: _("Nothing yet: visa letters come later"),
    Role.SAFEGUARDING: _("Sealed files of people under 18"),
    Role.LISTS: _("Reads and exports lists"),
    Role.RAPPORTEUR: _("Nothing yet: goals come later"),
    Role.AUDITOR: _("Looks, and changes nothing"),
}


@dataclass(frozen=True)
class Opened:
    """A role with all that it opens."""

    role: Role
    in_short: Promise
    opens: list[Promise]


def legend() -> list[Opened]:
    return [Opened(role, IN_SHORT[role], opened_by(role)) for role in Role]


def opened_by(role: Role) -> list[Promise]:
    return [text for roles, text in POWERS if role in roles] or [NOTHING]
