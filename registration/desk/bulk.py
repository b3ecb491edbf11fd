"""What will happen to each of many, who will be written to, and what they will read. Changes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from meeting.models import User

from .. import workflow
from ..letters import reconcile, standing
from ..mail.links import CODE, PLACEHOLDER
from ..mail.readers import Reader, readers_of_each
from ..mail.rendering import Rendered, render
from ..many.moving import reason_for
from ..many.starting import Asked
from ..models import LIVE, Registration, Status
from ..models.registration import RegistrationQuerySet
from .obstacles import TARGETS, Obstacles

KINDS = {"approve": "approved", "return": "returned", "reject": "rejected", "waitlist": "waitlisted"}


@dataclass
class Line:
    """What will happen to one person; `refusal` says why nothing does, `doubts` what to look at first."""

    registration: Registration
    refusal: str = ""
    doubts: tuple[str, ...] = ()
    note: str = ""
    becomes: Status | None = None
    readers: list[Reader] = field(default_factory=list)

    @property
    def row(self) -> str:
        """Who it is and how they stand, as the page sends it back."""
        first = "+" if self.registration.first_approved_by_id else ""
        return f"{self.registration.reference}.{self.registration.status}{first}"


@dataclass(frozen=True)
class Letter:
    """One message as its reader would get it."""

    reader: Reader
    message: Rendered


def forecast(registrations: list[Registration], move: str, everybody: RegistrationQuerySet, by: User) -> list[Line]:
    """What will happen to each of `registrations`, and what a careful colleague would look at first."""
    doubts = _doubts(registrations, everybody) if move == "approve" else {}
    obstacles = Obstacles(registrations, move, by)
    lines = [_line(r, move, obstacles, doubts.get(r.pk, ())) for r in registrations]
    told = [line for line in lines if line.becomes]
    readers = readers_of_each(line.registration for line in told)
    for line in told:
        line.readers = readers[line.registration.pk]
    return lines


def _line(registration: Registration, move: str, obstacles: Obstacles, doubts: tuple[str, ...]) -> Line:
    if refusal := obstacles.why_not(registration):
        return Line(registration, refusal)
    if obstacles.is_first_word(registration):
        return Line(registration, "", doubts, _("The first of two approvals: a colleague gives the second."))
    return Line(registration, "", doubts, obstacles.note(registration), TARGETS.get(move))


def languages(lines: Iterable[Line]) -> list[tuple[str, int]]:
    """The languages of the messages and how many there are in each, the most first."""
    return Counter(reader.language for line in lines for reader in line.readers).most_common()


def example(lines: Iterable[Line], asked: Asked, language: str) -> Letter | None:
    """The message to the first who reads it in `language`; None where nobody does."""
    found = next(((line, r) for line in lines for r in line.readers if r.language == language), None)
    if found is None:
        return None
    line, reader = found
    reason = reason_for(asked.reason, asked.texts, line.registration.language)
    if not reason and asked.move in ("return", "reject"):
        reason = _("[Your reason stands here.]")
    foreseen = workflow.as_if(line.registration, TARGETS[asked.move], reason=reason, fields=asked.fields_to_mend)
    values = {"by_organisers": True} if asked.move == "waitlist" else {}
    message = render(KINDS[asked.move], foreseen, reader, values)
    return Letter(reader, Rendered(message.subject, _without_keys(message.text), ""))


def _without_keys(text: str) -> str:
    return text.replace(PLACEHOLDER, _("[the private link of each]")).replace(CODE, "…")


def _doubts(registrations: list[Registration], everybody: RegistrationQuerySet) -> dict[int, tuple[str, ...]]:
    twice = _registered_twice(registrations, everybody)
    standing.mark_each(registrations)
    return {r.pk: _doubts_about(r, twice=twice) for r in registrations}


def _doubts_about(registration: Registration, *, twice: set[str]) -> tuple[str, ...]:
    found, mark = [], registration.letter_mark  # type: ignore[attr-defined]
    if registration.delegation.category.letter_required and mark == reconcile.NO_LETTER:
        found.append(_("No letter, and the category needs one"))
    if mark == reconcile.NOT_NAMED:
        found.append(_("Not named on the letter"))
    if mark == reconcile.PROPOSED:
        found.append(_("A name on the letter is alike, and nobody has confirmed it"))
    if {registration.email.lower(), registration.display_name} & twice:
        found.append(_("May be registered twice: same name or email"))
    return tuple(found)


def _registered_twice(registrations: list[Registration], everybody: RegistrationQuerySet) -> set[str]:
    """Of the emails and names of these, those that more than one live registration of the meeting has."""
    live = everybody.filter(status__in=LIVE).annotate(low=Lower("email")).order_by()
    emails = [r.email.lower() for r in registrations if r.email]
    asked = {"low": emails, "display_name": [r.display_name for r in registrations]}
    return {
        text
        for field, texts in asked.items()
        for text in live.filter(**{f"{field}__in": texts})
        .values_list(field, flat=True)
        .annotate(times=Count("pk"))
        .filter(times__gt=1)
    }
