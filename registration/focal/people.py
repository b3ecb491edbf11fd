"""Naming, handing over and ending focal points: each is one transaction, and stands in the delegation's history."""

from __future__ import annotations

import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from meeting.models import User

from ..lists.reach import fails
from ..mail import addresses, outbox
from ..models import Delegation, DelegationEvent, FocalPoint, Invitation, MailedKey, MailState, OutgoingMail
from ..models.focal import FocalPointQuerySet
from . import past

Action = DelegationEvent.Action
MOST = 10


class Refused(Exception):
    """What cannot be done with a focal point; the message is a sentence for the screen."""


@transaction.atomic
def name_focal_point(
    delegation: Delegation,
    *,
    email: str,
    name: str = "",
    title: str = "",
    phone: str = "",
    is_alternate: bool = False,
    active_from: datetime.date | None = None,
    active_to: datetime.date | None = None,
    language: str = "en",
    by: User | None,
    as_organiser: bool = False,
) -> FocalPoint:
    """Let this person look after the delegation, and tell them. Somebody who does so already is brought up to date.

    `by` is None where the entity itself answered its invitation.
    """
    delegation = locked(delegation.pk)
    if by is not None and not may_appoint(delegation, by, as_organiser=as_organiser):
        raise Refused(_("Only the main focal point and the organisers can name somebody."))
    values = {
        "title": title,
        "phone": phone,
        "is_alternate": is_alternate,
        "active_from": active_from,
        "active_to": active_to,
        "language": language,
        **({"name": name} if name else {}),
    }
    had_main = _mains(delegation).exists()
    named = _appoint(delegation, _account(email, name), values, by=by)
    if by is not None and not as_organiser:
        _check_somebody_stays(delegation, had_main)
    return named


@transaction.atomic
def end(focal_point_id: int, *, by: User, as_organiser: bool = False) -> FocalPoint:
    """From now on this person does not look after the delegation. Ending what has ended changes nothing."""
    focal_point = _locked_focal_point(focal_point_id)
    delegation = focal_point.delegation
    if focal_point.ended_at:
        return focal_point
    if focal_point.user_id != by.pk and not may_appoint(delegation, by, as_organiser=as_organiser):
        raise Refused(_("Only the main focal point and the organisers can remove somebody else."))
    had_main = _mains(delegation).exists()
    _end(focal_point, by=by)
    if not as_organiser:
        _check_somebody_stays(delegation, had_main)
    return focal_point


@transaction.atomic
def hand_over(
    focal_point_id: int,
    *,
    email: str,
    name: str = "",
    title: str = "",
    phone: str = "",
    language: str = "en",
    by: User,
    as_organiser: bool = False,
) -> FocalPoint:
    """Put somebody else in the place of this focal point; the time of the first ends. Returns the new one."""
    leaving = _locked_focal_point(focal_point_id)
    delegation = leaving.delegation
    if not may_appoint(delegation, by, as_organiser=as_organiser):
        raise Refused(_("Only the main focal point and the organisers can hand over."))
    if leaving.ended_at:
        raise Refused(_("%(who)s does not look after this delegation any more.") % {"who": leaving.shown_name})
    successor = _account(email, name)
    if successor.pk == leaving.user_id:
        raise Refused(
            _("This is the address of %(who)s. Write the address of the new focal point.") % {"who": leaving.shown_name}
        )
    values = {"title": title, "phone": phone, "is_alternate": leaving.is_alternate, "language": language}
    values |= {"active_from": None, "active_to": leaving.active_to, **({"name": name} if name else {})}
    had_main = _mains(delegation).exists()
    taking_over = _appoint(delegation, successor, values, by=by)
    _end(leaving, by=by, handed_to=taking_over)
    _bring_what_was_held(leaving, taking_over, by=by)
    if not as_organiser:
        _check_somebody_stays(delegation, had_main)
    return taking_over


def may_appoint(delegation: Delegation, user: User, *, as_organiser: bool = False) -> bool:
    """Organisers, and the main focal point. `as_organiser` says in which capacity `user` acts here."""
    if as_organiser:
        return Delegation.objects.organised_by(user).filter(pk=delegation.pk).exists()
    return _mains(delegation).filter(user=user).exists()


def section(delegation: Delegation) -> dict[str, Any]:
    """What a page about the delegation shows of its focal points: {% include "desk/_delegation_focal.html" %}."""
    return {
        "delegation": delegation,
        "focal_points": list(current(delegation)),
        "today": timezone.now().date(),
        "invitation": _latest_invitation(delegation),
        "focal_history": past.of(delegation),
    }


def _latest_invitation(delegation: Delegation) -> Invitation | None:
    sent = Invitation.objects.filter(delegation=delegation).annotate(address_fails=fails())
    return sent.order_by("-created_at", "-pk").first()


def current(delegation: Delegation) -> FocalPointQuerySet:
    """Those whose time has not been ended, also before it begins and after it ran out."""
    found = FocalPoint.objects.filter(delegation=delegation, ended_at=None).select_related("user")
    return found.annotate(address_fails=fails("user__email"))


# Steps. The caller has locked the delegation, and decides who may.


def locked(delegation_id: int) -> Delegation:
    """The delegation with meeting and category: one at a time changes who looks after it."""
    rows = Delegation.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("meeting__venue", "category").get(pk=delegation_id)


def _locked_focal_point(pk: int) -> FocalPoint:
    delegation = locked(FocalPoint.objects.values_list("delegation", flat=True).get(pk=pk))
    focal_point = FocalPoint.objects.select_related("user").get(pk=pk)
    focal_point.delegation = delegation
    return focal_point


def _mains(delegation: Delegation) -> FocalPointQuerySet:
    return FocalPoint.objects.active().filter(delegation=delegation, is_alternate=False)


def _check_somebody_stays(delegation: Delegation, had_main: bool) -> None:
    """Called after the change, which the refusal undoes."""
    left = _mains(delegation) if had_main else FocalPoint.objects.active().filter(delegation=delegation)
    if not left.exists():
        raise Refused(_("Nobody would be left to look after the delegation. Hand over to somebody first."))


def _account(email: str, name: str) -> User:
    """The account of this address, made where there is none: without a password, and never staff."""
    user = _known(email)
    if user is None:
        try:
            with transaction.atomic():
                user = User.objects.create_user(email, name=name)
        except IntegrityError:  # somebody else named the same person at the same moment
            user = User.objects.get(email__iexact=email)
    if not user.is_active:
        raise Refused(_("This address cannot be used here. Write another one, or ask the secretariat."))
    if name and not user.name:
        user.name = name
        user.save(update_fields=["name"])
    return user


def _known(email: str) -> User | None:
    return User.objects.filter(email__iexact=email).first()


def _appoint(delegation: Delegation, user: User, values: dict[str, Any], *, by: User | None) -> FocalPoint:
    known = FocalPoint.objects.filter(delegation=delegation, user=user, ended_at=None).first()
    if known and all(getattr(known, name) == value for name, value in values.items()):
        return known
    if known is None and current(delegation).count() >= MOST:
        raise Refused(_("%(most)d people look after this delegation. Remove one of them first.") % {"most": MOST})
    focal_point = known or FocalPoint(delegation=delegation, user=user, named_by=by)
    for name, value in values.items():
        setattr(focal_point, name, value)
    focal_point.save()
    event = _note(delegation, Action.FOCAL_POINT_NAMED, by, past.who(focal_point) | past.how(focal_point))
    _tell("focal_point_named", focal_point, f"focal-named-{event.pk}", {"by": str(by) if by else delegation.name})
    return focal_point


def _end(focal_point: FocalPoint, *, by: User, handed_to: FocalPoint | None = None) -> None:
    focal_point.ended_at, focal_point.ended_by = timezone.now(), by
    focal_point.save(update_fields=["ended_at", "ended_by"])
    handed = {"handed_to": handed_to.shown_name} if handed_to else {}
    event = _note(focal_point.delegation, Action.FOCAL_POINT_ENDED, by, past.who(focal_point) | handed)
    if not FocalPoint.objects.active().filter(user=focal_point.user).exists():
        unused = MailedKey.objects.filter(user=focal_point.user, used_at=None, revoked_at=None)
        unused.update(revoked_at=timezone.now())
    values: dict[str, object] = {"by": str(by), "handed_to": handed.get("handed_to", "")}
    _tell("focal_point_ended", focal_point, f"focal-ended-{event.pk}", values)
    _end_for_children(focal_point, by=by, handed_to=handed_to)


def _bring_what_was_held(leaving: FocalPoint, to: FocalPoint, *, by: User) -> None:
    """What did not reach the first for want of an address is read by whoever takes over."""
    about = OutgoingMail.objects.filter(registration__delegation=leaving.delegation, focal_user=leaving.user)
    held = list(about.filter(state=MailState.HELD).values_list("pk", flat=True))
    OutgoingMail.objects.filter(pk__in=held).update(focal_user=to.user)
    addresses.readdress(OutgoingMail.objects.filter(pk__in=held), to.user.email, by=by)


def _end_for_children(focal_point: FocalPoint, *, by: User, handed_to: FocalPoint | None) -> None:
    """Whoever sent young people looks after their delegation too (`safeguarding.intake`): that ends with this.

    Not for whoever looks after another delegation of the entity. The successor takes over; without one, and where
    nobody else is left, all who still look after the sending delegation.
    """
    sending = focal_point.delegation
    everywhere = FocalPoint.objects.filter(
        delegation__meeting=sending.meeting_id, delegation__entity=sending.entity_id, ended_at=None
    )
    if everywhere.filter(user=focal_point.user, delegation__category__for_children=False).exists():
        return
    theirs = everywhere.filter(user=focal_point.user, delegation__category__for_children=True)
    for child in theirs.select_related("user", "delegation__meeting__venue", "delegation__category"):
        _end(child, by=by, handed_to=handed_to)
        alone = not FocalPoint.objects.active().filter(delegation=child.delegation).exists()
        for heir in FocalPoint.objects.active().filter(delegation=sending).select_related("user"):
            if heir == handed_to or (alone and handed_to is None):
                names = ("name", "title", "phone", "is_alternate", "active_from", "active_to", "language")
                _appoint(child.delegation, heir.user, {name: getattr(heir, name) for name in names}, by=by)


def _note(delegation: Delegation, action: str, by: User | None, detail: dict[str, Any]) -> DelegationEvent:
    return DelegationEvent.objects.create(delegation=delegation, action=action, by=by, detail=detail)


def _tell(kind: str, focal_point: FocalPoint, key: str, values: dict[str, object]) -> None:
    delegation, user = focal_point.delegation, focal_point.user
    outbox.queue_to(
        kind,
        key=key,
        meeting=delegation.meeting,
        to=user.email,
        language=focal_point.language,
        values={
            "name": focal_point.shown_name,
            "delegation": delegation,
            "focal_point": focal_point,
            "sign_in_page": f"{settings.SITE_URL}{reverse('focal:sign_in')}",
            **values,
        },
        focal_user=user,
    )
