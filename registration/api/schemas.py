"""The shapes of what the API answers. They are its contract: fields are added, never changed or taken away."""

from __future__ import annotations

import datetime

from ninja import Field, Schema


class Problem(Schema):
    """Every answer that is not 200."""

    detail: str = Field(description="What is wrong, and what to do.")


class Person(Schema):
    """Somebody who may be named in public today."""

    name: str
    honorific: str
    title: str
    department: str
    organisation: str
    line: str = Field(description="All of it as it is printed.")
    mark: str = Field(description="What the body's rule says of somebody, such as “(withdrawn)”; mostly empty.")


class Role(Schema):
    role: str = Field(description="A code that never changes; “all” where the section does not part people by roles.")
    heading: str
    people: list[Person]


class Entity(Schema):
    """A State or an organization."""

    code: str
    name: str
    heading: str
    acronym: str
    roles: list[Role]


class Section(Schema):
    code: str
    heading: str
    text: str = Field(description="How many there are whose names are not printed, in words; else empty.")
    count: int = Field(description="People, named or not.")
    entities: list[Entity]


class Officer(Schema):
    office: str
    line: str


class PublishedList(Schema):
    """The list of participants as its people allow it to be read at this moment, in printed order."""

    meeting: str
    title: str
    language: str
    languages: list[str] = Field(description="In which it is published.")
    kind: str = Field(description="provisional, final, corr or rev")
    number: int = Field(description="Among those of its kind.")
    symbol: str
    state: str
    date: str
    basis: str
    published_at: datetime.datetime
    officers: list[Officer]
    sections: list[Section]
    disclaimer: str
