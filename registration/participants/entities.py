"""What each State and organisation is called in a list, and its place in the order."""

from __future__ import annotations

import datetime
from collections import defaultdict
from dataclasses import dataclass

from meeting.collation import sort_key
from meeting.models import Entity, EntityKind, EntityName, Meeting

from ..models import Delegation
from ..names import tidy
from .plurals import capitals
from .profile import Profile


@dataclass(frozen=True)
class Named:
    """One entity as the list has it; `place` orders it among others."""

    pk: int
    code: str
    name: str
    heading: str
    acronym: str
    place: str
    language: str  # of the name: that of the list, or another where the directory has none


class Names:
    """The names of a meeting's entities in one language, on one day, in one body's style. Two queries."""

    def __init__(self, meeting: Meeting, profile: Profile, language: str, on: datetime.date) -> None:
        self.profile, self.language = profile, language
        names: dict[int, list[EntityName]] = defaultdict(list)
        there = Entity.objects.filter(delegations__meeting=meeting)
        for name in EntityName.objects.filter(entity__in=there, search_only=False):
            if name.is_valid_on(on):
                names[name.entity_id].append(name)
        self.entities = {entity.pk: entity for entity in there.distinct()}
        self.known = {pk: self._named(entity, names[pk]) for pk, entity in self.entities.items()}

    def of(self, delegation: Delegation) -> Named:
        """An entity that had no name on that day goes by the name that the meeting keeps of it."""
        found = self.known[delegation.entity_id]
        return found if found.name else self._named(self.entities[found.pk], [EntityName(name=delegation.name)])

    def _named(self, entity: Entity, names: list[EntityName]) -> Named:
        best = self._best(names)
        short = tidy(best.name) if best else ""
        printed = tidy(best.formal) if best and self.profile.formal and best.formal else short
        spoken = best.language if best else ""
        acronym = self._acronym(entity, printed, spoken)
        return Named(
            entity.pk, entity.code, short, self._heading(entity, printed, acronym), acronym, self._place(short), spoken
        )

    def _best(self, names: list[EntityName]) -> EntityName | None:
        """In the language of the list before English, in the style of the body before the general one."""
        for language in dict.fromkeys((self.language, "en")):
            for style in dict.fromkeys((self.profile.names, "")):
                for name in names:
                    if name.language == language and name.profile == style:
                        return name
        return names[0] if names else None

    def _acronym(self, entity: Entity, printed: str, language: str) -> str:
        """That of the language of the name; WHO is nobody's acronym in French."""
        if not self.profile.acronyms or entity.kind == EntityKind.STATE:
            return ""
        known = entity.acronym if language == "en" else self.profile.acronym.get(entity.code, {}).get(language, "")
        return "" if known == printed else tidy(known)

    def _heading(self, entity: Entity, printed: str, acronym: str) -> str:
        kind = "states" if entity.kind == EntityKind.STATE else "organisations"
        heading = capitals(printed, self.language) if kind in self.profile.capitals else printed
        return heading + (self.profile.style.brackets[self.language].format(text=acronym) if acronym else "")

    def _place(self, short: str) -> str:
        """Türkiye and Turkey have the same neighbours; an article is no part of a name's place."""
        article = self.profile.style.ignored.get(self.language, "")
        known = short[len(article) :] if article and short.casefold().startswith(article.casefold()) else short
        return sort_key(known.lstrip(), self.language)
