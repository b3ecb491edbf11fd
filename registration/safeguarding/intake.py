"""From a row of a roster to the sealed record: what tells who a child is leaves the row in one transaction."""

from __future__ import annotations

import datetime
import secrets
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from meeting.models import AuditEntry, Meeting, User

from ..models import (
    SEATED,
    Category,
    Channel,
    ChildRecord,
    Delegation,
    DelegationEvent,
    FocalPoint,
    Registration,
    Status,
)
from ..models.registration import new_reference
from ..rules import is_minor
from ..workflow import MoveNotAllowed, offer_free_seats, seat_is_free
from ..workflow.base import Action, lock_seats, note
from ..workflow.lapsing import undo_approval
from . import alerts, papers
from .scrubbing import names_of, scrub

IDENTIFYING = (
    "honorific", "family_name", "functional_title", "department", "organisation", "phone", "email", "passport_name",
)  # fmt: skip


def is_child(values: Mapping[str, Any], meeting: Meeting) -> bool:
    """Whether these values of a row show somebody under 18 on the first day (today, where that is past)."""
    born = values.get("birth_date")
    if isinstance(born, str) and born:
        born = datetime.date.fromisoformat(born)
    return isinstance(born, datetime.date) and is_minor(born, meeting)


@transaction.atomic
def take_in(registration: Registration, *, legal_name: str, birth_date: datetime.date, by: User | None) -> ChildRecord:
    """Seal what tells who this is, leave an alias in the row, and tell the safeguarding lead.

    `registration` may be stored or not yet; afterwards it says what the row says. The row is in the meeting's category
    for children, under the same entity. Raises MoveNotAllowed, with nothing written, where the meeting has none.
    Taking in the same registration again changes nothing.
    """
    row = _row(registration)
    known = ChildRecord.objects.filter(registration=row).first() if row.pk else None
    if known is not None:
        return known
    category, came_from = _category_for_children(row), row.delegation
    legal_name = legal_name.strip() or row.passport_name or row.display_name
    if row.pk:
        scrub(row, names_of(row, legal_name))
    held_a_seat = row.pk is not None and row.status in SEATED
    row.delegation = _delegation_in(category, came_from)
    _tell_nothing(row, alias=_free_alias(category))
    row.save()
    record = ChildRecord.objects.create(
        registration=row, legal_name=legal_name, birth_date=birth_date.isoformat(), came_from=came_from
    )
    papers.take_letters(record, by)
    _after(record, held_a_seat, by=by)
    if registration is not row:
        registration.refresh_from_db()
    return record


def _row(registration: Registration) -> Registration:
    """The stored row, locked; one that is not stored yet is its own row, and its name never reaches the database."""
    if registration.pk is None:
        if not registration.reference:
            registration.reference = new_reference(registration.meeting.reference_prefix)
        return registration
    locked = Registration.objects.select_for_update(of=("self",), no_key=True)
    return locked.select_related("meeting", "delegation__category", "delegation__entity").get(pk=registration.pk)


def _category_for_children(row: Registration) -> Category:
    """Locked, so that two who come at once get different aliases."""
    found = Category.objects.select_for_update(no_key=True).filter(meeting=row.meeting, for_children=True).first()
    if found is None:
        raise MoveNotAllowed(
            _(
                "This person is under 18, and this meeting has no category for children and young people. "
                "Ask the organisers to add it; nothing has been kept of what you typed here."
            )
        )
    return found


def _delegation_in(category: Category, came_from: Delegation) -> Delegation:
    """The same entity among the children and young people, looked after by those who sent."""
    delegation = Delegation.objects.get_or_create(
        meeting=came_from.meeting,
        category=category,
        entity=came_from.entity,
        defaults={"name": came_from.name, "sort_key": came_from.sort_key},
    )[0]
    delegation.category = category
    return delegation


def _free_alias(category: Category) -> str:
    """A number by lot: not even the order in which children were named can be read from it."""
    children = Registration.objects.filter(meeting=category.meeting_id, is_minor=True)
    taken = set(children.values_list("display_name", flat=True))
    for digits in (2, 3, 4, 5):
        free = [n for n in range(1, 10**digits) if f"Participant Y{n:0{digits}}" not in taken]
        if len(free) * 4 > 10**digits:  # most numbers of this length are free
            return f"Participant Y{secrets.choice(free):0{digits}}"
    raise MoveNotAllowed(_("This meeting has no alias left for another young person. Write to the organisers."))


def _tell_nothing(row: Registration, *, alias: str) -> None:
    for name in IDENTIFYING:
        setattr(row, name, "")
    row.display_name = row.given_names = alias
    row.birth_date, row.unparsed, row.brought_from, row.precedence = None, {}, None, None
    row.is_minor = row.on_behalf = True
    # A form still open somewhere must not find this row and write the name back.
    row.attempt = type(row)._meta.get_field("attempt").get_default()
    row.channel = Channel.ROSTER if row.channel == Channel.SELF else row.channel
    row.status_reason = _("Under 18.") if row.status == Status.REJECTED else ""


def _after(record: ChildRecord, held_a_seat: bool, *, by: User | None) -> None:
    """History, seats, focal points, and a word to the safeguarding lead."""
    row = record.registration
    _look_after(row.delegation, record.came_from, by)
    if row.status != Status.DRAFT:
        codes = [record.came_from.category.code, row.delegation.category.code]  # type: ignore[union-attr]
        note(row, Action.EDITED, by=by, changes={"category": codes})
    undo_approval(row.pk, by=by)
    if held_a_seat and record.came_from != row.delegation:
        offer_free_seats(record.came_from)  # type: ignore[arg-type]
    write_down(record, "taken in", by)
    alerts.tell_lead(record, "child_waits", "in")


def _look_after(delegation: Delegation, came_from: Delegation | None, by: User | None) -> None:
    """Whoever sent goes on looking after the child; where staff or nobody acted, all who look after the delegation."""
    active = FocalPoint.objects.active()
    sending = active.filter(delegation=came_from)
    if sending.filter(user=by).exists():
        sending = sending.filter(user=by)
    here = set(active.filter(delegation=delegation).values_list("user", flat=True))
    for focal in sending.exclude(user__in=here):
        FocalPoint.objects.create(
            delegation=delegation,
            user=focal.user,
            name=focal.name,
            is_alternate=focal.is_alternate,
            title=focal.title,
            phone=focal.phone,
            language=focal.language,
            active_from=focal.active_from,
            active_to=focal.active_to,
            named_by=by,
        )
        delegation.events.create(action=DelegationEvent.Action.FOCAL_POINT_NAMED, by=by)


@transaction.atomic
def put_right(record_id: int, *, birth_date: datetime.date, by: User) -> Registration:
    """The date of birth was a slip of the pen. Over 18 the name goes back to the row, and the record is no more.

    Only while the record is with the safeguarding lead: afterwards the lead has to be asked.
    """
    record = lock_record(record_id)
    row = record.registration
    if record.state != ChildRecord.State.OPEN:
        raise MoveNotAllowed(_("This file has been decided on. Write to the safeguarding lead to change the date."))
    if is_minor(birth_date, row.meeting):
        record.birth_date = birth_date.isoformat()
        record.save(update_fields=["birth_date"])
        write_down(record, "date of birth", by)
        return row
    _back_to_the_roster(record, birth_date)
    write_down(record, "over 18", by)
    papers.destroy(record)
    return row


def _back_to_the_roster(record: ChildRecord, birth_date: datetime.date) -> None:
    row = record.registration
    if record.came_from is not None and record.came_from != row.delegation:
        if row.status in SEATED and not seat_is_free(lock_seats(record.came_from)):
            raise MoveNotAllowed(_("No seat is free for %s. Free one there first.") % record.came_from.name)
        row.delegation = record.came_from
    row.is_minor, row.birth_date = False, birth_date
    row.display_name, row.given_names = record.legal_name[:200], record.legal_name[:150]
    row.save()


def lock_record(record_id: int) -> ChildRecord:
    """The record, locked after its registration, as every move locks."""
    registration_id = ChildRecord.objects.values_list("registration_id", flat=True).get(pk=record_id)
    row = Registration.objects.select_for_update(of=("self",), no_key=True)
    row.get(pk=registration_id)
    around = ("registration__meeting", "registration__delegation__category", "registration__delegation__entity")
    found = ChildRecord.objects.select_for_update(of=("self",), no_key=True)
    return found.select_related(*around, "came_from__category").get(pk=record_id)


def write_down(record: ChildRecord, what: str, by: User | None) -> None:
    """Into the history of the meeting: which record, by reference, and what kind of change; nothing of what it says."""
    AuditEntry.objects.create(
        meeting=record.registration.meeting,
        by=by,
        action=AuditEntry.Action.CHILD,
        about=record.registration.reference,
        subject=record.registration.reference,
        detail={"what": what, "at": timezone.now().isoformat(timespec="seconds")},
    )
