"""Mails about roles: to whoever gets them; about who reads what is sealed, to all who have to know."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from meeting.models import AuditEntry, Meeting, Role, StaffRole, User

from ..mail import outbox
from ..safeguarding.alerts import leads_of

INVITATION, GIVEN = "staff_invitation", "role_given"
REMEMBERED = datetime.timedelta(days=30)


def welcome(user: User, meeting: Meeting, roles: Iterable[Role], *, by: User) -> None:
    """One message to somebody who was added: with a link to set a password, where they have none.

    Asked for again within ten minutes it is the same message.
    """
    has_password = user.has_usable_password()
    outbox.queue_to(
        GIVEN if has_password else INVITATION,
        key=f"team-{meeting.pk}-{user.pk}-{int(timezone.now().timestamp() // 600)}",
        meeting=meeting,
        to=user.email,
        language=user.language or get_language() or settings.LANGUAGE_CODE,
        values={"by": str(by), "roles": [str(role.label) for role in roles], "page": page(meeting, "admin:desk:start")},
        focal_user=None if has_password else user,  # whose password the link sets
    )


def tell_leads(user: User, meeting: Meeting, *, by: User) -> None:
    """Somebody can open sealed files now: nobody becomes a lead behind the back of those there are."""
    values = {"by": str(by), "who": str(user), "email": user.email, "page": page(meeting, "admin:desk:team")}
    _tell(_who_is_told(user, meeting), meeting, f"team-lead-{meeting.pk}-{user.pk}", values)


def tell_of_no_lead(user: User, meeting: Meeting, *, by: User) -> None:
    """The last lead is none any more, and nobody decides on children: to the other organisers and the mailbox.

    Nothing where there is another lead.
    """
    if StaffRole.objects.filter(meeting=meeting, role=Role.SAFEGUARDING, user__is_active=True).exists():
        return
    told = {to.lower(): to for to in [*_organisers(meeting), *leads_of(meeting)]}
    told.pop(by.email.lower(), None)
    values = {"by": str(by), "gone": str(user), "page": page(meeting, "admin:desk:team")}
    _tell(list(told.values()), meeting, f"team-no-lead-{meeting.pk}-{user.pk}", values)


def tell_mailboxes(meeting: Meeting, was: str, *, by: User) -> None:
    """Messages about people under 18 go elsewhere from now on: to the address until now, the new one, and each lead."""
    told = {to.lower(): to for to in [was, *leads_of(meeting)] if to}
    values = {
        "by": str(by),
        "box": {"was": was, "now": meeting.safeguarding_email},
        "page": page(meeting, "admin:desk:team"),
    }
    _tell(list(told.values()), meeting, f"safeguarding-box-{meeting.pk}", values)


def _tell(addresses: list[str], meeting: Meeting, key: str, values: Mapping[str, object]) -> None:
    """One message to each, every time that it happens."""
    for n, to in enumerate(addresses):
        outbox.queue_to(
            GIVEN,
            key=f"{key}-{timezone.now().timestamp():.0f}-{n}",
            meeting=meeting,
            to=to,
            language=settings.LANGUAGE_CODE,
            values=dict(values),
        )


def _who_is_told(user: User, meeting: Meeting) -> list[str]:
    """The leads and their mailbox, and who was a lead a short while ago: whoever takes the role from all others first
    cannot do so unseen. Where there is none of these, everybody who organises the meeting."""
    known = {to.lower(): to for to in [*leads_of(meeting), *_former_leads(meeting)]}
    known.pop(user.email.lower(), None)
    return list(known.values()) or _organisers(meeting)


def _organisers(meeting: Meeting) -> list[str]:
    organisers = User.objects.filter(staff_roles__meeting=meeting, staff_roles__role=Role.ORGANISER, is_active=True)
    return list(organisers.order_by("pk").values_list("email", flat=True))


def _former_leads(meeting: Meeting) -> list[str]:
    """Those from whom the role was taken in the last days, as the history has it, and who can still sign in."""
    since = timezone.now() - REMEMBERED
    taken = AuditEntry.objects.filter(meeting=meeting, action=AuditEntry.Action.ROLE, at__gt=since)
    emails = taken.filter(**{f"detail__{Role.SAFEGUARDING}": [True, False]}).values("about")
    return list(User.objects.filter(email__in=emails, is_active=True).order_by("pk").values_list("email", flat=True))


def page(meeting: Meeting, name: str) -> str:
    return f"{settings.SITE_URL}{reverse(name, args=[] if name.endswith('start') else [meeting.slug])}"
