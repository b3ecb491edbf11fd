"""Where a State lies, as the United Nations count it (M49). ICU knows which State is where; the names are theirs."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import icu

NAMES = Path(__file__).with_name("regions.csv")


@cache
def region_of(iso2: str) -> str:
    """The code of the subregion, like 035 for South-eastern Asia; empty where there is none."""
    try:
        found = icu.Region.getInstance(iso2).getContainingRegion(icu.URegionType.SUBCONTINENT)
    except icu.ICUError:
        return ""
    return str(found.getRegionCode()) if found else ""


def region_name(code: str, language: str) -> str:
    """In English where the language is not one of the six."""
    names = _names().get(code, {})
    return names.get(language) or names.get("en") or code


@cache
def _names() -> dict[str, dict[str, str]]:
    with NAMES.open(encoding="utf-8", newline="") as file:
        return {row["code"]: row for row in csv.DictReader(file)}
