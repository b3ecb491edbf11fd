"""How fast we write to one domain: its servers say so, or an administrator.

A domain of which nothing is known costs one look into memory. A slow one has a row, and each message to it takes the
next free place in line with one UPDATE, which all workers share. A message whose place is later goes back into the
outbox until then: no worker waits, and no attempt is used up.
"""

from __future__ import annotations

import datetime
import time

from django.db import connection, transaction
from django.utils import timezone

from registration.models import DomainPace, MailState, OutgoingMail, Urgency

from .stages import ITS_TURN

FIRST_GAP, LONGEST_GAP = 1.0, 60.0  # seconds
EASES_TO = 0.75  # of the gap, with each message that is taken
NO_GAP = 0.1  # seconds; below it the domain is like any other
KNOWN_FOR = 2.0  # seconds; by then every worker knows of a domain that has become slow

# Doubled once for each gap, not once for each worker that hears the same at the same time.
SLOW_DOWN = """
INSERT INTO registration_domainpace AS pace (domain, gap, next_at, slowed_at)
VALUES (%(domain)s, %(first)s, %(now)s + make_interval(secs => %(first)s), %(now)s)
ON CONFLICT (domain) DO UPDATE SET
    gap = CASE WHEN pace.slowed_at > %(now)s - make_interval(secs => pace.gap) THEN pace.gap
               ELSE least(%(longest)s, greatest(%(first)s, pace.gap * 2)) END,
    next_at = greatest(pace.next_at, %(now)s + make_interval(secs => greatest(%(first)s, pace.gap * 2))),
    slowed_at = %(now)s
"""
TAKE_A_PLACE = """
WITH pace AS (SELECT domain, greatest(gap, coalesce(60.0 / per_minute, 0)) AS gap
              FROM registration_domainpace WHERE domain = %(domain)s)
UPDATE registration_domainpace AS mine SET next_at = greatest(mine.next_at, %(now)s) + make_interval(secs => pace.gap)
FROM pace WHERE mine.domain = pace.domain RETURNING mine.next_at - make_interval(secs => pace.gap)
"""
EASE = """
UPDATE registration_domainpace SET gap = CASE WHEN gap * %(eases)s < %(none)s THEN 0 ELSE gap * %(eases)s END
WHERE domain = %(domain)s AND gap > 0 RETURNING gap = 0 AND per_minute IS NULL
"""


class Known:
    """The domains with a pace, as this process read them a moment ago."""

    def __init__(self) -> None:
        self.domains: frozenset[str] = frozenset()
        self.until = 0.0

    def has(self, domain: str) -> bool:
        if time.monotonic() >= self.until:
            self.domains = frozenset(DomainPace.objects.values_list("domain", flat=True))
            self.until = time.monotonic() + KNOWN_FOR
        return domain in self.domains

    def forget(self) -> None:
        self.until = 0.0


known = Known()


def has_its_turn(mail: OutgoingMail) -> bool:
    """Whether `mail`, which the caller has claimed, may leave now. If not it waits in the outbox for its place.

    Inside a transaction, at most once in it: of two domains one worker could wait for the other's.
    """
    if mail.last_error == ITS_TURN or not known.has(mail.domain):
        return True
    place = _place_in_line(mail.domain)
    if place is None or place <= timezone.now() or mail.urgency == Urgency.AT_ONCE:
        return True
    OutgoingMail.objects.filter(pk=mail.pk).update(
        state=MailState.QUEUED, attempts=mail.attempts - 1, claimed_at=None, not_before=place, last_error=ITS_TURN
    )
    return False


def _place_in_line(domain: str) -> datetime.datetime | None:
    with connection.cursor() as cursor:
        cursor.execute(TAKE_A_PLACE, {"domain": domain, "now": timezone.now()})
        found = cursor.fetchone()
    return found[0] if found else None


def slow_down(domain: str) -> None:
    """The servers of `domain` asked for fewer messages."""
    with connection.cursor() as cursor:
        cursor.execute(SLOW_DOWN, {"domain": domain, "first": FIRST_GAP, "longest": LONGEST_GAP, "now": timezone.now()})
    known.forget()


def ease(domain: str) -> None:
    """A message to `domain` was taken: the next may come sooner. Outside a transaction."""
    if not known.has(domain):
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(EASE, {"domain": domain, "eases": EASES_TO, "none": NO_GAP})
        if cursor.fetchone() == (True,):
            DomainPace.objects.filter(domain=domain, gap=0, per_minute=None).delete()
            call_forward(domain)


def call_forward(domain: str) -> int:
    """Whatever waits for its turn at `domain` asks anew for a place; how many messages."""
    known.forget()
    waiting = OutgoingMail.objects.filter(domain=domain, state=MailState.QUEUED, last_error=ITS_TURN)
    return waiting.update(not_before=timezone.now(), last_error="")
