"""What reviewers do around a decision: whose it is, and what they tell each other about it."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from meeting.models import User

from ..models import LIVE, Category, Note, Registration, review_limits
from ..rules import can_decide
from .base import Action, MoveNotAllowed, lock, note
from .changes import Edited, edit


@transaction.atomic
def assign(registration_id: int, *, to: User | None, by: User) -> Registration:
    """Give the decision to somebody who may make it, or back to nobody. Twice is once."""
    registration = lock(registration_id)
    if registration.assigned_to_id == (to.pk if to else None):
        return registration
    if to is not None and not may_be_given(registration, to):
        raise MoveNotAllowed(
            _("%(name)s does not decide on “%(category)s” at this meeting.")
            % {"name": to, "category": registration.delegation.category.name}
        )
    was, registration.assigned_to = registration.assigned_to, to
    registration.save(update_fields=["assigned_to"])
    note(registration, Action.ASSIGNED, by=by, changes={"assigned_to": [str(was or ""), str(to or "")]})
    return registration


def may_be_given(registration: Registration, user: User) -> bool:
    limited = review_limits(user).get(registration.meeting_id)
    within = limited is None or registration.delegation.category_id in limited
    return user.is_active and within and can_decide(user, registration.meeting)


@transaction.atomic
def add_note(registration_id: int, *, text: str, by: User) -> Note:
    """A word to colleagues. None is written about a child, whose file is sealed."""
    registration = lock(registration_id)
    if registration.is_minor:
        raise MoveNotAllowed(_("No notes are kept about somebody under 18. Write to the safeguarding lead."))
    if not text.strip():
        raise MoveNotAllowed(_("Write something first."))
    return registration.notes.create(by=by, text=text.strip()[:2000])


@transaction.atomic
def remove_note(note_id: int, *, by: User) -> None:
    """Whoever wrote a note may take it away; that it was there stays in the history."""
    found = Note.objects.select_for_update().filter(pk=note_id, by=by).first()
    if found is None:
        raise MoveNotAllowed(_("Only whoever wrote a note can take it away."))
    note(lock(found.registration_id), Action.NOTE_REMOVED, by=by)
    found.delete()


@transaction.atomic
def change_category(registration_id: int, category: Category, *, reason: str, by: User) -> Edited:
    """The same entity, another category; history, seat and own letters come too. The reason stands in the history."""
    registration = lock(registration_id)
    if registration.status not in LIVE:
        raise MoveNotAllowed(
            _("%(who)s does not come, so nothing can be changed. Bring %(who)s back first.")
            % {"who": registration.display_name}
        )
    return edit(registration_id, {"category": category}, by=by, needs_word=False, reason=reason.strip())
