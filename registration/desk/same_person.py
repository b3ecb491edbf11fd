"""The same person at other times: registrations found to be theirs, and those that may be."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from meeting.models import User

from ..models import Likeness, Registration
from .person import other_of

MOST = 12


@dataclass(frozen=True)
class Other:
    """One more registration of the person; `pair` is where somebody says whether it is, while nobody has."""

    registration: Registration
    pair: Likeness | None = None


def others(registration: Registration, reader: User, compared: list[Likeness]) -> list[Other]:
    """Confirmed ones first, the newest meeting first; of meetings whose registrations `reader` may read.

    `compared` are the pairs that this registration is in.
    """
    if registration.is_minor:
        return []
    open_pairs = {other_of(p, registration).pk: p for p in compared if p.state == Likeness.State.OPEN}
    found = _readable(registration, reader, list(open_pairs))
    rows = [Other(one, open_pairs.get(one.pk)) for one in found]
    return sorted(rows, key=lambda row: row.pair is not None)


def _readable(registration: Registration, reader: User, likely: list[int]) -> list[Registration]:
    known = [*likely, *_said_to_be_the_same(registration), registration.brought_from_id, registration.merged_into_id]
    theirs = Q(pk__in=[pk for pk in known if pk]) | Q(brought_from=registration) | Q(merged_into=registration)
    found = Registration.objects.visible_to(reader).filter(theirs, is_minor=False).exclude(pk=registration.pk)
    around = found.select_related("meeting", "delegation").order_by("-meeting__starts_on", "-pk")
    return list(around[:MOST])


def _said_to_be_the_same(registration: Registration) -> set[int]:
    pairs = Likeness.objects.filter(Q(first=registration) | Q(second=registration), state=Likeness.State.SAME)
    return {pk for pair in pairs.values_list("first", "second") for pk in pair} - {registration.pk}
