"""Mails about roles: to whoever gets them, and to the safeguarding leads when somebody else becomes one."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from meeting.models import AuditEntry, Meeting, Role, User

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
    for n, to in enumerate(_who_is_told(user, meeting)):
        outbox.queue_to(
            GIVEN,
            key=f"team-lead-{meeting.pk}-{user.pk}-{timezone.now().timestamp():.0f}-{n}",
            meeting=meeting,
            to=to,
            language=settings.LANGUAGE_CODE,
            values={"by": str(by), "who": str(user), "email": user.email, "page": page(meeting, "admin:desk:team")},
        )


def _who_is_told(user: User, meeting: Meeting) -> list[str]:
    """The leads and their mailbox, and who was a lead a short while ago: whoever takes the role from all others first
    cannot do so unseen. Where there is none of these, everybody who organises the meeting."""
    known = {to.lower(): to for to in [*leads_of(meeting), *_former_leads(meeting)]}
    known.pop(user.email.lower(), None)
    if known:
        return list(known.values())
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
