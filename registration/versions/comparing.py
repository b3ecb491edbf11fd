"""What differs between two lists, in the order of the newer one, for people to read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from ..participants.tree import Entity, Person, Role, Section, Tree


class What(TextChoices):
    ADDED = "added", _("New")
    REMOVED = "removed", _("No longer")
    CHANGED = "changed", _("Changed")
    MOVED = "moved", _("Moved")
    RENAMED = "renamed", _("Renamed")
    COUNTED = "counted", _("Number")


@dataclass(frozen=True)
class Change:
    """One line that differs. `place` is where it stands: the section, and the entity where it is about one."""

    what: str
    section: str
    entity: str
    before: str = ""
    after: str = ""
    reference: str = ""


@dataclass(frozen=True)
class _Place:
    section: Section
    entity: Entity
    role: Role
    person: Person

    @property
    def stand(self) -> tuple[str, str, str]:
        return self.section.code, self.entity.code, self.role.role

    def told(self) -> str:
        """Where somebody stands, in words."""
        parts = [self.section.heading, self.entity.heading or self.entity.name, self.role.heading]
        return ", ".join(part for part in parts if part)


def difference(before: Tree, after: Tree) -> list[Change]:
    """From one list to a newer one of the same language. People are known by their reference, never by their name."""
    then, now = _places(before), _places(after)
    return [
        *_renamed(before, after),
        *(change for place in _all(after) for change in _of(place, then.get(place.person.reference))),
        *(_gone(place) for place in _all(before) if place.person.reference not in now),
        *_counted(before, after),
    ]


def _all(tree: Tree) -> Iterator[_Place]:
    for section in tree.sections:
        for entity in section.entities:
            for role in entity.roles:
                for person in role.people:
                    yield _Place(section, entity, role, person)


def _places(tree: Tree) -> dict[str, _Place]:
    """Where somebody stands twice, the first place counts."""
    found: dict[str, _Place] = {}
    for place in _all(tree):
        found.setdefault(place.person.reference, place)
    return found


def _of(now: _Place, then: _Place | None) -> Iterator[Change]:
    where = now.section.heading, now.entity.heading or now.entity.name
    if then is None:
        yield Change(What.ADDED, *where, after=now.person.line, reference=now.person.reference)
        return
    if then.stand != now.stand:
        told = f"{now.person.printed_name}: {then.told()}", f"{now.person.printed_name}: {now.told()}"
        yield Change(What.MOVED, *where, *told, reference=now.person.reference)
    if _said(then.person) != _said(now.person):
        yield Change(What.CHANGED, *where, _said(then.person), _said(now.person), now.person.reference)


def _said(person: Person) -> str:
    return ", ".join(part for part in (person.line, person.email, person.phone) if part)


def _gone(then: _Place) -> Change:
    where = then.section.heading, then.entity.heading or then.entity.name
    return Change(What.REMOVED, *where, before=then.person.line, reference=then.person.reference)


def _renamed(before: Tree, after: Tree) -> Iterator[Change]:
    then = {entity.code: entity for section in before.sections for entity in section.entities}
    for section in after.sections:
        for entity in section.entities:
            old = then.get(entity.code)
            if old and old.heading != entity.heading:
                yield Change(What.RENAMED, section.heading, entity.heading, old.heading, entity.heading)


def _counted(before: Tree, after: Tree) -> Iterator[Change]:
    """Sections whose people are only counted."""
    then, now = ({s.code: s for s in tree.sections} for tree in (before, after))
    for code in dict.fromkeys([*now, *then]):
        old, new = then.get(code), now.get(code)
        texts = old.text if old else "", new.text if new else ""
        if texts[0] != texts[1]:
            heading = new.heading if new else old.heading if old else ""
            yield Change(What.COUNTED, heading, "", *texts)
