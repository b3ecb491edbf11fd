"""Where a row belongs: category and entity as somebody wrote them, brought to a delegation of the meeting."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property

from django.utils.translation import gettext as _

from meeting.collation import fold, sort_key
from meeting.models import Entity, EntityName, Meeting

from ..models import Category, Delegation
from ..rules import category_for, standing_of

NEAREST = 3
NEAR = 0.8  # of 1: Vietnan is Viet Nam, and Atlantis is not Albania
MOST_GUESSES = 50  # looking for what is near takes time; a column of nothing but unknown names is another mistake


@dataclass(frozen=True)
class Place:
    """A delegation, which may not be there yet; or the sentences that say why there is none."""

    delegation: Delegation | None = None
    errors: dict[str, str] = field(default_factory=dict)
    warnings: dict[str, str] = field(default_factory=dict)


class OnePlace:
    """All rows are for one delegation; a row that says it is for another one is refused."""

    def __init__(self, delegation: Delegation) -> None:
        self.delegation = delegation
        self.directory = Directory(delegation.meeting)
        self.known: dict[tuple[str, str], Place] = {}

    def of(self, cells: dict[str, str]) -> Place:
        key = cells.get("category", ""), cells.get("entity", "")
        if key not in self.known:
            self.known[key] = self._of(*key)
        return self.known[key]

    def _of(self, category: str, entity: str) -> Place:
        errors = {}
        own = self.delegation
        if entity and own.entity_id not in self.directory.entities_called(entity) and fold(entity) != fold(own.name):
            errors["entity"] = _("This row is for “%(other)s”; the roster is of %(own)s. Take it out of this file.") % {
                "other": entity,
                "own": own.name,
            }
        if category and own.category not in self.directory.categories_called(category):
            errors["category"] = _("This row is for “%(other)s”; the roster is for “%(own)s”.") % {
                "other": category,
                "own": own.category.name,
            }
        return Place(None if errors else own, errors)


class AnyPlace:
    """Each row says where it belongs. Delegations that are not there yet are made when the file is written."""

    def __init__(self, meeting: Meeting) -> None:
        self.directory = Directory(meeting)
        self.known: dict[tuple[str, str], Place] = {}

    def of(self, cells: dict[str, str]) -> Place:
        key = cells.get("category", ""), cells.get("entity", "")
        if key not in self.known:
            self.known[key] = self.directory.place(*key)
        return self.known[key]


class Directory:
    """Everything entities and categories are called, read once."""

    def __init__(self, meeting: Meeting) -> None:
        self.meeting = meeting
        self.entities: dict[int, Entity] = {}
        self.guesses = 0

    @cached_property
    def categories(self) -> list[Category]:
        return list(Category.objects.filter(meeting=self.meeting).order_by("order"))

    @cached_property
    def delegations(self) -> dict[int, list[Delegation]]:
        """By entity."""
        found: dict[int, list[Delegation]] = defaultdict(list)
        for delegation in Delegation.objects.filter(meeting=self.meeting).select_related("category"):
            delegation.meeting = self.meeting
            found[delegation.entity_id].append(delegation)
        return found

    @cached_property
    def names(self) -> dict[str, set[int]]:
        found: dict[str, set[int]] = defaultdict(set)
        for pk, *texts in EntityName.objects.values_list("entity", "name", "formal"):
            for text in texts:
                if text:
                    found[fold(text)].add(pk)
        return found

    @cached_property
    def codes(self) -> dict[str, set[int]]:
        """ISO codes, acronyms and our own codes; and what delegations of this meeting are called in its lists."""
        found: dict[str, set[int]] = defaultdict(set)
        for pk, *texts in Entity.objects.values_list("pk", "code", "acronym", "iso3", "iso2"):
            for text in texts:
                if text:
                    found[fold(text)].add(pk)
        for pk, delegations in self.delegations.items():
            for delegation in delegations:
                found[fold(delegation.name)].add(pk)
        return found

    def entities_called(self, text: str) -> set[int]:
        """By a name before by a code: a State is not hidden by an acronym."""
        for name in (fold(text), fold(text).removeprefix("the ")):
            if name and (found := self.names.get(name) or self.codes.get(name)):
                return found
        return set()

    def categories_called(self, text: str) -> list[Category]:
        wanted = fold(text)
        return [c for c in self.categories if wanted in {fold(name) for name in _names_of(c)}]

    def place(self, category: str, entity: str) -> Place:
        errors: dict[str, str] = {}
        found = self._entity(entity, errors)
        chosen = self._category(category, errors) if category else None
        if found is None or errors:
            return Place(None, errors)
        chosen = chosen or self._category_of(found)
        if chosen is None:
            return Place(None, {"category": self._which_category()})
        return Place(self._delegation(chosen, found), {}, self._doubts(chosen, found))

    def _entity(self, text: str, errors: dict[str, str]) -> Entity | None:
        if not text:
            errors["entity"] = _("Write the country or organization of this person.")
            return None
        pks = self.entities_called(text)
        here = {pk for pk in pks if pk in self.delegations}
        pks = here if len(here) == 1 else pks
        if len(pks) == 1:
            return self._read(next(iter(pks)))
        errors["entity"] = self._several(pks) if pks else self._unknown(text)
        return None

    def _read(self, pk: int) -> Entity:
        if pk not in self.entities:
            self.entities[pk] = Entity.objects.prefetch_related("names", "memberships").get(pk=pk)
        return self.entities[pk]

    def _name(self, pk: int) -> str:
        return self._read(pk).name("en", profile=self.meeting.name_profile, on=self.meeting.starts_on)

    def _several(self, pks: Iterable[int]) -> str:
        names = sorted(self._name(pk) for pk in pks)
        return _("This can be %(names)s. Write which.") % {"names": "; ".join(names[:5])}

    def _unknown(self, text: str) -> str:
        self.guesses += 1
        is_worth_it = self.guesses <= MOST_GUESSES
        pks = self._nearest(fold(text)[:100]) if is_worth_it else []
        if not pks:
            return _("We know nobody of this name. Write it as in the directory, or add it there first.")
        return _("We know nobody of this name. Is it %(names)s?") % {"names": "; ".join(self._name(pk) for pk in pks)}

    def _nearest(self, text: str) -> list[int]:
        """Those written almost so; else those with all of these words in the name, where they are few."""
        near = get_close_matches(text, self.names, n=NEAREST * 3, cutoff=NEAR)
        if close := list(dict.fromkeys(pk for name in near for pk in self.names[name])):
            return close[:NEAREST]
        words = set(text.split())
        having = {pk for name, pks in self.names.items() if words and words <= set(name.split()) for pk in pks}
        return sorted(having) if len(having) <= NEAREST else []

    def _category(self, text: str, errors: dict[str, str]) -> Category | None:
        found = self.categories_called(text)
        if len(found) == 1:
            return found[0]
        errors["category"] = self._which_category(text)
        return None

    def _category_of(self, entity: Entity) -> Category | None:
        """Where the entity is at this meeting already, if in one category only; else where it belongs."""
        here = [d for d in self.delegations.get(entity.pk, []) if not d.category.for_children]
        if len(here) == 1:
            return here[0].category
        return category_for(entity, self.meeting, self.categories)

    def _which_category(self, text: str = "") -> str:
        """The nearest ones; where none is near, the first of all."""
        names = {fold(c.name): c.name for c in self.categories}
        near = [names[key] for key in get_close_matches(fold(text), names, n=NEAREST, cutoff=0.5)]
        if near:
            return _("This meeting has no such category. Is it %(names)s?") % {"names": "; ".join(near)}
        some = list(names.values())[:5]
        return _("Write one of the categories of this meeting, such as %(names)s.") % {"names": "; ".join(some)}

    def _delegation(self, category: Category, entity: Entity) -> Delegation:
        for delegation in self.delegations.get(entity.pk, []):
            if delegation.category_id == category.pk:
                return delegation
        name = self._name(entity.pk)
        fresh = Delegation(meeting=self.meeting, category=category, entity=entity, name=name, sort_key=sort_key(name))
        self.delegations[entity.pk].append(fresh)  # the next row of the same delegation finds it
        return fresh

    def _doubts(self, category: Category, entity: Entity) -> dict[str, str]:
        if category.admits(entity, standing_of(entity, self.meeting.membership_body)):
            return {}
        return {
            "category": _("%(entity)s would not by itself come in “%(category)s”. Look whether this is meant.")
            % {"entity": self._name(entity.pk), "category": category.name}
        }


def _names_of(category: Category) -> list[str]:
    own = [value for name, value in vars(category).items() if name.startswith("name") and value]
    return [category.code, *own]
