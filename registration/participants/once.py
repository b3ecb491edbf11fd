"""The same person approved in two categories: printed once, in the section that comes first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from meeting.collation import fold

from ..models import Likeness, Registration
from .people import Row


@dataclass(frozen=True, order=True)
class Place:
    """Where the people of a delegation stand in the list, before or after those of others."""

    section: int
    entity: str
    category: int


def in_one_category(rows: list[Row], places: Mapping[int, Place]) -> list[Row]:
    """Without the second and third place of whoever stands in several categories. `places` are by delegation."""
    left_out = {row.pk for group in same_people(rows, places) for row in group[1:]}
    return [row for row in rows if row.pk not in left_out] if left_out else rows


def same_people(rows: Iterable[Row], places: Mapping[int, Place]) -> list[list[Row]]:
    """Rows of one person in different categories, each group in the order of the sections.

    Two rows are of one person when somebody said so, or when the printed name agrees and with it the address or the
    date of birth: a shared mailbox is not enough, and neither is a name. Whoever was said to be two persons is two.
    One person who speaks for two States of the same category stands under both.
    """
    adults = {row.pk: row for row in rows if not row.is_minor}
    pairs = set(_alike(adults.values()))
    said = _said(adults.keys())
    pairs = {pair for pair in pairs if said.get(pair) != Likeness.State.APART}
    pairs |= {pair for pair, state in said.items() if state == Likeness.State.SAME}
    groups = [[adults[pk] for pk in group] for group in _joined(pairs)]
    return [found for group in groups if len(found := _one_for_each_category(group, places)) > 1]


def _one_for_each_category(group: list[Row], places: Mapping[int, Place]) -> list[Row]:
    """The group in the order of the sections, without who stands a second time in the category that comes first."""
    ordered = sorted(group, key=lambda row: (places[row.delegation], row.pk))
    first = places[ordered[0].delegation].category
    return [ordered[0], *(row for row in ordered[1:] if places[row.delegation].category != first)]


def _alike(rows: Iterable[Row]) -> Iterator[tuple[int, int]]:
    """Names are compared only among those who share an address or a birthday: a hundred thousand are soon looked at."""
    by_sign: dict[object, list[Row]] = defaultdict(list)
    for row in rows:
        if row.email:
            by_sign[row.email.casefold()].append(row)
        if row.birth_date:
            by_sign[row.birth_date, row.sort_key].append(row)
    for sharing in by_sign.values():
        if len(sharing) > 1:
            yield from _same_name(sharing)


def _same_name(rows: list[Row]) -> Iterator[tuple[int, int]]:
    seen: dict[str, int] = {}
    for row in rows:
        name = " ".join(sorted(fold(row.display_name).split()))
        first = seen.setdefault(name, row.pk)
        if first != row.pk:
            yield min(first, row.pk), max(first, row.pk)


def _said(pks: Iterable[int]) -> dict[tuple[int, int], str]:
    """What people decided about pairs of these; asked by meeting, not by a list of a hundred thousand numbers."""
    known = set(pks)
    meetings = Registration.objects.filter(pk=min(known, default=0)).values("meeting")
    # One join only: with two, and statistics of yesterday, the database has taken everybody with everybody.
    decided = Likeness.objects.exclude(state=Likeness.State.OPEN).filter(first__meeting__in=meetings)
    return {(a, b): state for a, b, state in decided.values_list("first", "second", "state") if {a, b} <= known}


def _joined(pairs: Iterable[tuple[int, int]]) -> list[set[int]]:
    """Pairs that have somebody in common are one group."""
    groups: list[set[int]] = []
    for pair in pairs:
        touching = [group for group in groups if group & set(pair)]
        groups = [group for group in groups if group not in touching] + [set(pair).union(*touching)]
    return groups
