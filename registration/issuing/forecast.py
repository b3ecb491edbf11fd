"""What will happen to each of many, before anything is issued."""

from __future__ import annotations

from dataclasses import dataclass

from meeting.models import Meeting

from ..models import IssuedLetter, Registration
from ..models.registration import RegistrationQuerySet
from .standing import setup_of, why_not

MOST = 5_000
SHOWN = 30


@dataclass(frozen=True)
class Forecast:
    """`new` get one, `there` have theirs already and keep it, `left_out` get none and why."""

    new: list[Registration]
    there: list[Registration]
    left_out: list[tuple[Registration, str]]
    is_cut: bool
    is_signed: bool

    @property
    def people(self) -> list[int]:
        """Whose letters are in the batch."""
        return [person.pk for person in (*self.new, *self.there)]

    @property
    def shown(self) -> list[tuple[Registration, str]]:
        return self.left_out[:SHOWN]


def foresee(meeting: Meeting, people: RegistrationQuerySet, kind: str, language: str) -> Forecast:
    """Four queries, however many they are; of more than `MOST` the first."""
    setup = setup_of(meeting, kind)
    categories = set(setup.categories.values_list("pk", flat=True))
    rows = list(people.select_related("delegation__category").order_by("sort_key", "pk")[: MOST + 1])
    have = _have(meeting, kind)
    found = Forecast([], [], [], len(rows) > MOST, bool(setup.signatory))
    for row in rows[:MOST]:
        row.meeting = row.delegation.category.meeting = meeting
        if refusal := why_not(row, setup, categories):
            found.left_out.append((row, refusal))
        elif (row.pk, language or row.language) in have:
            found.there.append(row)
        else:
            found.new.append(row)
    return found


def _have(meeting: Meeting, kind: str) -> set[tuple[int, str]]:
    valid = IssuedLetter.objects.filter(meeting=meeting, kind=kind).valid()
    return set(valid.values_list("registration", "language"))
