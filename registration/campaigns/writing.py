"""The message to one reader, as everything stands in the moment in which it is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from functools import cached_property

from django.http import QueryDict
from django.utils import timezone

from meeting.models import Meeting, User

from .. import rules
from ..mail.readers import Reader
from ..mail.rendering import Rendered, render, render_for
from ..models import (
    Campaign,
    CampaignRecipient,
    Delegation,
    FocalPoint,
    OutgoingMail,
    Registration,
    Status,
    Urgency,
    known_to,
)
from ..outside import as_told
from . import audience, words

Why = CampaignRecipient.Why


def key_of(campaign_id: int) -> str:
    """How the keys of its messages begin; the number of the recipient ends them."""
    return f"campaign-{campaign_id}-"


def may_write(user: User, meeting: Meeting) -> bool:
    """Who may send off a message to many: whoever decides, and so writes to each of them anyway."""
    return user.is_active and rules.can_decide(user, meeting)


class Now:
    """What holds for a few rows in one transaction: rights, states, addresses. A fixed number of questions."""

    def __init__(self, campaign: Campaign, rows: Sequence[CampaignRecipient]) -> None:
        self.campaign, self.meeting = campaign, campaign.meeting
        self.people = self._locked({row.registration_id for row in rows if row.registration_id})
        self.focal_points = self._active([row for row in rows if row.focal_user_id])
        self.known = audience.Known.of(self.meeting)
        self.by = User.objects.get(pk=campaign.pressed_by_id or 0)  # anew: what they may do can change meanwhile
        self.may = may_write(self.by, self.meeting)
        self.readable = self._readable(rows)

    def message_to(self, row: CampaignRecipient) -> OutgoingMail | Why:
        """Not saved; or why they are left out after all."""
        registration = self.people.get(row.registration_id or 0)
        if row.registration_id and (registration is None or self._has_left(registration)):
            return Why.GONE
        if not self.may or row.delegation_id not in self.readable:
            return Why.NOT_ALLOWED
        reader = self._reader(row, registration)
        if reader is None:
            return Why.GONE if row.focal_user_id else Why.NO_ADDRESS
        if why := self.known.why_not(reader.email, is_focal_point=reader.user is not None):
            return Why(why)
        return self._message(row, registration, reader)

    # What is asked of the database

    def _locked(self, numbers: set[int]) -> dict[int, Registration]:
        found = list(audience.rows_of(numbers)) if numbers else []
        return {r.pk: r.take_meeting() for r in as_told(found)}

    def _active(self, rows: Sequence[CampaignRecipient]) -> dict[tuple[int, int], FocalPoint]:
        """By delegation and user."""
        if not rows:
            return {}
        active = FocalPoint.objects.active().filter(
            delegation__in={row.delegation_id for row in rows}, user__in={row.focal_user_id for row in rows}
        )
        return {(f.delegation_id, f.user_id): f for f in active.select_related("user", "delegation__category")}

    def _readable(self, rows: Sequence[CampaignRecipient]) -> set[int]:
        """The delegations of these rows whose people the sender may still read."""
        if not self.may:
            return set()
        numbers = {row.delegation_id for row in rows}
        return set(
            Delegation.objects.filter(known_to(self.by, "meeting", "category"), pk__in=numbers).values_list(
                "pk", flat=True
            )
        )

    # One row

    def _has_left(self, registration: Registration) -> bool:
        """Or is no more in the state that the filter asks for; as they themselves know it."""
        wanted = self._status
        if wanted:
            return registration.status != wanted
        return registration.status in (*audience.GONE, Status.DRAFT)

    @cached_property
    def _status(self) -> str:
        return QueryDict(self.campaign.query).get("status", "")

    def _reader(self, row: CampaignRecipient, registration: Registration | None) -> Reader | None:
        if row.focal_user_id:
            focal = self.focal_points.get((row.delegation_id, row.focal_user_id))
            return Reader(focal.user.email, focal.language, focal.shown_name, focal.user) if focal else None
        if registration is None or registration.on_behalf or not registration.email:
            return None
        return Reader(registration.email, registration.language, registration.printed_name)

    def _message(self, row: CampaignRecipient, registration: Registration | None, reader: Reader) -> OutgoingMail:
        focal = self.focal_points.get((row.delegation_id, row.focal_user_id or 0))
        rendered = rendering(self.campaign, reader, registration or (focal.delegation if focal else None))
        return OutgoingMail(
            key=f"{key_of(self.campaign.pk)}{row.pk}",
            meeting=self.meeting,
            registration=registration,
            focal_user=reader.user,
            kind=words.kind_name(self.campaign.audience),
            to=reader.email,
            reply_to=self.meeting.contact_email,
            language=words.language_for(self.campaign, reader.language),
            urgency=Urgency.MANY,
            not_before=timezone.now(),
            **asdict(rendered),
        )


def rendering(campaign: Campaign, reader: Reader, about: Registration | Delegation | None) -> Rendered:
    """The message as `reader` gets it, in their language or the one they fall back on."""
    language = words.language_for(campaign, reader.language)
    said = {"words": words.words_in(campaign, language)}
    if isinstance(about, Registration):
        return render(words.KIND, about, replace(reader, language=language), said)
    values = said | {"delegation": about, "name": reader.name}
    return render_for(words.kind_name(campaign.audience), campaign.meeting, language, values)
