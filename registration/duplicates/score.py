"""How likely two registrations are of one person: a number with its reasons. Pure: it reads no database.

    likeness of the names      0 to 1, the best of all spellings: printed, given and family, as in the passport
    + 0.10 the same State or organisation     people stay with those they work for
    + 0.25 the same email                     not more: whole missions share one address
    + 0.25 the same date of birth             not more: so do twins
    + 0.10 the same telephone
    - 0.45 another date of birth              both wrote one; 0.10 where it may be a slip: day and month changed
                                              places, or one figure differs

From WORTH_A_LOOK on a person is asked. So a name with one slip is enough by itself, a name with two needs one thing
more that agrees, and namesakes with different dates of birth are left in peace. Names that have nothing in common are
never a pair, whatever else agrees: neither twins nor a mission with one mailbox shall fill the list.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ..letters.likeness import likeness
from ..letters.words import Words, words_of
from ..models import Registration

SAME_ENTITY, SAME_EMAIL, SAME_BIRTH_DATE, SAME_TELEPHONE = 0.10, 0.25, 0.25, 0.10
OTHER_BIRTH_DATE, SLIP_OF_BIRTH_DATE = -0.45, -0.10
WORTH_A_LOOK = 0.75
NAMES_AT_LEAST = 0.55
ONE_WORD_AT_MOST = 0.55  # "Maria" may be any Maria: something else must agree
TELEPHONE_FIGURES = 8  # the last ones: country codes and leading zeros are written in many ways


@dataclass(frozen=True)
class Person:
    """What is compared of one registration."""

    spellings: tuple[str, ...]
    email: str = ""
    birth_date: datetime.date | None = None
    phone: str = ""
    entity: int | None = None

    @classmethod
    def of(cls, registration: Registration) -> Person:
        """`registration` with its delegation."""
        given_and_family = f"{registration.given_names} {registration.family_name}".strip()
        spellings = (registration.display_name, given_and_family, registration.passport_name)
        return cls(
            spellings=tuple(dict.fromkeys(s for s in spellings if s)),
            email=registration.email.lower(),
            birth_date=registration.birth_date,
            phone="".join(c for c in registration.phone if c.isdecimal())[-TELEPHONE_FIGURES:],
            entity=registration.delegation.entity_id,
        )

    @cached_property
    def words(self) -> list[Words]:
        return [words_of(spelling) for spelling in self.spellings]


@dataclass(frozen=True)
class Score:
    """The number, and what agrees or differs. A signal that one of the two says nothing about is left out."""

    value: float
    signals: dict[str, Any]

    @property
    def is_worth_a_look(self) -> bool:
        return self.value >= WORTH_A_LOOK and self.signals["name"] >= NAMES_AT_LEAST


def compare(one: Person, other: Person) -> Score:
    name = round(max((_names(a, b) for a in one.words for b in other.words), default=0.0), 3)
    signals: dict[str, Any] = {"name": name}
    value = name
    if one.entity is not None and one.entity == other.entity:
        value += SAME_ENTITY
        signals["entity"] = "same"
    if one.email and other.email:
        signals["email"] = "same" if one.email == other.email else "other"
        value += SAME_EMAIL * (signals["email"] == "same")
    if one.birth_date and other.birth_date:
        signals["birth_date"] = _birth_dates(one.birth_date, other.birth_date)
        weights = {"same": SAME_BIRTH_DATE, "slip": SLIP_OF_BIRTH_DATE, "other": OTHER_BIRTH_DATE}
        value += weights[signals["birth_date"]]
    if len(one.phone) == TELEPHONE_FIGURES and one.phone == other.phone:
        value += SAME_TELEPHONE
        signals["telephone"] = "same"
    return Score(round(max(value, 0.0), 3), signals)


def _names(one: Words, other: Words) -> float:
    found = likeness(one, other)
    if min(len(one.words), len(other.words)) == 1 and len(one.words) != len(other.words) and one.joined != other.joined:
        return min(found, ONE_WORD_AT_MOST)
    return found


def _birth_dates(one: datetime.date, other: datetime.date) -> str:
    if one == other:
        return "same"
    changed_places = (one.year, one.month, one.day) == (other.year, other.day, other.month)
    figures = sum(a != b for a, b in zip(f"{one:%Y%m%d}", f"{other:%Y%m%d}", strict=True))
    return "slip" if changed_places or figures == 1 else "other"
