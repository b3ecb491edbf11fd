"""Everything that the screen to decide shows of one person to one reader."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from meeting.models import Meeting, User

from .. import field_words, rules, workflow
from ..duplicates import pairs
from ..issuing import pane
from ..letters.pane import Pane
from ..letters.reconcile import UNREGISTERED
from ..mail import outbox
from ..models import LIVE, Category, Registration, Standing
from . import (
    addresses,
    colleagues,
    deciding,
    lettering,
    mailing,
    neighbours,
    person,
    reason_forms,
    reasons,
    same_person,
)
from .access import StaffRequest
from .deciding_forms import CategoryForm, DecisionForm, NoteForm
from .queue import Queue

LATEST = 5  # events shown beside a decision; the others are a click away


@dataclass(frozen=True)
class Refused:
    """The forms that came back with errors: shown as they were sent."""

    decision: DecisionForm | None = None
    category: CategoryForm | None = None
    note: NoteForm | None = None

    @property
    def any(self) -> bool:
        return bool(self.decision or self.category or self.note)


def context(request: StaffRequest, meeting: Meeting, found: Registration, refused: Refused) -> dict[str, Any]:
    waiting = Queue(meeting, request.user, request.GET)
    decides = rules.can_decide(request.user, meeting)
    sees_contact = decides or rules.can_export(request.user, meeting)
    waits = person.what_is_open(found)
    shown: dict[str, Any] = {
        "meeting": meeting,
        "section": "queue",
        "registration": found,
        "returned": field_words.labels(found.returned_fields, meeting),
        "waits": waits,
        "who_acts": person.who_acts(found, waits),
        "may_decide": decides,
        "may_see_contact": sees_contact,
        "around": neighbours.of(found, waiting),
        "suffix": _suffix(waiting),
        "people_query": request.GET.get("people"),  # the list from which somebody comes, as it was narrowed there
        "query": waiting.filter.query(),
        "filter": waiting.filter,
        "returned_address": _returned(found) if sees_contact else None,
        **_past(found, request.user, sees_contact=sees_contact, decides=decides),
        **_company(request, found, waiting, decides=decides),
        "papers": pane.of(found, reads=meeting.reads_letters, issues=meeting.sets_up),  # type: ignore[attr-defined]
    }
    return shown | (_to_decide(request, found, waiting, waits, refused) if decides else {"buttons": set()})


def _returned(found: Registration) -> addresses.Returned | None:
    """What is known against the address; the view has asked whether there is anything, with the person."""
    return addresses.of(found) if getattr(found, "address_fails", True) else None


def _suffix(waiting: Queue) -> str:
    """Every link and form leads on under the same filter."""
    query = waiting.filter.query()
    return f"?{query}" if query else ""


def _past(found: Registration, user: User, *, sees_contact: bool, decides: bool) -> dict[str, Any]:
    events = person.history(found, contact=sees_contact, birth=decides, user=user)
    address = reverse("admin:desk:registration_history", args=[found.meeting.slug, found.reference])
    return {
        "history": events[:LATEST],
        "events": len(events),
        "whole_history": address if len(events) > LATEST else "",
        "mails": mailing.listed(found) if sees_contact else [],
        "may_act": decides,
    }


def _company(request: StaffRequest, found: Registration, waiting: Queue, *, decides: bool) -> dict[str, Any]:
    """The letter, and everybody this person is compared with."""
    letters = lettering.letter_pane(found, request, may_decide=decides)
    linked = same_person.links(found) if decides and not found.is_minor else None
    compared = None if linked is None else pairs.about(found, request.user) if linked.compared else []
    mates, are_more = person.roster(found, waiting.everybody)
    return {
        "pane": letters,
        "checks": [
            *lettering.checks(letters),
            *person.checks(found, waiting.everybody, letters=None, compared=compared),
        ],
        "others": same_person.others(found, request.user, linked, compared or []) if linked else [],
        "mates": mates,
        "more_mates": are_more,
        "is_further_on": are_more and found not in mates,
        "registered": person.live(mates),
        "named": len(letters.state.names) if letters else 0,
        "missing": _missing(letters),
    }


def _missing(letters: Pane | None) -> list[str]:
    """Whom the letter names and nobody has registered."""
    return [line.name.name for line in letters.state.lines if line.kind == UNREGISTERED] if letters else []


def _to_decide(
    request: StaffRequest, found: Registration, waiting: Queue, waits: person.Open, refused: Refused
) -> dict[str, Any]:
    buttons = deciding.buttons(found, waits, request.user)
    may_note = not found.is_minor
    return {
        "buttons": buttons,
        "first_word": deciding.first_word(found, request.user),
        "undo": workflow.can_be_undone(found),
        "mails_wait": bool(buttons & deciding.OPEN_THE_NEXT),
        "read_first": bool(buttons & deciding.OPEN_THE_NEXT) and outbox.is_read_first(found.meeting, outbox.DECISIONS),
        **_reasons(found, buttons, refused.decision),
        "categories": other_categories(found, waiting.filter.categories),
        "category_form": refused.category,
        "address_to_correct": addresses.can_be_corrected(found) and not getattr(found, "address_fails", False),
        "grace": found.meeting.decision_grace_minutes,
        "is_sealed": found.is_minor and not buttons and not rules.can_see_children(request.user, found.meeting),
        "colleagues": colleagues.of(found),
        "notes": found.notes.select_related("by") if may_note else [],
        "may_note": may_note,
        "note_form": refused.note,
    }


def _reasons(found: Registration, buttons: set[str], refused: DecisionForm | None) -> dict[str, Any]:
    written = reasons.of_meeting(found.meeting, buttons & set(reason_forms.WITH_READY))
    returnable = person.returnable(found) if "return" in buttons else []

    def build(moves: tuple[str, ...]) -> list[reason_forms.ReasonForm]:
        asked = [move for move in moves if move in buttons]
        return reason_forms.build(asked, found, written=written, returnable=returnable, refused=refused)

    return {"decisions": build(reason_forms.DECISIONS), "corrections": build(reason_forms.CORRECTIONS)}


def other_categories(found: Registration, categories: Iterable[Category]) -> list[Category]:
    """Of the meeting's, those open ones in which the same entity could come; none for a child, or who does not come."""
    if found.is_minor or found.status not in LIVE:
        return []
    now, entity = found.delegation.category_id, found.delegation.entity
    open_now = [c for c in categories if c.is_open and not c.for_children and c.pk != now]
    asks = any(category.standings for category in open_now)
    standing = rules.standing_of(entity, found.meeting.membership_body) if asks else Standing.NONE
    return [category for category in open_now if category.admits(entity, standing)]
