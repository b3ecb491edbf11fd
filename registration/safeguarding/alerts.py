"""What is told about somebody under 18, and to whom: never a name, never more than that there is something to do."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse

from meeting.models import Meeting, Role, User

from ..mail import outbox
from ..mail.links import PLACEHOLDER
from ..models import ChildRecord, FocalPoint


def tell_lead(record: ChildRecord, kind: str, event: str) -> None:
    """One message to the safeguarding mailbox and one to each who has the role. `event` makes it once."""
    meeting = record.registration.meeting
    address = f"{settings.SITE_URL}{reverse('admin:desk:safeguarding', args=[meeting.slug])}"
    for n, to in enumerate(leads_of(meeting)):
        outbox.queue_to(
            kind,
            key=f"child-{record.pk}-{event}-lead-{n}",
            meeting=meeting,
            to=to,
            language=settings.LANGUAGE_CODE,
            values={"link": address, "reference": record.registration.reference, "to_lead": True},
        )


def tell_senders(record: ChildRecord, kind: str, event: str) -> None:
    """The same to each focal point, with a link that signs in."""
    registration = record.registration
    looking_after = FocalPoint.objects.active().filter(delegation=registration.delegation).select_related("user")
    for focal in looking_after:
        outbox.queue_to(
            kind,
            key=f"child-{record.pk}-{event}-{focal.pk}",
            meeting=registration.meeting,
            to=focal.user.email,
            language=focal.language,
            values={"link": PLACEHOLDER, "reference": registration.reference, "to_lead": False},
            focal_user=focal.user,
        )


def leads_of(meeting: Meeting) -> list[str]:
    """The mailbox of the meeting and everybody with the role, each address once."""
    holders = User.objects.filter(staff_roles__meeting=meeting, staff_roles__role=Role.SAFEGUARDING, is_active=True)
    addresses = [meeting.safeguarding_email, *holders.order_by("pk").values_list("email", flat=True)]
    return list({address.lower(): address for address in addresses if address}.values())
