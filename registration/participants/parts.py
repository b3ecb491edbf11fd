"""Which section each delegation stands in: that of its category, in the profile or beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from meeting.languages import SIX
from meeting.models import Meeting

from ..models import Category, Delegation
from .entities import Named, Names
from .once import Place
from .profile import Profile, SectionRule


@dataclass(frozen=True)
class Part:
    """What the list needs to know of one delegation; `section` is the number of its section."""

    delegation: Delegation
    category: Category
    section: int
    entity: Named

    @property
    def place(self) -> Place:
        return Place(self.section, self.entity.place, self.category.pk)


def sections_of(profile: Profile, categories: Iterable[Category], language: str) -> list[SectionRule]:
    """The profile's sections in its order, and after its neighbour each category that the profile does not know.

    Such a category stands under its own name in the language of the list.
    """
    rules = list(profile.sections)
    place = 0
    for category in sorted(categories, key=lambda c: c.order):
        known = next((n for n, rule in enumerate(rules) if category.code in rule.of), None)
        if known is None:
            rules.insert(place, SectionRule(code=category.code, heading=dict.fromkeys(SIX, category.name)))
        place = (place if known is None else known) + 1
    return rules


def parts_of(
    meeting: Meeting, categories: Mapping[int, Category], rules: list[SectionRule], names: Names
) -> dict[int, Part]:
    """By number of the delegation, what its people stand under."""
    numbers = {code: number for number, rule in enumerate(rules) for code in rule.of}
    delegations = Delegation.objects.filter(meeting=meeting)
    return {
        d.pk: Part(d, categories[d.category_id], numbers[categories[d.category_id].code], names.of(d))
        for d in delegations
    }
