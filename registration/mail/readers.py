"""Who gets a message about a registration: the person, or those who look after the delegation."""

from __future__ import annotations

from collections.abc import Iterable
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
    return readers_of_each([registration])[registration.pk]


def readers_of_each(registrations: Iterable[Registration]) -> dict[int, list[Reader]]:
    """The same for several, by their numbers; one query at most."""
    registrations = list(registrations)
    unreachable = {r.delegation_id for r in registrations if not _reads_themselves(r)}
    looking_after: dict[int, list[Reader]] = {}
    if unreachable:
        for f in FocalPoint.objects.active().filter(delegation__in=unreachable).select_related("user"):
            reader = Reader(f.user.email, f.language, str(f.user), f.user)
            looking_after.setdefault(f.delegation_id, []).append(reader)
    return {
        r.pk: [Reader(r.email, r.language, r.printed_name)]
        if _reads_themselves(r)
        else looking_after.get(r.delegation_id, [])
        for r in registrations
    }


def _reads_themselves(registration: Registration) -> bool:
    return bool(registration.email and not registration.on_behalf)
