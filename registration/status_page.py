"""What the delegate's own page says for each state, in words."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from .models import Modality, Registration, RegistrationEvent, Status
from .rules import next_actor


@dataclass(frozen=True)
class Banner:
    """The state in a sentence, what follows from it, and who must act next."""

    headline: str
    text: str
    next_actor: str


def banner(registration: Registration) -> Banner:
    headline, text = {
        Status.SUBMITTED: (
            _("We have your registration"),
            _("The organisers read it and your letter, usually within three working days. We write to you then."),
        ),
        Status.APPROVED: (
            _("You are approved"),
            _("We have written to you. Bring a photo identity document to the registration desk.")
            if registration.modality == Modality.IN_PERSON
            else _("We have written to you. The organisers send the link for taking part online before the meeting."),
        ),
        Status.WAITLISTED: (
            _("You are on the waiting list"),
            _("All seats are taken. When one becomes free, the first in line gets it."),
        ),
        Status.REJECTED: (_("Your registration was not approved"), registration.status_reason),
        Status.RETURNED: (_("Something is missing"), registration.status_reason),
        Status.WITHDRAWN: (_("You have withdrawn"), _("Your seat is free for somebody else.")),
    }[Status(registration.status)]
    return Banner(headline, text, next_actor(registration))


def history(registration: Registration) -> list[tuple[RegistrationEvent, str]]:
    """What happened, newest first. Staff are "the organisers" here: a delegate need not know their names."""
    words = {
        Status.SUBMITTED: _("Submitted by you"),
        Status.WAITLISTED: _("Put on the waiting list"),
        Status.APPROVED: _("Approved by the organisers"),
        Status.REJECTED: _("Not approved by the organisers"),
        Status.RETURNED: _("Returned by the organisers"),
        Status.WITHDRAWN: _("Withdrawn"),
    }
    events = registration.events.order_by("-at", "-pk")
    return [(event, words.get(Status(event.to_status), event.to_status)) for event in events]
