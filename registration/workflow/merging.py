"""Two registrations of one person become one, or are kept apart: said once by a person, and remembered.

Nothing is deleted. The one that is not kept is withdrawn and says into which it went; its seat becomes free. What the
kept one lacks comes along: letters, names on letters, answers, the children somebody looks after.
"""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from meeting.models import User

from ..mail import outbox
from ..models import LIVE, SEATED, ChangeProposal, Likeness, Registration, SeatOffer, Status
from ..questions import past
from .base import Action, MoveNotAllowed, lock, lock_seats, move, note
from .changes import edit
from .seats import close_offer, offer_free_seats, seat_is_free

State = Likeness.State
# What may be taken from either of the two, in the order of the screen.
CHOOSABLE = (
    "honorific", "display_name", "given_names", "family_name", "passport_name", "birth_date", "functional_title",
    "department", "organisation", "role", "email", "phone", "modality", "language", "on_behalf",
)  # fmt: skip


def as_seen(one: Registration, other: Registration) -> str:
    """How the two stand now; `merge` wants it back, so that nobody merges what they have not looked at."""
    return "~".join(r.changed_at.isoformat() for r in sorted((one, other), key=lambda r: r.pk))


def can_be_merged(one: Registration, other: Registration) -> bool:
    """Both come to one meeting. Of others it is only remembered that they are one person."""
    return one.meeting_id == other.meeting_id and one.status in LIVE and other.status in LIVE


@transaction.atomic
def merge(likeness_id: int, *, keep: int, take: Collection[str], seen: str, by: User) -> Registration:
    """Keep the registration `keep`, with the fields in `take` as the other one has them. Returns the kept one.

    Raises MoveNotAllowed when somebody has decided meanwhile or either has changed since it was `seen`. Whoever used
    two addresses is told at the one that we no longer write to; otherwise no message goes out.
    """
    likeness, kept, other = _lock_pair(likeness_id, keep)
    if as_seen(kept, other) != seen:
        raise MoveNotAllowed(_("One of the two has changed since you opened this page. Look at both once more."))
    if not can_be_merged(kept, other):
        raise MoveNotAllowed(_("These two cannot be merged: both must be coming to this meeting."))
    values = {name: getattr(other, name) for name in CHOOSABLE if name in take}
    kept = edit(kept.pk, values, by=by, needs_word=False, tell=False).registration
    answered = _bring_along(other, kept)
    _end(other, kept, by=by)
    _decide(likeness, State.SAME, by=by)
    note(kept, Action.MERGED, by=by, changes={"registration": other.reference, **answered})
    event = note(other, Action.MERGED, by=by, changes={"registration": kept.reference})
    if other.email and not other.on_behalf and other.email.lower() != kept.email.lower():
        outbox.queue("merged", other, key=f"registration-event-{event.pk}")
    return kept


@transaction.atomic
def keep_apart(likeness_id: int, *, by: User) -> Likeness:
    """They are two persons, and nobody is asked again."""
    likeness = _lock_likeness(likeness_id)
    _decide(likeness, State.APART, by=by)
    _note_both(likeness, Action.KEPT_APART, by=by)
    return likeness


@transaction.atomic
def same_person(likeness_id: int, *, by: User) -> Likeness:
    """One person, of whom nothing is merged: the two are of two meetings, or one of them does not come."""
    likeness, one, other = _lock_pair(likeness_id)
    if can_be_merged(one, other):
        raise MoveNotAllowed(_("Both are coming to this meeting: choose which one to keep."))
    _decide(likeness, State.SAME, by=by)
    _note_both(likeness, Action.SAME_PERSON, by=by)
    return likeness


def _lock_pair(likeness_id: int, keep: int | None = None) -> tuple[Likeness, Registration, Registration]:
    """The pair with both registrations, the kept one first. The lower number is locked first, whoever asks."""
    found = Likeness.objects.filter(pk=likeness_id).first()
    if found is None:
        raise MoveNotAllowed(_not_alike_any_more())
    pair = [lock(found.first_id), lock(found.second_id)]
    if keep == found.second_id:
        pair.reverse()
    return _lock_likeness(likeness_id), pair[0], pair[1]


def _lock_likeness(likeness_id: int) -> Likeness:
    found = Likeness.objects.select_for_update(of=("self",)).select_related("decided_by").filter(pk=likeness_id).first()
    if found is None:
        raise MoveNotAllowed(_not_alike_any_more())
    if found.state != State.OPEN:
        raise MoveNotAllowed(
            _("%(by)s has decided this already: %(what)s. Nothing was changed by you.")
            % {"by": found.decided_by, "what": found.get_state_display().lower()}
        )
    return found


def _not_alike_any_more() -> str:
    return _("One of the two was corrected meanwhile, and they are no longer alike. There is nothing left to do.")


def _decide(likeness: Likeness, state: str, *, by: User) -> None:
    likeness.state, likeness.decided_by, likeness.decided_at = state, by, timezone.now()
    likeness.save(update_fields=["state", "decided_by", "decided_at"])


def _note_both(likeness: Likeness, action: str, *, by: User) -> None:
    note(likeness.first, action, by=by, changes={"registration": likeness.second.reference})
    note(likeness.second, action, by=by, changes={"registration": likeness.first.reference})


def _bring_along(other: Registration, kept: Registration) -> past.Past:
    """What the kept one lacks. Whatever it has itself stays as it is, and the other's beside it for the record.

    Returns what became of its answers, for the history.
    """
    if not kept.letters.exists():
        other.letters.update(registration=kept, delegation=kept.delegation)
    named_on = kept.letter_names.values("letter")
    other.letter_names.exclude(letter__in=named_on).update(registration=kept)
    theirs = other.answers.exclude(question__key__in=kept.answers.values("question__key"))
    brought = list(theirs.select_related("question"))
    theirs.update(registration=kept)
    for record in other.chaperoned.all():
        record.chaperones.add(kept)
        record.chaperones.remove(other)
    if kept.endorsed_at is None and other.endorsed_at and kept.delegation_id == other.delegation_id:
        kept.endorsed_at, kept.endorsed_by = other.endorsed_at, other.endorsed_by
        kept.save(update_fields=["endorsed_at", "endorsed_by", "changed_at"])
    Registration.objects.filter(merged_into=other).update(merged_into=kept)
    return past.brought(brought, kept)


def _end(other: Registration, kept: Registration, *, by: User) -> None:
    """The other one leaves. Its seat goes to the kept one where that waits in the same line, else to the next."""
    lock_seats(other.delegation, kept.delegation)
    held_a_seat = close_offer(other, SeatOffer.State.WITHDRAWN) or other.status in SEATED
    wishes = other.proposals.filter(state=ChangeProposal.State.OPEN)
    wishes.update(state=ChangeProposal.State.WITHDRAWN, decided_by=by, decided_at=timezone.now())
    move(other, Status.WITHDRAWN, by=by, reason=_("The same person as %(reference)s") % {"reference": kept.reference})
    other.merged_into = kept
    other.save(update_fields=["merged_into", "changed_at"])
    if held_a_seat:
        _take_over(kept, other, by=by)
        offer_free_seats(other.delegation)


def _take_over(kept: Registration, other: Registration, *, by: User) -> None:
    """Whoever had a seat under one of two registrations has not lost it by having two."""
    in_line = kept.status == Status.WAITLISTED and kept.delegation.category_id == other.delegation.category_id
    if in_line and (close_offer(kept, SeatOffer.State.ACCEPTED) or seat_is_free(kept.delegation)):
        event = move(kept, Status.SUBMITTED, by=by)
        outbox.queue("submitted", kept, key=f"registration-event-{event.pk}")
