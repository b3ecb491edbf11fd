"""Filling the file: what the sending organisation writes, gives, and takes back."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from meeting.models import User

from .. import workflow
from ..letters.files import AcceptedFile
from ..models import ChildConsent, ChildRecord, Delegation, FocalPoint, Registration, Status
from ..workflow import MoveNotAllowed
from . import gate, media, papers
from .intake import lock_record, put_right, write_down

TEXTS = ("guardian_name", "guardian_contact", "languages")


def sent_by(delegation: Delegation, user: User) -> QuerySet[ChildRecord]:
    """Records of the young people of this delegation whom `user` has sent with others."""
    return _senders(user).filter(registration__delegation=delegation)


def sent_under(delegation: Delegation, user: User) -> QuerySet[ChildRecord]:
    """The same, and those who were typed here first and whom `user` looks after where they are now."""
    theirs = Q(came_from=delegation, registration__delegation__in=Delegation.objects.looked_after_by(user))
    return _senders(user).filter(theirs | Q(registration__delegation=delegation))


def _senders(user: User) -> QuerySet[ChildRecord]:
    """Those of a delegation that `user` looks after today, not of every one of the same entity.

    Where nobody looks after the delegation a child was typed under, it is for those who look after it where it is.
    """
    typed_there = Q(came_from=None) | Q(came_from=F("registration__delegation"))
    sending = Q(came_from__in=Delegation.objects.looked_after_by(user))
    left_alone = ~Q(came_from__in=FocalPoint.objects.active().values("delegation"))
    return ChildRecord.objects.filter(typed_there | sending | left_alone)


@transaction.atomic
def write(record_id: int, said: dict[str, Any], choice: dict[str, dict[str, bool]], *, by: User) -> Registration:
    """Everything of the file but its papers. With a date of birth of 18 or over there is no file any more."""
    record = lock_record(record_id)
    if said["birth_date"].isoformat() != record.birth_date:
        row = put_right(record_id, birth_date=said["birth_date"], by=by)
        if not row.is_minor:
            return row
        record = lock_record(record_id)
    record.legal_name = said["legal_name"] if record.state == ChildRecord.State.OPEN else record.legal_name
    for name in TEXTS:
        setattr(record, name, said[name])
    record.save(update_fields=["legal_name", *TEXTS])
    record.chaperones.set(said["chaperones"])
    media.choose(record, choice, by=by)
    write_down(record, "filled in", by)
    gate.look_again(record.pk, by=by)
    return record.registration


@transaction.atomic
def give(record_id: int, kind: str, accepted: AcceptedFile, given_on: Any, *, by: User) -> None:
    record = lock_record(record_id)
    papers.give(record, kind, accepted, given_on=given_on, by=by)
    write_down(record, f"given: {kind}", by)


@transaction.atomic
def take_back(record_id: int, kind: str, *, by: User) -> None:
    """A paper is withdrawn, at any time and without a reason; a clearing that rested on it lapses at once."""
    record = lock_record(record_id)
    for paper in record.consents.filter(kind=kind, withdrawn_at=None):
        papers.take_back(paper)
        write_down(record, f"withdrawn: {kind}", by)
    gate.look_again(record.pk, by=by)


@transaction.atomic
def send(record_id: int, *, by: User) -> Registration:
    """To the safeguarding lead, for the first time or once more."""
    record = lock_record(record_id)
    row = record.registration
    if row.status == Status.DRAFT:
        return workflow.submit(row.pk, by=by)
    if row.status == Status.RETURNED:
        return workflow.resubmit(row.pk, by=by)
    if row.status in (Status.REJECTED, Status.WITHDRAWN):
        gate.open_again(record)
        return workflow.come_back(row.pk, by=by)
    raise MoveNotAllowed(_("This file is with the safeguarding lead already. What you change here is seen at once."))


def given_words(record: ChildRecord) -> list[dict[str, Any]]:
    """Each paper: what it is, and whether and since when it is given; never the file."""
    given = papers.given(record)
    return [{"kind": kind, "label": label, "paper": given.get(kind)} for kind, label in ChildConsent.Kind.choices]
