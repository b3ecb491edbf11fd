"""Changes to what a registration says, and the words of others about it: edits, proposals, endorsement."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from meeting.models import User

from ..issuing import issue as letters
from ..mail import acts, addresses, outbox
from ..models import (
    SEATED,
    Category,
    ChangeProposal,
    Delegation,
    MailState,
    OutgoingMail,
    Registration,
    RegistrationEvent,
    SeatOffer,
    Status,
)
from ..rules import is_minor
from .base import (
    Action,
    MoveNotAllowed,
    lock,
    lock_seats,
    must_be_complete,
    must_not_be_quiet,
    note,
    put_endorsement,
    reason_given,
)
from .seats import close_offer, offer_free_seats, seat_is_free
from .telling import tell_of_change

# After approval these wait for a decision: badge, list and desk go by them. Everything else goes through at once.
MATERIAL = {"given_names", "family_name", "display_name", "passport_name", "role", "category"}
EDITABLE = MATERIAL | {
    "honorific", "functional_title", "department", "organisation", "email", "phone", "modality", "language",
    "birth_date", "on_behalf", "precedence", "unparsed",
}  # fmt: skip
OF_A_CHILD = {"role", "modality", "precedence", "language"}
DERIVED = ["sort_key", "search_key", "changed_at"]
OPEN = ChangeProposal.State.OPEN
NOT_ARRIVED = (MailState.QUEUED, MailState.HELD, MailState.FAILED, MailState.STUCK)


class Conflict(MoveNotAllowed):
    """Somebody else changed the same fields meanwhile. `theirs` is what stands there now; nothing was written."""

    def __init__(self, theirs: dict[str, Any], by: User | None) -> None:
        self.theirs, self.by = theirs, by
        super().__init__(_("Somebody else has changed this meanwhile. Look at both, and choose."))


@dataclass
class Edited:
    """What became of an edit: written at once, or waiting for a decision."""

    registration: Registration
    applied: dict[str, list[Any]] = field(default_factory=dict)
    proposed: dict[str, list[Any]] = field(default_factory=dict)


@transaction.atomic
def edit(
    registration_id: int,
    values: dict[str, Any],
    *,
    by: User | None,
    seen: dict[str, Any] | None = None,
    needs_word: bool = True,
    reason: str = "",
    answered: Mapping[str, Any] | None = None,
    tell: bool = True,
) -> Edited:
    """Change fields of a registration that is not yet over.

    `values` are clean, by the names in EDITABLE; `category` is a Category. `seen` is what stood on the editor's screen:
    a field that says something else by now raises Conflict, and nothing is written. What is material waits as a
    proposal once the registration is approved, unless an organiser edits (`needs_word=False`). `answered` is what the
    same edit makes of answers (see questions.past): one edit is one line of the history. The person is told of what
    somebody else changes in their name, role or category, unless `tell` is False.
    """
    if unknown := set(values) - EDITABLE:
        raise ValueError(f"not for editing: {sorted(unknown)}")
    registration = lock(registration_id)
    _children_stay_sealed(registration, values)
    if needs_word:
        must_not_be_quiet(registration)
    if registration.status in (Status.REJECTED, Status.WITHDRAWN):
        raise MoveNotAllowed(
            _("%(who)s does not come, so nothing can be changed. Bring %(who)s back first.")
            % {"who": registration.display_name}
        )
    changes = _changes(registration, values)
    _compare_with_screen(registration, changes, seen or {})
    waits = needs_word and registration.status == Status.APPROVED
    proposed = {name: change for name, change in changes.items() if waits and name in MATERIAL}
    applied = {name: change for name, change in changes.items() if name not in proposed}
    if applied:
        _write(registration, {name: values[name] for name in applied}, by=by)
        _ask_the_first_again(registration, applied)
    if (applied or answered) and registration.status != Status.DRAFT:
        # A draft is still being typed: its history begins when it is sent.
        event = note(registration, Action.EDITED, by=by, changes={**applied, **(answered or {})}, reason=reason)
        # Whoever changes it on their own page has read a code at the old address, so that one is theirs.
        if "email" in applied:
            follow_address(registration, event) if by is not None else _let_held_follow(registration, by)
        if tell:
            tell_of_change(registration, event, applied, by=by)
    if proposed:
        propose(registration, proposed, by=by)
    return Edited(registration, applied, proposed)


def _ask_the_first_again(registration: Registration, applied: dict[str, Any]) -> None:
    """Whoever approved first had other words before them."""
    if registration.first_approved_by_id is not None and MATERIAL & set(applied):
        registration.first_approved_at = registration.first_approved_by = None
        registration.save(update_fields=["first_approved_at", "first_approved_by"])


def follow_address(registration: Registration, event: RegistrationEvent) -> None:
    """Somebody else has put the address right: links and codes sent to the old one, perhaps a stranger's, end.

    What waits to be sent goes to the new address, and so does the present state with a link that works.
    """
    _end_what_was_mailed(registration)
    unsent = OutgoingMail.objects.filter(registration=registration, focal_user=None, state__in=NOT_ARRIVED)
    if not registration.email or registration.on_behalf:
        unsent.delete()
        return
    unsent.filter(kind="change_code").delete()
    tells_again = registration.status if _is_told_again(registration) else ""
    not_read = unsent.filter(state__in=[MailState.HELD, MailState.FAILED], kind=tells_again)
    not_read.update(state=MailState.CANCELLED, held_for="")  # the message below says the same
    addresses.readdress(unsent, registration.email, by=event.by)
    for mail in unsent.filter(state=MailState.FAILED):
        if not acts.send_again(mail.pk, by=event.by):
            acts.cancel(mail, by=event.by)
    if tells_again:
        outbox.queue(
            tells_again,
            registration,
            key=f"registration-event-{event.pk}",
            with_calendar=registration.status == Status.APPROVED,
        )


def _end_what_was_mailed(registration: Registration) -> None:
    registration.access_keys.filter(revoked_at=None).update(revoked_at=timezone.now())
    registration.change_codes.filter(used_at=None).delete()


def _is_told_again(registration: Registration) -> bool:
    """Unless a decision waits to be told: that one brings the link."""
    is_known = registration.told_status == registration.status
    return is_known and registration.status in (Status.SUBMITTED, Status.WAITLISTED, Status.APPROVED)


def _let_held_follow(registration: Registration, by: User | None) -> None:
    """The person has put their own address right: what was held for the old one goes to the new one."""
    if registration.email and not registration.on_behalf:
        held = registration.outgoing_mails.filter(focal_user=None, state=MailState.HELD)
        addresses.readdress(held, registration.email, by=by)


def _children_stay_sealed(registration: Registration, values: dict[str, Any]) -> None:
    """Nothing that tells who a child is enters a row, whoever types it: `safeguarding.intake` is the way."""
    if registration.is_minor and set(values) - OF_A_CHILD:
        raise MoveNotAllowed(
            _("%(who)s is under 18. What tells who this is stands in the sealed file, and only there.")
            % {"who": registration.display_name}
        )
    if "category" in values and values["category"].for_children:
        raise MoveNotAllowed(_("Only people under 18 come in this category: their date of birth brings them there."))
    born = values.get("birth_date")
    if born and is_minor(born, registration.meeting):
        raise MoveNotAllowed(
            _(
                "This date of birth is of somebody under 18. The organization that sends the young person registers "
                "them; write to its focal point, or to the secretariat."
            )
        )


def _changes(registration: Registration, values: dict[str, Any]) -> dict[str, list[Any]]:
    """What differs, as plain text or number: was and would be."""
    found = {}
    for name, value in values.items():
        was, becomes = plain(_now(registration, name)), plain(value)
        if was != becomes:
            found[name] = [was, becomes]
    return found


def _now(registration: Registration, name: str) -> Any:
    return registration.delegation.category if name == "category" else getattr(registration, name)


def plain(value: Any) -> Any:
    """`value` as the history keeps it."""
    if isinstance(value, Category):
        return value.code
    if isinstance(value, datetime.date):
        return value.isoformat()
    return value


def _compare_with_screen(registration: Registration, changes: dict[str, list[Any]], seen: dict[str, Any]) -> None:
    stale = {name: was for name, (was, _new) in changes.items() if name in seen and plain(seen[name]) != was}
    if stale:
        last = registration.events.filter(action=Action.EDITED).select_related("by").last()
        raise Conflict(stale, last.by if last else None)


def _write(registration: Registration, values: dict[str, Any], *, by: User | None) -> None:
    columns = [name for name in values if name != "category"]
    for name in columns:
        setattr(registration, name, values[name])
    if registration.status != Status.DRAFT:
        must_be_complete(registration)
    if "category" in values:
        _change_category(registration, values["category"])
    if columns:
        registration.save(update_fields=[*columns, *DERIVED])
    if registration.status == Status.APPROVED:
        letters.follow_edit(registration, by=by)


def _change_category(registration: Registration, category: Category) -> None:
    """The same entity in another category; a seat must be free there for whoever holds one here."""
    old = registration.delegation
    new = Delegation.objects.get_or_create(
        meeting=old.meeting, category=category, entity=old.entity, defaults={"name": old.name, "sort_key": old.sort_key}
    )[0]
    new.meeting, new.category = registration.meeting, category
    if registration.status != Status.DRAFT:
        lock_seats(old, new)
    if registration.status in SEATED and not seat_is_free(new):
        raise MoveNotAllowed(
            _("No seat is free for %(delegation)s in “%(category)s”. Free one there, or raise the quota.")
            % {"delegation": new.name, "category": category.name}
        )
    # A seat that was on offer is one of the old category.
    freed = registration.status in SEATED or close_offer(registration, SeatOffer.State.WITHDRAWN)
    registration.delegation, registration.precedence = new, None
    registration.save(update_fields=["delegation", "precedence", "changed_at"])
    registration.letters.update(delegation=new)
    if freed:
        offer_free_seats(old)
    if registration.status == Status.WAITLISTED:
        offer_free_seats(new)


def propose(registration: Registration, changes: dict[str, list[Any]], *, by: User | None) -> None:
    """One open proposal for each registration: a second change joins the first."""
    waiting = registration.proposals.select_for_update().filter(state=OPEN).first()
    if waiting is None:
        registration.proposals.create(changes=changes, by=by)
    else:
        waiting.changes, waiting.by, waiting.made_at = {**waiting.changes, **changes}, by, timezone.now()
        waiting.save(update_fields=["changes", "by", "made_at"])
    note(registration, Action.PROPOSED, by=by, changes=changes)


def _lock_proposal(proposal_id: int) -> tuple[ChangeProposal, Registration]:
    found = ChangeProposal.objects.get(pk=proposal_id)
    registration = lock(found.registration_id)
    proposal = ChangeProposal.objects.select_for_update().get(pk=proposal_id)
    if proposal.state != OPEN:
        raise MoveNotAllowed(
            _("The change %(who)s asked for is %(now)s already. There is nothing left to do.")
            % {"who": registration.display_name, "now": proposal.get_state_display().lower()}
        )
    return proposal, registration


@transaction.atomic
def accept_proposal(proposal_id: int, *, by: User, seen: datetime.datetime | None = None) -> Registration:
    """Write what was proposed, and tell the delegate.

    `seen` is when the proposal on the reader's screen was made: nobody accepts what was added to it meanwhile.
    """
    proposal, registration = _lock_proposal(proposal_id)
    if seen is not None and seen != proposal.made_at:
        raise MoveNotAllowed(
            _("%(who)s has asked for something more meanwhile. Look at it, then decide.")
            % {"who": registration.display_name}
        )
    _must_still_fit(proposal, registration)
    values = {name: _as_value(registration, name, new) for name, (_was, new) in proposal.changes.items()}
    _write(registration, values, by=by)
    _decide(proposal, ChangeProposal.State.ACCEPTED, by=by)
    event = note(registration, Action.ACCEPTED, by=by, changes=proposal.changes)
    if "email" in proposal.changes:
        # Asked for by somebody who could not read a code at the old address, nor prove who reads there.
        _end_what_was_mailed(registration)
        _let_held_follow(registration, by)
    told = {"changes": proposal.changes}
    outbox.queue("change_accepted", registration, key=f"registration-event-{event.pk}", values=told)
    return registration


def _must_still_fit(proposal: ChangeProposal, registration: Registration) -> None:
    """What an organiser has written since is not overwritten by a wish that did not know of it."""
    now = {name: plain(_now(registration, name)) for name in proposal.changes}
    if any(now[name] not in change for name, change in proposal.changes.items()):
        raise MoveNotAllowed(
            _("Since %(who)s asked, the same has been changed by somebody else. Decline with a word, or ask once more.")
            % {"who": registration.display_name}
        )


def _as_value(registration: Registration, name: str, value: Any) -> Any:
    if name == "category":
        return Category.objects.get(meeting=registration.meeting, code=value)
    return value


@transaction.atomic
def decline_proposal(proposal_id: int, *, by: User, reason: str) -> Registration:
    """Leave everything as it is, with a reason that the delegate reads."""
    reason = reason_given(reason, _("Give a reason: the delegate reads it."))
    proposal, registration = _lock_proposal(proposal_id)
    _decide(proposal, ChangeProposal.State.DECLINED, by=by, reason=reason)
    event = note(registration, Action.DECLINED, by=by, reason=reason, changes=proposal.changes)
    values = {"changes": proposal.changes, "reason": reason}
    outbox.queue("change_declined", registration, key=f"registration-event-{event.pk}", values=values)
    return registration


@transaction.atomic
def withdraw_proposal(proposal_id: int, *, by: User | None) -> Registration:
    """Whoever asked thinks otherwise: everything stays as it is."""
    must_not_be_quiet(lock(ChangeProposal.objects.get(pk=proposal_id).registration_id))
    proposal, registration = _lock_proposal(proposal_id)
    _decide(proposal, ChangeProposal.State.WITHDRAWN, by=by)
    note(registration, Action.TOOK_BACK, by=by, changes=proposal.changes)
    return registration


def _decide(proposal: ChangeProposal, state: str, *, by: User | None, reason: str = "") -> None:
    proposal.state, proposal.decided_by, proposal.decided_at, proposal.reason = state, by, timezone.now(), reason
    proposal.save(update_fields=["state", "decided_by", "decided_at", "reason"])


@transaction.atomic
def endorse(registration_id: int, *, by: User) -> Registration:
    """The focal point says that this person comes for the delegation. Twice is once."""
    registration = lock(registration_id)
    must_not_be_quiet(registration)
    if registration.status in (Status.DRAFT, Status.REJECTED, Status.WITHDRAWN):
        raise MoveNotAllowed(
            _("%(who)s is %(now)s: there is nothing to endorse.")
            % {"who": registration.display_name, "now": registration.get_status_display().lower()}
        )
    if registration.endorsed_at is None:
        put_endorsement(registration, by=by)
    return registration
