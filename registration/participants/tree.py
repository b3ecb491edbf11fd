"""The list of participants as a tree: sections, entities, roles, people, in the order in which they are printed.

Every document is drawn from a tree and from nothing else. A version keeps its trees as JSON, for ever: what is in the
tree is in print, so nothing stands here that a reader of the list may not know.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import Any

FORMAT = 1  # of the JSON; goes up when a reader of the old one would go wrong


@dataclass(frozen=True)
class Person:
    """One line of the list. `reference` is for machines and is printed nowhere."""

    reference: str
    name: str
    honorific: str = ""
    title: str = ""
    department: str = ""
    organisation: str = ""
    line: str = ""  # all of it as it is printed
    email: str = ""  # both empty where the person does not share them
    phone: str = ""
    is_public: bool = False  # may stand on the public page
    mark: str = ""  # what the body's rule says of somebody, such as "(withdrawn)"
    addressed: str = ""  # name and form of address as the language orders them

    @property
    def printed_name(self) -> str:
        return self.addressed or f"{self.honorific} {self.name}".strip()


@dataclass(frozen=True)
class Role:
    """People of one role under a heading in the right number; no heading where the profile has none."""

    role: str
    heading: str
    people: tuple[Person, ...]


@dataclass(frozen=True)
class Entity:
    """One State or organisation with its people."""

    code: str
    delegation: str  # its reference
    name: str
    heading: str  # the name as it is printed above its people
    roles: tuple[Role, ...]
    acronym: str = ""

    @property
    def people(self) -> list[Person]:
        return [person for role in self.roles for person in role.people]


@dataclass(frozen=True)
class Section:
    """One part of the list. Where people are only counted, `text` says how many, and `entities` is empty."""

    code: str
    heading: str
    entities: tuple[Entity, ...] = ()
    text: str = ""
    count: int = 0  # people, named or not


@dataclass(frozen=True)
class Officer:
    office: str
    line: str
    reference: str = ""


@dataclass(frozen=True)
class Head:
    """What stands above the list and in its margins; each text in the language of the document, or empty."""

    title: str
    state: str = ""  # provisional, final, Corr. 1, and of which day
    body: tuple[str, ...] = ()
    symbol: str = ""
    date: str = ""
    languages: str = ""  # such as: English only
    distribution: str = ""
    meeting: str = ""
    place_and_days: str = ""
    basis: str = ""  # who stands in the list, as of when
    contents: str = ""  # the heading of the table of contents
    corrections: str = ""  # where they go, and until when


@dataclass(frozen=True)
class Tree:
    language: str
    profile: str
    head: Head
    sections: tuple[Section, ...]
    officers_heading: str = ""
    officers: tuple[Officer, ...] = ()
    disclaimer: str = ""
    two_columns: bool = True
    with_contents: bool = False
    is_flat: bool = False  # the profile prints a table, no delegations
    format: int = field(default=FORMAT)

    @property
    def count(self) -> int:
        return sum(section.count for section in self.sections)

    def as_json(self) -> dict[str, Any]:
        return dataclasses.asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Tree:
        """The tree of `as_json`, whether it went through a database or a file or neither."""
        sections = tuple(_section(found) for found in data["sections"])
        officers = tuple(Officer(**found) for found in data["officers"])
        head = Head(**{**data["head"], "body": tuple(data["head"]["body"])})
        return cls(**{**data, "head": head, "sections": sections, "officers": officers})


def _section(data: dict[str, Any]) -> Section:
    return Section(**{**data, "entities": tuple(_entity(found) for found in data["entities"])})


def _entity(data: dict[str, Any]) -> Entity:
    roles = tuple(Role(**{**role, "people": tuple(Person(**p) for p in role["people"])}) for role in data["roles"])
    return Entity(**{**data, "roles": roles})
