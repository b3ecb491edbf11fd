"""States and territories to choose from, named in the reader's language."""

from __future__ import annotations

import datetime

from django.core.cache import cache

from meeting.collation import fold, sort_key
from meeting.models import Entity, EntityKind, Meeting

KEPT_FOR = 300  # seconds; two hundred States with their names in six languages are a slow thing to read


def choices(language: str, profile: str, on: datetime.date) -> list[tuple[str, str]]:
    """Code and name of every State there is `on` that day, in the order of `language`."""
    known = f"countries-{language}-{profile}-{on}"
    found = cache.get(known)
    if found is None:
        found = _read(language, profile, on)
        cache.set(known, found, KEPT_FOR)
    return found


def of_meeting(meeting: Meeting, language: str) -> list[tuple[str, str]]:
    return choices(language, meeting.name_profile, meeting.starts_on)


def _read(language: str, profile: str, on: datetime.date) -> list[tuple[str, str]]:
    states = Entity.objects.listed().of_kinds([EntityKind.STATE]).with_names()
    named = [(e.code, e.name(language, profile=profile, on=on)) for e in states if e.names_on(on)]
    return sorted(named, key=lambda pair: sort_key(pair[1], language))


def find(text: str) -> str | None:
    """The code of the State that a spreadsheet calls so: by code, ISO code or any name in any language."""
    states = Entity.objects.listed().of_kinds([EntityKind.STATE])
    words, folded = text.strip(), fold(text)
    codes = states.filter(code__iexact=words) | states.filter(iso3__iexact=words) | states.filter(iso2__iexact=words)
    if code := codes.values_list("code", flat=True).first():
        return code
    named = states.filter(names__search_key__contains=folded).prefetch_related("names").distinct()
    return next((e.code for e in named if any(fold(n.name) == folded for n in e.names.all())), None)
