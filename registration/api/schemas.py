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


class Attendee(Schema):
    """Somebody who is approved, in the fields that the token has; others are not in the answer."""

    reference: str = Field(description="Stays the same whatever else changes.")
    name: str | None = None
    honorific: str | None = None
    given_names: str | None = None
    family_name: str | None = None
    title: str | None = None
    department: str | None = None
    organisation: str | None = None
    represents: str | None = Field(None, description="The State or organization, as the meeting prints it.")
    entity: str | None = None
    category: str | None = None
    role: str | None = None
    modality: str | None = Field(None, description="in_person or online")
    email: str | None = Field(None, description="Empty for those who do not share it.")
    phone: str | None = Field(None, description="Empty for those who do not share it.")


class Attendees(Schema):
    attendees: list[Attendee]
    next: str | None = Field(description="Send it as `after` for those who follow; null at the end.")
