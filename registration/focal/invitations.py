"""Inviting an entity, and what it answers by the link in the message: each is one transaction, and written down."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from meeting.collation import sort_key
from meeting.models import Meeting, User

from ..closing import closes_at
from ..mail import outbox
from ..mail.rendering import Rendered, render_for
from ..models import Delegation, DelegationEvent, FocalPoint, Invitation, MailedKey
from . import people
from .people import Refused

State = Invitation.State
OPEN = (State.SENT, State.ANSWERED)


@transaction.atomic
def invite(
    delegation: Delegation, *, email: str, language: str, note: str = "", seats: int | None = None, by: User
) -> Invitation:
    """Ask the entity to name its focal points. `delegation` may be one that is not stored yet; `seats` are for such."""
    delegation = people.locked(_stored(delegation, seats).pk)
    if Invitation.objects.filter(delegation=delegation, state__in=OPEN).exists():
        raise Refused(_("%(name)s is invited already. Send that invitation again instead.") % {"name": delegation.name})
    invitation = Invitation.objects.create(delegation=delegation, email=email, language=language, note=note, sent_by=by)
    _send(invitation, by, what="")
    return invitation


def _stored(delegation: Delegation, seats: int | None) -> Delegation:
    if delegation.pk:
        return delegation
    return Delegation.objects.get_or_create(
        meeting=delegation.meeting,
        category=delegation.category,
        entity=delegation.entity,
        defaults={"name": delegation.name, "sort_key": sort_key(delegation.name), "quota": seats},
    )[0]


@transaction.atomic
def send_again(invitation_id: int, *, by: User) -> Invitation:
    """The same message once more, with a new link; earlier links go on working."""
    invitation = _locked(invitation_id)
    if invitation.state == State.WITHDRAWN:
        raise Refused(_("This invitation was withdrawn. Invite anew."))
    _send(invitation, by, what="again")
    return invitation


@transaction.atomic
def withdraw(invitation_id: int, *, by: User) -> Invitation:
    """Its links open nothing any more. Focal points who were named already stay."""
    invitation = _locked(invitation_id)
    if invitation.state != State.WITHDRAWN:
        _become(invitation, State.WITHDRAWN)
        MailedKey.objects.filter(invitation=invitation, revoked_at=None).update(revoked_at=timezone.now())
        _note(invitation, DelegationEvent.Action.INVITED, by, what="withdrawn")
    return invitation


@transaction.atomic
def answer(invitation_id: int, named: Iterable[dict[str, Any]]) -> list[FocalPoint]:
    """The entity names these focal points. Answering again adds; who is named twice is named once."""
    invitation = _open_for_answers(invitation_id)
    delegation = invitation.delegation
    focal_points = [people.name_focal_point(delegation, **person, by=None) for person in named]
    if invitation.state != State.ANSWERED:
        _become(invitation, State.ANSWERED)
    return focal_points


@transaction.atomic
def decline(invitation_id: int) -> Invitation:
    """The entity does not come; it may think better of it by the same link."""
    invitation = _open_for_answers(invitation_id)
    if invitation.state == State.ANSWERED:
        raise Refused(_("You have named focal points. Ask them, or write to the secretariat."))
    if invitation.state == State.SENT:
        _become(invitation, State.DECLINED)
        _note(invitation, DelegationEvent.Action.DECLINED, None)
    return invitation


@transaction.atomic
def take_back(invitation_id: int) -> Invitation:
    """The entity comes after all."""
    invitation = _open_for_answers(invitation_id)
    if invitation.state == State.DECLINED:
        _become(invitation, State.SENT)
        _note(invitation, DelegationEvent.Action.INVITED, None, what="comes")
    return invitation


def opened_by(key: str) -> Invitation | None:
    """The invitation that this link answers, with all around it; None when the link is not good (any more)."""
    found = MailedKey.objects.opening(key).filter(invitation__isnull=False).values("invitation")
    around = Invitation.objects.select_related("delegation__meeting__venue", "delegation__category", "sent_by")
    return around.filter(pk__in=found).exclude(state=State.WITHDRAWN).first()


def why_over(meeting: Meeting) -> str:
    """A sentence where an invitation can no longer be answered."""
    if timezone.now().astimezone(meeting.zone).date() > meeting.ends_on and not meeting.registration_held_open:
        return _("The meeting is over.")
    return ""


def example(delegation: Delegation, *, language: str, note: str, seats: int | None = None) -> Rendered:
    """The message as this entity would get it."""
    return render_for("invitation", delegation.meeting, language, _values(delegation, note, seats))


# Steps


def _locked(invitation_id: int) -> Invitation:
    """Delegation before invitation, so that nobody waits for each other."""
    delegation = people.locked(Invitation.objects.values_list("delegation", flat=True).get(pk=invitation_id))
    invitation = Invitation.objects.get(pk=invitation_id)
    invitation.delegation = delegation
    return invitation


def _open_for_answers(invitation_id: int) -> Invitation:
    invitation = _locked(invitation_id)
    if invitation.state == State.WITHDRAWN:
        raise Refused(_("This invitation was withdrawn. Write to the secretariat."))
    newer = Invitation.objects.filter(delegation=invitation.delegation, state__in=OPEN).exclude(pk=invitation.pk)
    if newer.exists():
        raise Refused(_("There is a newer invitation. Please answer by the link in our latest message."))
    if over := why_over(invitation.delegation.meeting):
        raise Refused(over)
    return invitation


def _become(invitation: Invitation, state: State) -> None:
    invitation.state, invitation.state_since = state, timezone.now()
    invitation.save(update_fields=["state", "state_since"])


def _send(invitation: Invitation, by: User, *, what: str) -> None:
    event = _note(invitation, DelegationEvent.Action.INVITED, by, **({"what": what} if what else {}))
    delegation = invitation.delegation
    outbox.queue_to(
        "invitation",
        key=f"invitation-{invitation.pk}-{event.pk}",
        meeting=delegation.meeting,
        to=invitation.email,
        language=invitation.language,
        values=_values(delegation, invitation.note, delegation.quota),
        invitation=invitation,
    )


def _values(delegation: Delegation, note: str, seats: int | None) -> dict[str, object]:
    category = delegation.category
    closing = closes_at(delegation.meeting, [category])
    return {"delegation": delegation, "category": category, "note": note, "seats": seats, "closes_at": closing}


def _note(invitation: Invitation, action: str, by: User | None, **detail: Any) -> DelegationEvent:
    return DelegationEvent.objects.create(
        delegation=invitation.delegation, action=action, by=by, detail={"email": invitation.email, **detail}
    )
