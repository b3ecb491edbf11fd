"""Who gets a message about a registration: the person, or those who look after the delegation."""

from __future__ import annotations

from dataclasses import dataclass

from meeting.models import User
from registration.models import FocalPoint, Registration


@dataclass(frozen=True)
class Reader:
    email: str
    language: str
    name: str
    user: User | None = None  # set for a focal point who reads in the place of the person


def readers_of(registration: Registration) -> list[Reader]:
    """The person; for whom no mail may reach, each active focal point of the delegation."""
    if registration.email and not registration.on_behalf:
        return [Reader(registration.email, registration.language, registration.printed_name)]
    looking_after = FocalPoint.objects.active().filter(delegation=registration.delegation).select_related("user")
    return [Reader(f.user.email, f.language, str(f.user), f.user) for f in looking_after]
