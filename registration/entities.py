"""Finding the entity a delegate represents: by any name, in any of six languages, or by acronym."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.db.models import Q
from django.utils.translation import gettext as _

from meeting.collation import fold, sort_key
from meeting.models import Entity, EntityKind, EntityName, Meeting

from .models import Category, Represents, Standing
from .rules import standing_of

MOST_HITS = 12
KEPT_FOR = 20  # seconds
KIND_OF_NEW = {Represents.NGO: EntityKind.NGO, Represents.AGENCY: EntityKind.IGO, Represents.OTHER: EntityKind.OTHER}


@dataclass(frozen=True)
class Hit:
    """One entity found: its name, the other name it was found by, and what it is to the meeting's body."""

    code: str
    name: str
    found_as: str
    language: str
    note: str


def kinds_for(meeting: Meeting, represents: str) -> list[str]:
    """The kinds of entity behind one answer to "Whom do you represent?" at this meeting."""
    asked = Category.objects.filter(meeting=meeting, represents=represents, by_invitation=False)
    categories = asked.values_list("kinds", flat=True)
    return sorted({kind for kinds in categories for kind in kinds})


def search(meeting: Meeting, represents: str, words: str, language: str) -> list[Hit]:
    """At most twelve entities with a name that contains `words`; those that begin with it first."""
    folded = fold(words)
    if not folded:
        return []
    found: dict[int, EntityName] = {}
    names = (
        EntityName.objects.filter(entity__kind__in=kinds_for(meeting, represents), entity__is_checked=True)
        .filter(
            Q(*(Q(search_key__contains=word) for word in folded.split()))
            | Q(entity__acronym__istartswith=words.strip())
        )
        .order_by("entity_id")[:400]
    )
    for name in names:
        best = found.get(name.entity_id)
        if best is None or _nearness(name, folded, language) < _nearness(best, folded, language):
            found[name.entity_id] = name
    nearest = sorted(found.values(), key=lambda n: (*_nearness(n, folded, language), n.sort_key))[: 2 * MOST_HITS]
    entities = kept([n.entity_id for n in nearest])
    there = [n for n in nearest if entities[n.entity_id].names_on(meeting.starts_on)][:MOST_HITS]
    return [_hit(entities[n.entity_id], n, folded, meeting, language) for n in there]


def only_one(meeting: Meeting, represents: str, words: str, language: str) -> str:
    """The code of the entity that somebody typed but did not choose: called just so, or the only one found."""
    hits = search(meeting, represents, words, language)
    same = [h for h in hits if fold(words) in (fold(h.name), fold(h.found_as))]
    found = same if len(same) == 1 else hits
    return found[0].code if len(found) == 1 else ""


def kept(pks: list[int]) -> dict[int, Entity]:
    """Entities with names and memberships as they stood at most twenty seconds ago."""
    known = cache.get_many([f"entity-{pk}" for pk in pks])
    entities = {entity.pk: entity for entity in known.values()}
    missing = [pk for pk in pks if pk not in entities]
    fresh = Entity.objects.prefetch_related("names", "memberships").in_bulk(missing) if missing else {}
    cache.set_many({f"entity-{pk}": entity for pk, entity in fresh.items()}, KEPT_FOR)
    return entities | fresh


def listed(code: str, *, fresh: bool) -> Entity | None:
    """The entity of the public list with this code; unless `fresh`, as it stood at most twenty seconds ago."""
    entity = None if fresh else cache.get(f"entity-code-{code}")
    if entity is None:
        entity = Entity.objects.listed().prefetch_related("names", "memberships").filter(code=code).first()
        if entity:  # nothing is kept for codes that somebody invents
            cache.set(f"entity-code-{code}", entity, KEPT_FOR)
    return entity


def everything(meeting: Meeting, represents: str, language: str) -> list[tuple[str, str]]:
    """Code and name of every listed entity, in the order of `language`: the list to choose from without JavaScript."""
    entities = Entity.objects.listed().of_kinds(kinds_for(meeting, represents)).with_names()
    named = [
        (e.code, e.name(language, profile=meeting.name_profile, on=meeting.starts_on))
        for e in entities
        if e.names_on(meeting.starts_on)
    ]
    return sorted(named, key=lambda pair: sort_key(pair[1], language))


def _nearness(name: EntityName, folded: str, language: str) -> tuple[bool, bool, bool]:
    own = fold(name.name)
    return (not own.startswith(folded), folded not in own, name.language != language)


def _hit(entity: Entity, name: EntityName, folded: str, meeting: Meeting, language: str) -> Hit:
    shown = entity.name(language, profile=meeting.name_profile, on=meeting.starts_on)
    by_other_name = folded not in fold(shown) and folded in name.search_key
    standing = standing_of(entity, meeting.membership_body) if entity.kind == EntityKind.STATE else ""
    note = str(Standing(standing).label) if standing and standing != Standing.NONE else entity.acronym
    return Hit(
        code=entity.code,
        name=shown,
        found_as=name.name if by_other_name else "",
        language=str(dict(settings.LANGUAGES).get(name.language, _("Also"))) if by_other_name else "",
        note=note,
    )
