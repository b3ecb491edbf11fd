"""The regions of the world, as filters and columns ask for them: States have one, nobody else."""

from __future__ import annotations

from functools import cache

import icu

from ..numbers.regions import region_name, region_of


@cache
def countries_of() -> dict[str, tuple[str, ...]]:
    """The ISO codes of the States in each subregion, by its code."""
    found: dict[str, list[str]] = {}
    for iso2 in icu.Locale.getISOCountries():
        if code := region_of(iso2):
            found.setdefault(code, []).append(iso2)
    return {code: tuple(countries) for code, countries in found.items()}


@cache
def names_by_country(language: str) -> dict[str, str]:
    return {iso2: region_name(code, language) for code, found in countries_of().items() for iso2 in found}


def choices(language: str) -> list[tuple[str, str]]:
    named = [(code, region_name(code, language)) for code in countries_of()]
    return sorted(named, key=lambda choice: choice[1])
