"""Addresses that nobody is to write to, until somebody has put them right."""

from __future__ import annotations

from django.db import transaction

from meeting.models import User

from ..mail import addresses
from ..models import Delegation, DelegationEvent, Registration, UnreachableAddress
from ..workflow.base import Action, lock, note


def mark_wrong(email: str) -> UnreachableAddress:
    """Whoever reads at `email` says that it is not the address of whom we mean. Nothing goes there from now on.

    A person's word counts more than what a server said before. Links to sign in with still go there, for whoever asks:
    the wrong address of a delegate may be the right one of a colleague.
    """
    values = {"why": UnreachableAddress.Why.SAID_WRONG, "answer": ""}
    return UnreachableAddress.objects.update_or_create(email=email.lower(), defaults=values)[0]


@transaction.atomic
def works_again(registration: Registration, *, by: User) -> int | None:
    """The address of this person works, says somebody: what was held for it leaves, at every meeting.

    How many messages that are; None, and nothing is written down, where nothing was known against it.
    """
    locked = lock(registration.pk)
    if not _forget(locked.email):
        return None
    note(locked, Action.ADDRESS_WORKS, by=by)
    return addresses.release(locked.email, by=by)


@transaction.atomic
def works_again_for(delegation: Delegation, email: str, *, by: User) -> int | None:
    """The same of a focal point, or of the mailbox to which the invitation went."""
    if not _forget(email):
        return None
    # Without the address: auditors read this history, and no addresses.
    DelegationEvent.objects.create(delegation=delegation, action=DelegationEvent.Action.ADDRESS_WORKS, by=by)
    return addresses.release(email, by=by)


def _forget(email: str) -> bool:
    return bool(UnreachableAddress.objects.filter(email=email.lower()).delete()[0])
