"""What of a version the public may read today: consent is asked of the database each time, never of the version."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass

from ..models import ListVersion, Publication, Registration, Status
from ..outside import told_status
from ..participants import profiles
from ..participants.build import counted
from ..participants.profile import Profile, ProfileError
from ..participants.tree import Entity, Person, Role, Section, Tree
from .making import text_of

NOWHERE = "un"  # the profile of a list whose own was removed since


@dataclass(frozen=True)
class Standing:
    """What holds of somebody today."""

    may_be_named: bool
    has_left: bool


def public_tree(version: ListVersion, language: str) -> Tree:
    """The kept list without those who may not be named, without email and telephone; two queries.

    Whoever left since is left out, or marked where the body does so. Others without a name are counted in a sentence.
    """
    tree = text_of(version, language)
    profile = _profile(version.profile)
    return _Shown(tree, profile, _standings(tree)).tree()


def _profile(name: str) -> Profile:
    try:
        return profiles.load(name)
    except ProfileError:
        return profiles.load(NOWHERE)


def _standings(tree: Tree) -> dict[str, Standing]:
    """Whoever is not there any more has no line."""
    references = [p.reference for s in tree.sections for entity in s.entities for p in entity.people]
    found = Registration.objects.filter(reference__in=references, is_minor=False).annotate(told=told_status())
    rows = found.values_list("reference", "told", "name_public", "delegation__category__publication", "merged_into")
    return {
        reference: Standing(
            may_be_named=publication == Publication.ALL or (publication == Publication.CONSENT and consents),
            has_left=told in (Status.WITHDRAWN, Status.REJECTED) or merged is not None,
        )
        for reference, told, consents, publication, merged in rows
    }


class _Shown:
    def __init__(self, kept: Tree, profile: Profile, standings: dict[str, Standing]) -> None:
        self.kept, self.profile, self.standings = kept, profile, standings

    def tree(self) -> Tree:
        sections = tuple(
            section for section in map(self._section, self.kept.sections) if section.count or section.entities
        )
        shown = {p.reference for s in sections for entity in s.entities for p in entity.people}
        officers = tuple(officer for officer in self.kept.officers if officer.reference in shown)
        return dataclasses.replace(self.kept, sections=sections, officers=officers)

    def _section(self, section: Section) -> Section:
        entities = tuple(entity for entity in map(self._entity, section.entities) if entity.roles)
        everybody = [p for entity in section.entities for p in entity.people]
        unnamed = sum(self._is_unnamed(p) for p in everybody)
        named = sum(not p.mark for entity in entities for p in entity.people)
        counted_before = section.count - sum(not p.mark for p in everybody)
        return dataclasses.replace(
            section,
            entities=entities,
            text=self._text(section, counted_before, unnamed),
            count=named + counted_before + unnamed,
        )

    def _text(self, section: Section, before: int, unnamed: int) -> str:
        """One sentence for all without a name."""
        return counted(self.profile, before + unnamed, self.kept.language) if unnamed else section.text

    def _entity(self, entity: Entity) -> Entity:
        roles = (dataclasses.replace(role, people=tuple(self._people(role))) for role in entity.roles)
        return dataclasses.replace(entity, roles=tuple(role for role in roles if role.people))

    def _people(self, role: Role) -> Iterator[Person]:
        for person in role.people:
            standing = self.standings.get(person.reference)
            if standing is None or not standing.may_be_named:
                continue
            if not standing.has_left or person.mark:
                yield dataclasses.replace(person, email="", phone="")
            elif self.profile.withdrawn == "mark":
                yield self._marked(person)

    def _is_unnamed(self, person: Person) -> bool:
        """Somebody who comes, and may not be named."""
        standing = self.standings.get(person.reference)
        return standing is not None and not standing.has_left and not standing.may_be_named and not person.mark

    def _marked(self, person: Person) -> Person:
        mark = self.profile.words.withdrawn[self.kept.language]
        return dataclasses.replace(person, email="", phone="", mark=mark, line=f"{person.line} {mark}")
