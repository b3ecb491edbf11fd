"""Every morning of a meeting: whoever is due hears of it, if it is still missing when the message is written."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import structlog
from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from meeting.models import Meeting

from ..campaigns.audience import Known, rows_of
from ..mail import outbox
from ..mail.readers import Reader
from ..mail.rendering import Rendered, render, render_for
from ..mail.urgency import urgency_of
from ..models import Delegation, FocalPoint, Invitation, OutgoingMail, Registration, Typist
from ..notices import people
from ..outside import as_told
from . import due as finding
from . import ladder
from .due import Climbed
from .ladder import Kind, Rung

TOGETHER = 50
RUN_SECONDS = 50.0  # the next run, some minutes later, goes on
KINDS = {kind: f"reminder_{kind.value}" for kind in Kind}

log = structlog.get_logger("placard.reminders")


def send() -> int:
    """Remind whoever is due, at each meeting whose morning it is; how many messages. May run any number of times."""
    deadline = time.monotonic() + RUN_SECONDS
    return sum(_of_meeting(meeting, deadline) for meeting in people.meetings_at_work())


def _of_meeting(meeting: Meeting, deadline: float) -> int:
    now, written = timezone.now(), 0
    rungs = ladder.at_work(meeting, now)
    climbed = finding.today(meeting, rungs, now) if rungs else []
    for begin in range(0, len(climbed), TOGETHER):
        if time.monotonic() > deadline:
            break
        written += _remind(meeting, rungs, climbed[begin : begin + TOGETHER])
    return written


@transaction.atomic
def _remind(meeting: Meeting, rungs: Sequence[Rung], wanted: Sequence[Climbed]) -> int:
    """Those of a few who are still due, now that nobody can decide on them or remind them at the same time."""
    Meeting.objects.select_for_update(no_key=True).only("pk").get(pk=meeting.pk)
    registrations = {r.pk: r.take_meeting() for r in rows_of(c.due.registration for c in wanted if c.due.registration)}
    as_told(list(registrations.values()))
    still = {climbed.key for climbed in finding.today(meeting, rungs, timezone.now(), among=wanted)}
    left = [climbed for climbed in wanted if climbed.key in still]
    mails = Letters(meeting, left, registrations).written()
    outbox.store_many(mails, tell=False)
    return len(mails)


class Letters:
    """The messages to those who are due, none of them saved; a fixed number of questions."""

    def __init__(self, meeting: Meeting, climbed: Sequence[Climbed], registrations: dict[int, Registration]) -> None:
        self.meeting, self.climbed, self.registrations = meeting, climbed, registrations
        self.invitations = self._invited()
        self.delegations = self._delegations()
        self.focal_points = self._looking_after()
        self.known = Known.of(meeting)

    def written(self) -> list[OutgoingMail]:
        found = []
        for climbed in self.climbed:
            try:
                found += self._written(climbed)
            except (OperationalError, InterfaceError):
                raise
            except Exception as error:  # the others are reminded all the same
                log.error("reminder failed", key=climbed.key, exc_info=error)
        return found

    def _written(self, climbed: Climbed) -> list[OutgoingMail]:
        """One for each reader who can be reached."""
        readers = [r for r in self._readers(climbed) if not self._is_unreachable(r)]
        return [self._mail(climbed, reader, n) for n, reader in enumerate(readers)]

    def _is_unreachable(self, reader: Reader) -> bool:
        """What somebody has asked us not to send them are messages to many: this is about their own registration."""
        address = reader.email.lower()
        return address in self.known.bounced or (address in self.known.said_wrong and reader.user is None)

    def _readers(self, climbed: Climbed) -> list[Reader]:
        """Whoever can act."""
        due = climbed.due
        if due.invitation:
            invitation = self.invitations[due.invitation]
            return [Reader(invitation.email, invitation.language, "")]
        if due.delegation:
            return self.focal_points.get(due.delegation, [])
        registration = self.registrations[due.registration or 0]
        if reads_themselves(registration, climbed.due.kind):
            return [Reader(registration.email, registration.language, registration.printed_name)]
        return self.focal_points.get(registration.delegation_id, [])

    def _mail(self, climbed: Climbed, reader: Reader, n: int) -> OutgoingMail:
        due = climbed.due
        kind = kind_of(climbed)
        return OutgoingMail(
            key=f"{climbed.key}-{n}",
            meeting=self.meeting,
            registration=self.registrations.get(due.registration or 0),
            focal_user=reader.user,
            invitation_id=due.invitation,
            kind=kind,
            urgency=urgency_of(kind),
            to=reader.email,
            reply_to=self.meeting.contact_email,
            language=reader.language,
            **asdict(self._rendered(climbed, reader)),
        )

    def _rendered(self, climbed: Climbed, reader: Reader) -> Rendered:
        kind = kind_of(climbed)
        with translation.override(reader.language):
            values: dict[str, Any] = {"waiting": waiting(climbed)}
        if registration := self.registrations.get(climbed.due.registration or 0):
            return render(kind, registration, reader, values)
        values |= {"delegation": self._delegation(climbed), "name": reader.name}
        return render_for(kind, self.meeting, reader.language, values)

    def _delegation(self, climbed: Climbed) -> Delegation:
        if climbed.due.invitation:
            return self.invitations[climbed.due.invitation].delegation
        return self.delegations[climbed.due.delegation or 0]

    def _invited(self) -> dict[int, Invitation]:
        numbers = [c.due.invitation for c in self.climbed if c.due.invitation]
        return Invitation.objects.select_related("delegation__category").in_bulk(numbers) if numbers else {}

    def _delegations(self) -> dict[int, Delegation]:
        numbers = [c.due.delegation for c in self.climbed if c.due.delegation]
        return Delegation.objects.select_related("category").in_bulk(numbers) if numbers else {}

    def _looking_after(self) -> dict[int, list[Reader]]:
        wanted = {*self.delegations, *(r.delegation_id for r in self.registrations.values())}
        found: dict[int, list[Reader]] = {}
        for f in FocalPoint.objects.active().filter(delegation__in=wanted).select_related("user"):
            found.setdefault(f.delegation_id, []).append(Reader(f.user.email, f.language, f.shown_name, f.user))
        return found


def kind_of(climbed: Climbed) -> str:
    """Of message. Whoever was invited is asked for an answer, also when registration closes."""
    return KINDS[Kind.INVITATION if climbed.due.invitation else climbed.due.kind]


def reads_themselves(registration: Registration, kind: Kind) -> bool:
    """Whoever has an address reads what to bring; what is to be put right, only those who can do it themselves."""
    if registration.on_behalf or not registration.email:
        return False
    return kind == Kind.ARRIVAL or registration.delegation.category.typist != Typist.FOCAL_POINT


def waiting(climbed: Climbed) -> str:
    """What waits, in words; empty where the message itself says it."""
    due = climbed.due
    if due.kind == Kind.LETTER and due.delegation:
        return ngettext("%d name waits for the letter.", "%d names wait for the letter.", due.number) % due.number
    if due.kind != Kind.CLOSING or due.invitation:
        return ""
    if due.registration:
        return _("Your registration came back to you, and is not sent again.")
    return ngettext("%d row is not sent.", "%d rows are not sent.", due.number) % due.number
