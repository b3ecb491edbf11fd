"""An exception after closing: one delegation may register for some time more."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from meeting.models import User

from ..mail import outbox
from ..models import Delegation, DelegationEvent, FocalPoint, Typist
from .base import MoveNotAllowed, reason_given


@transaction.atomic
def let_register_until(delegation_id: int, *, until: datetime.datetime, reason: str, by: User) -> Delegation:
    """Whatever the meeting and the category say, this delegation may send registrations until then.

    Its focal points are told. The same time again changes nothing and tells nobody.
    """
    reason = reason_given(reason, _("Give a reason: it stands in the history of the delegation."))
    if until <= timezone.now():
        raise MoveNotAllowed(_("This time is past already. Choose a later one."))
    delegation = _locked(delegation_id)
    if delegation.open_until == until:
        return delegation
    return _change(delegation, until, reason=reason, by=by)


@transaction.atomic
def end_exception(delegation_id: int, *, by: User, reason: str = "") -> Delegation:
    """From now on the delegation registers like all others. Where its time is over already, nothing changes."""
    delegation = _locked(delegation_id)
    if delegation.open_until is None or delegation.open_until <= timezone.now():
        return delegation
    return _change(delegation, None, reason=reason.strip(), by=by)


def _locked(delegation_id: int) -> Delegation:
    rows = Delegation.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("meeting__venue", "category").get(pk=delegation_id)


def _change(delegation: Delegation, until: datetime.datetime | None, *, reason: str, by: User) -> Delegation:
    was, delegation.open_until = delegation.open_until, until
    delegation.save(update_fields=["open_until"])
    detail = {"was": was and was.isoformat(), "until": until and until.isoformat(), "reason": reason}
    event = DelegationEvent.objects.create(
        delegation=delegation, by=by, action=DelegationEvent.Action.EXCEPTION, detail=detail
    )
    _tell(delegation, event)
    return delegation


def _tell(delegation: Delegation, event: DelegationEvent) -> None:
    looking_after = FocalPoint.objects.active().filter(delegation=delegation).select_related("user")
    for focal_point in looking_after:
        outbox.queue_to(
            "late_opened",
            key=f"late-{event.pk}-{focal_point.pk}",
            meeting=delegation.meeting,
            to=focal_point.user.email,
            language=focal_point.language,
            values={
                "name": focal_point.shown_name,
                "delegation": delegation,
                "until": delegation.open_until,
                **_ways_in(delegation),
            },
            focal_user=focal_point.user,
        )


def _ways_in(delegation: Delegation) -> dict[str, object]:
    """The pages on which the delegation can be registered now; each person's own only where they come by themselves."""
    return {"sign_in_page": f"{settings.SITE_URL}{reverse('focal:sign_in')}", "register_page": late_address(delegation)}


def late_address(delegation: Delegation) -> str:
    """Where its people register by themselves after closing; empty where the focal point registers everybody."""
    if delegation.category.typist == Typist.FOCAL_POINT:
        return ""
    register = reverse("registration:represent", args=[delegation.meeting.slug])
    return f"{settings.SITE_URL}{register}?late=on"
