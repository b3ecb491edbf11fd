"""Who may do what with registrations, which category an entity comes in, and who must act next."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext as _

from meeting.dates import moment
from meeting.models import Entity, Meeting, Role, UNStatus, User
from meeting.models.meeting import has_role

from .models import LETTER_READERS, READERS, Category, Delegation, Registration, Standing, Status, Typist

DECIDERS = (Role.ORGANISER, Role.REVIEWER)
EXPORTERS = (Role.ORGANISER, Role.LISTS)
# Who sees email and telephone: whoever decides or exports.
CONTACT_READERS = (Role.ORGANISER, Role.REVIEWER, Role.LISTS)
HISTORY_READERS = (Role.ORGANISER, Role.AUDITOR)
# Who sees what became of messages; what stands in them, only those who see email and decide.
MESSAGE_READERS = (Role.ORGANISER, Role.REVIEWER, Role.AUDITOR)
CHILD_READERS = (Role.SAFEGUARDING,)


def can_read(user: User, meeting: Meeting) -> bool:
    return has_role(user, meeting, *READERS)


def can_read_letters(user: User, meeting: Meeting) -> bool:
    return has_role(user, meeting, *LETTER_READERS)


def can_organise(user: User, meeting: Meeting) -> bool:
    return has_role(user, meeting, Role.ORGANISER)


def can_decide(user: User, meeting: Meeting) -> bool:
    return has_role(user, meeting, *DECIDERS)


def can_export(user: User, meeting: Meeting) -> bool:
    return has_role(user, meeting, *EXPORTERS)


def can_read_contact(user: User, meeting: Meeting) -> bool:
    """Email and telephone."""
    return has_role(user, meeting, *CONTACT_READERS)


def can_read_history(user: User, meeting: Meeting) -> bool:
    """The history of the whole meeting; that of one person is read by whoever reads the person."""
    return has_role(user, meeting, *HISTORY_READERS)


def can_see_messages(user: User, meeting: Meeting) -> bool:
    """What became of the messages of the meeting."""
    return has_role(user, meeting, *MESSAGE_READERS)


def only_audits(user: User) -> bool:
    """Whether being an auditor is all that somebody does here."""
    return set(user.staff_roles.values_list("role", flat=True)) == {Role.AUDITOR}


def can_see_team(user: User, meeting: Meeting) -> bool:
    """Who has which role; only organisers give and take them."""
    return has_role(user, meeting, *HISTORY_READERS)


def standing_of(entity: Entity, body: str) -> str:
    """What a State is to `body`: member, associate, else permanent observer of the United Nations, else neither."""
    for membership in entity.memberships.all():
        if membership.body == body:
            return Standing.MEMBER if membership.status == "member" else Standing.ASSOCIATE
    return Standing.OBSERVER if entity.un_status == UNStatus.OBSERVER else Standing.NONE


def category_for(entity: Entity, meeting: Meeting, categories: Iterable[Category]) -> Category | None:
    """The first of `categories`, in their order, in which somebody may come for `entity` unasked; None without one.

    Where the entity was set up in a category by invitation whose people register themselves, and in no open one, that
    is theirs.
    """
    standing = standing_of(entity, meeting.membership_body)
    admitting = [c for c in categories if c.admits(entity, standing)]
    invited = [c for c in admitting if c.by_invitation and c.typist != Typist.FOCAL_POINT]
    there = _categories_of(entity, meeting) if invited else set()
    invited = [c for c in invited if c.pk in there]
    opened = [c for c in admitting if not c.by_invitation]
    if invited and not any(c.pk in there for c in opened):
        return invited[0]
    return opened[0] if opened else None


def _categories_of(entity: Entity, meeting: Meeting) -> set[int]:
    found = Delegation.objects.filter(meeting=meeting, entity=entity)
    return set(found.values_list("category", flat=True))


def why_not_oneself(category: Category) -> str:
    """A sentence where nobody registers alone; empty where everybody may."""
    if category.typist != Typist.FOCAL_POINT:
        return ""
    return _("For “%(category)s” the focal point of the delegation registers everybody. Ask yours to add you.") % {
        "category": category.name
    }


def why_closed(
    meeting: Meeting,
    category: Category | None = None,
    now: datetime.datetime | None = None,
    delegation: Delegation | None = None,
) -> str:
    """A sentence for the delegate when registration cannot be taken now; empty when it can.

    A `delegation` may have an exception of its own after closing.
    """
    now = now or timezone.now()
    if delegation is not None and delegation.may_register_late(now):
        return ""
    reason = _why_closed_for_all(meeting, category, now)
    if reason and delegation is not None and delegation.open_until is not None:
        until = moment(delegation.open_until, meeting.zone)
        return _("Your delegation could register until %(until)s. Write to the secretariat if you must still come.") % {
            "until": until
        }
    return reason


def _why_closed_for_all(meeting: Meeting, category: Category | None, now: datetime.datetime) -> str:
    if not meeting.registration_is_open(now):
        if meeting.registration_not_yet_open(now):
            return _("Registration for this meeting has not opened yet.")
        return _("Registration for this meeting is closed. Write to the secretariat if you must still come.")
    if category and not category.takes_registrations(now):
        return _("Registration for “%(category)s” is closed. Write to the secretariat if you must still come.") % {
            "category": category.name
        }
    return ""


def comes_of_age_on(born: datetime.date) -> datetime.date:
    """The eighteenth birthday; for whoever was born on 29 February, 1 March in other years."""
    try:
        return born.replace(year=born.year + 18)
    except ValueError:
        return datetime.date(born.year + 18, 3, 1)


def age_counts_on(meeting: Meeting, today: datetime.date | None = None) -> datetime.date:
    """The first day of the meeting; today, where that day is past."""
    return max(meeting.starts_on, today or timezone.now().astimezone(meeting.zone).date())


def is_minor(born: datetime.date, meeting: Meeting, today: datetime.date | None = None) -> bool:
    """Under 18 on the day that counts."""
    return age_counts_on(meeting, today) < comes_of_age_on(born)


def can_see_children(user: User, meeting: Meeting) -> bool:
    return has_role(user, meeting, *CHILD_READERS)


def next_actor(registration: Registration) -> str:
    """Who must act next, as the delegate reads it."""
    if registration.status == Status.SUBMITTED:
        if registration.is_minor:
            return _("The safeguarding lead")
        if registration.needs_endorsement:
            return _("The focal point of your delegation")
    if registration.status == Status.WAITLISTED and registration.kept_waiting:
        return _("The organisers")
    return {
        Status.DRAFT: _("You"),
        Status.SUBMITTED: _("The organisers"),
        Status.APPROVED: _("Nobody: all is done"),
        Status.RETURNED: _("You"),
        Status.WAITLISTED: _("The organisers, when a seat becomes free"),
        Status.REJECTED: _("You, if you wish to come with a new letter"),
        Status.WITHDRAWN: _("Nobody"),
    }[Status(registration.status)]
