"""An address that is not the delegate's: what the delegate asks for instead, and what whoever reads there says."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from ..models import LIVE, ChangeProposal, Registration
from ..models.registration import digest
from .base import Action, MoveNotAllowed, lock, must_not_be_quiet, note
from .changes import propose

A_DAY = datetime.timedelta(days=1)
AT_MOST_A_DAY = 3


@transaction.atomic
def ask_for_address(registration_id: int, email: str) -> Registration:
    """The wish of whoever cannot read a code at the present address. The organisers decide: the link proves little."""
    registration = lock(registration_id)
    must_not_be_quiet(registration)
    if registration.status not in LIVE or registration.is_minor or registration.on_behalf:
        raise MoveNotAllowed(_("Nothing can be changed here now. Please write to the organisers."))
    if email.lower() == registration.email.lower():
        raise MoveNotAllowed(_("This is the address we have. Write the one that we should use instead."))
    if _is_asked_for(registration, email):
        return registration  # sent twice
    asked = registration.events.filter(action=Action.PROPOSED, by=None, at__gt=timezone.now() - A_DAY)
    if asked.filter(changes__has_key="email").count() >= AT_MOST_A_DAY:
        raise MoveNotAllowed(_("You have asked for other addresses today. Please write to the organisers."))
    propose(registration, {"email": [registration.email, email]}, by=None)
    return registration


def _is_asked_for(registration: Registration, email: str) -> bool:
    waiting = registration.proposals.filter(state=ChangeProposal.State.OPEN).first()
    return waiting is not None and waiting.changes.get("email", [""])[-1] == email


@transaction.atomic
def disown_address(registration_id: int, email: str, key: str) -> Registration:
    """Whoever reads at `email` is somebody else: every link that went there ends, with the one that was opened.

    Links handed over on a screen, or mailed elsewhere, go on: the delegate may hold one.
    """
    registration = lock(registration_id)
    went_there = Q(mailed_to=email.lower()) | Q(digest=digest(key))
    registration.access_keys.filter(went_there, revoked_at=None).update(revoked_at=timezone.now())
    registration.change_codes.filter(used_at=None).delete()
    note(registration, Action.WRONG_ADDRESS, by=None)
    return registration
