"""Whether somebody may have a letter now. Asked when it is issued, and again whenever it is taken."""

from __future__ import annotations

import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from meeting import dates
from meeting.models import Meeting, Role, User
from meeting.models.meeting import has_role

from ..models import ISSUED_READERS, IssuedKind, LetterSetup, Modality, Registration, Status
from ..rules import is_minor

ISSUERS = (Role.ORGANISER, Role.VISA)


class CannotIssue(Exception):
    """A letter that cannot be; the message names who, the reason and the next step."""


def can_issue(user: User, meeting: Meeting) -> bool:
    return has_role(user, meeting, *ISSUERS)


def can_read_issued(user: User, meeting: Meeting) -> bool:
    return has_role(user, meeting, *ISSUED_READERS)


def why_not(registration: Registration, setup: LetterSetup, categories: set[int] | None = None) -> str:
    """A sentence for staff where this letter cannot be issued to this person now; empty where it can.

    `categories` are those the letter is for, where the caller has read them; none are all.
    """
    who = {"who": registration.display_name}
    if is_child(registration):
        # Not with their name: it may be that of a child, and stays in the sealed file.
        return _("For somebody under 18 no letter is issued here. The safeguarding lead writes what they need.")
    if registration.status != Status.APPROVED:
        who["now"] = registration.get_status_display().lower()
        return _("%(who)s is %(now)s: letters are for those who are approved.") % who
    if registration.told_status != Status.APPROVED:
        return _("The approval of %(who)s can still be undone. The letter can be issued in a few minutes.") % who
    return _why_not_kind(registration, setup, categories)


def _why_not_kind(registration: Registration, setup: LetterSetup, categories: set[int] | None) -> str:
    who = {"who": registration.display_name, "category": registration.delegation.category.name}
    only = set(setup.categories.values_list("pk", flat=True)) if categories is None else categories
    if only and registration.delegation.category_id not in only:
        return _("%(who)s comes in “%(category)s”, and this letter is not for that category.") % who
    if setup.kind == IssuedKind.INVITATION and registration.modality == Modality.ONLINE:
        return _("%(who)s takes part online and does not travel.") % who
    if setup.kind == IssuedKind.CERTIFICATE and not may_certify(registration.meeting, setup):
        day = dates.long_date(registration.meeting.ends_on)
        return _("Certificates are issued after the last day of the meeting, %(day)s.") % {"day": day}
    return ""


def unsigned() -> str:
    """What staff are told where a letter has nobody who signs it."""
    return _("Nobody signs this letter yet. Write who does under “Letters”, then issue it anew.")


def is_child(registration: Registration) -> bool:
    """Marked as one, or born less than 18 years before the meeting and not yet taken out of its row."""
    born = registration.birth_date
    return registration.is_minor or (born is not None and is_minor(born, registration.meeting))


def may_certify(meeting: Meeting, setup: LetterSetup, now: datetime.datetime | None = None) -> bool:
    """When the last day is over where the meeting is, or the organisers say so."""
    return setup.before_the_end or (now or timezone.now()).astimezone(meeting.zone).date() > meeting.ends_on


def setup_of(meeting: Meeting, kind: str) -> LetterSetup:
    """How this kind is issued here, with all that stands in a letterhead; as we think best where nobody has said."""
    with_head = LetterSetup.objects.select_related("letterhead__organiser", "meeting")
    mine = with_head.prefetch_related("meeting__organisers").filter(meeting=meeting, kind=kind)
    found = mine.first()
    if found is None:
        defaults = {"letterhead": meeting.letterheads.first()}
        LetterSetup.objects.get_or_create(meeting=meeting, kind=kind, defaults=defaults)
        found = mine.get()
    return found
