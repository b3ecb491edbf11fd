"""The same person at other times: registrations found to be theirs, and those that may be."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, Value

from meeting.models import User

from ..models import Likeness, Registration
from .person import CALLED, other_of

MOST, MOST_OPEN = 12, 5
LATER = "later"  # brought over from this one, or merged into it


@dataclass(frozen=True)
class Other:
    """One more registration of the person; `pair` is where somebody says whether it is, while nobody has."""

    registration: Registration
    pair: Likeness | None = None


@dataclass(frozen=True)
class Links:
    """Whom this registration was ever compared with, and which registrations are of the same person for certain."""

    compared: bool
    same: set[int]


def links(registration: Registration) -> Links:
    """In one statement that reads numbers only: most people are linked with nobody, and then nothing more is asked."""
    mine = Likeness.objects.filter(Q(first=registration) | Q(second=registration))
    pairs = mine.order_by().values_list("first", "second", "state")
    later = Registration.objects.filter(Q(brought_from=registration) | Q(merged_into=registration))
    rows = list(pairs.union(later.values_list("pk", "pk", Value(LATER)), all=True))
    same = {pk for first, second, state in rows if state in (Likeness.State.SAME, LATER) for pk in (first, second)}
    known = {registration.brought_from_id, registration.merged_into_id} - {None}
    return Links(any(row[2] != LATER for row in rows), (same | known) - {registration.pk})  # type: ignore[arg-type]


def others(registration: Registration, reader: User, found: Links, compared: list[Likeness]) -> list[Other]:
    """Confirmed ones first, the newest meeting first; of meetings whose registrations `reader` may read.

    `compared` are the pairs that this registration is in, as far as `reader` may look at them.
    """
    still_open = [p for p in compared if p.state == Likeness.State.OPEN]
    open_pairs = {other_of(p, registration).pk: p for p in still_open[:MOST_OPEN]}
    wanted = [*found.same, *open_pairs]
    if not wanted:
        return []
    readable = Registration.objects.visible_to(reader).filter(pk__in=wanted, is_minor=False)
    shown = readable.only(*CALLED, "meeting_id", "delegation__name").select_related("delegation")
    around = shown.prefetch_related("meeting").order_by("-meeting__starts_on", "-pk")[:MOST]
    return sorted((Other(one, open_pairs.get(one.pk)) for one in around), key=lambda row: row.pair is not None)
