"""New rows of a roster: drafts, at its end, in the order in which they were typed."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from .. import rows
from ..models import Channel, Delegation, Registration, Status, new_reference
from ..workflow import MoveNotAllowed

TRIES = 5


def add(delegation: Delegation, new: list[Registration], *, channel: str = Channel.ROSTER) -> list[Registration]:
    """Store rows that are filled and not saved. They stand last, in their order, unless they say where.

    MoveNotAllowed among children and young people, where no name is typed into a row.
    """
    if delegation.category.for_children and new:
        raise MoveNotAllowed(_("Names are sealed here. Add somebody under “Children and young people”."))
    last = Registration.objects.filter(delegation=delegation).aggregate(last=Max("precedence"))["last"] or 0
    for number, registration in enumerate(new, last + 1):
        prepared(registration, delegation, channel=channel)
        if registration.precedence is None:
            registration.precedence = number
    for left in reversed(range(TRIES)):
        try:
            with transaction.atomic():
                return _store(new, delegation)
        except IntegrityError:  # a reference that is taken
            if not left:
                raise
    return []


def prepared(new: Registration, delegation: Delegation, *, channel: str = Channel.ROSTER) -> Registration:
    """A row of this delegation, typed by whoever looks after it."""
    new.meeting, new.delegation, new.channel = delegation.meeting, delegation, channel
    return new


def blank(delegation: Delegation) -> Registration:
    """An empty row. Until it says otherwise, its mails come in the language in which it is typed."""
    return Registration(
        meeting=delegation.meeting,
        delegation=delegation,
        status=Status.DRAFT,
        role=rows.BLANK["role"],
        language=get_language() or "en",
    )


def _store(new: list[Registration], delegation: Delegation) -> list[Registration]:
    for registration in new:
        registration.reference = new_reference(delegation.meeting.reference_prefix)
        registration.pk = None
        registration.derive_keys()
    return Registration.objects.bulk_create(new, batch_size=200)
