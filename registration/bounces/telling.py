"""Those who look after a delegation are told whose address does not work: they know the right one."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.urls import reverse

from ..mail import outbox
from ..models import FocalPoint, OutgoingMail, Registration, Status

GONE = (Status.DRAFT, Status.REJECTED, Status.WITHDRAWN)


def tell(mail: OutgoingMail) -> int:
    """Write to each focal point of whom `mail` was for, once for each address; how many messages.

    They hear of nobody whom they do not see on their roster, and nothing of what the message said.
    """
    registration = mail.registration
    if registration is None or mail.focal_user_id is not None or registration.email.lower() != mail.to.lower():
        return 0
    if registration.told_status in GONE or registration.is_minor or registration.merged_into_id:
        return 0
    looking_after = FocalPoint.objects.active().filter(delegation=registration.delegation).select_related("user")
    # Whoever uses the address that failed as their own is not told there.
    found = [f for f in looking_after if f.user.email.lower() != mail.to.lower()]
    for focal_point in found:
        _write(registration, focal_point, mail)
    return len(found)


def _write(registration: Registration, focal_point: FocalPoint, mail: OutgoingMail) -> None:
    address = hashlib.sha256(mail.to.lower().encode()).hexdigest()[:16]
    outbox.queue_to(
        "address_returned",
        key=f"address-returned-{registration.pk}-{focal_point.user_id}-{address}",
        meeting=registration.meeting,
        to=focal_point.user.email,
        language=focal_point.language,
        values={
            "name": focal_point.shown_name,
            "person": registration.printed_name,
            "delegation": registration.delegation,
            "sign_in_page": f"{settings.SITE_URL}{reverse('focal:sign_in')}",
        },
        focal_user=focal_point.user,
    )
