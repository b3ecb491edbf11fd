"""Finding registrations that may be of one person, in one meeting and in the one before.

The database finds candidates, at most MOST_CANDIDATES for each: by name through the trigram index, by email, by date of
birth. Only these are then compared closely (score.py). A pair is written once, and once somebody has decided it, it is
never asked again. Nobody under 18 is compared: what stands in their row is an alias.

A registration is due again whenever it was changed after it was last compared, so nothing has to announce it: forms,
rosters, files and moves are all found by the sweep.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from typing import Any

import structlog
from django.db import connection, transaction
from django.db.models import F, Q

from meeting.models import Meeting

from ..letters.words import words_of
from ..models import LIVE, BulkDecision, Likeness, OutgoingMail, Registration, Status
from ..models.registration import RegistrationQuerySet
from .score import Person, Score, compare

# Drafts are nobody's business yet; whoever has withdrawn is in nobody's way.
COMPARED = (*LIVE, Status.REJECTED)
BATCH = 200
MOST_CANDIDATES = 20
# How like another's line a name must be for the index to find it. Lower finds more and costs more time; at 0.45 a name
# of ordinary length may have two slips.
NEAR = 0.45
SWEEP_SECONDS = 20.0  # so that one sweep is over when the next begins

CANDIDATES = """
    WITH mine AS (
        SELECT * FROM unnest(%(ids)s::bigint[], %(names)s::text[], %(emails)s::text[], %(born)s::date[],
                             %(here)s::bigint[], %(before)s::bigint[])
            AS m (id, name, email, born, here, before)
    ), others AS (
        SELECT id, meeting_id, search_key, lower(email) AS email, birth_date
          FROM registration_registration
         WHERE meeting_id = ANY(%(meetings)s) AND status = ANY(%(statuses)s)
           AND NOT is_minor AND merged_into_id IS NULL
    ), found AS (
        SELECT m.id, o.id AS other, word_similarity(m.name, o.search_key) AS likeness
          FROM mine AS m
         CROSS JOIN LATERAL (
               SELECT r.id, r.search_key
                 FROM registration_registration AS r
                WHERE m.name <%% r.search_key AND r.meeting_id IN (m.here, m.before)
                  AND r.status = ANY(%(statuses)s) AND NOT r.is_minor AND r.merged_into_id IS NULL
                ORDER BY word_similarity(m.name, r.search_key) DESC
                LIMIT %(most)s
               ) AS o
         UNION
        SELECT m.id, o.id, word_similarity(m.name, o.search_key)
          FROM mine AS m JOIN others AS o ON o.email = m.email AND o.meeting_id IN (m.here, m.before)
         WHERE m.email <> ''
         UNION
        SELECT m.id, o.id, word_similarity(m.name, o.search_key)
          FROM mine AS m JOIN others AS o ON o.birth_date = m.born AND o.meeting_id IN (m.here, m.before)
    ), ranked AS (
        SELECT id, other, row_number() OVER (PARTITION BY id ORDER BY likeness DESC, other) AS place
          FROM found
         WHERE id <> other
    )
    SELECT id, other FROM ranked WHERE place <= %(most)s
"""

# New entries of a trigram index wait in a list that every search reads through: put them in their places first. And the
# planner takes the index to be dearer than it is.
TUNED = """
    SELECT gin_clean_pending_list('registration_search'), set_config('enable_seqscan', 'off', true),
           set_config('pg_trgm.word_similarity_threshold', %s, true)
"""

log = structlog.get_logger("placard.duplicates")
Pair = tuple[int, int]


def due() -> RegistrationQuerySet:
    """Registrations that nobody has compared as they stand now, the latest first."""
    changed_since = Q(compared_at=None) | Q(compared_at__lt=F("changed_at"))
    comparable = Registration.objects.filter(status__in=COMPARED, is_minor=False, merged_into=None)
    return comparable.filter(changed_since).order_by("-pk")


def sweep() -> int:
    """Compare what is due, batch by batch, until nothing is left or the time is over; how many. May run any time.

    Gives way as soon as a message or a decision on many waits for a worker: likeness can wait for half a minute.
    """
    deadline = time.monotonic() + SWEEP_SECONDS
    compared = 0
    while time.monotonic() < deadline:
        ids = list(due().values_list("pk", flat=True)[:BATCH])
        if not ids:
            break
        done = compare_these(ids)
        compared += done
        if not done or len(ids) < BATCH or _somebody_waits():
            break  # whoever is being decided on at this moment is due again the next time
    if compared:
        log.info("compared", registrations=compared)
    return compared


def _somebody_waits() -> bool:
    return OutgoingMail.objects.due().exists() or BulkDecision.objects.filter(ended_at=None).exists()


def scan(meeting: Meeting) -> None:
    """Compare everybody of this meeting again, for example because the meeting before it is named only now.

    Only says so: the sweep does it, batch by batch.
    """
    Registration.objects.filter(meeting=meeting, status__in=COMPARED).update(compared_at=None)


def look_at(registration_id: int) -> list[Likeness]:
    """Compare one registration now; the pairs it is in that wait for a decision."""
    compare_these([registration_id])
    return list(Likeness.objects.filter(Q(first=registration_id) | Q(second=registration_id), state=OPEN))


OPEN = Likeness.State.OPEN


def compare_these(ids: Sequence[int]) -> int:
    """Find and write the pairs that these registrations are in; of how many is remembered that they were compared."""
    mine = list(Registration.objects.filter(pk__in=ids).select_related("meeting", "delegation"))
    comparable = [r for r in mine if r.status in COMPARED and not r.is_minor and r.merged_into_id is None]
    known = _known(ids)
    wanted = {pair for pair in _candidates(comparable) if pair not in known}
    asked = wanted | {pair for pair, likeness in known.items() if likeness.state == OPEN}
    _write(_compare(asked), known)
    return _remember(mine)


@transaction.atomic
def _remember(compared: Sequence[Registration]) -> int:
    """As they stood when they were read: what was changed meanwhile stays due. Rows somebody holds are left."""
    rows = Registration.objects.select_for_update(no_key=True, skip_locked=True)
    free = set(rows.filter(pk__in=[r.pk for r in compared]).values_list("pk", flat=True))
    remembered = [r for r in compared if r.pk in free]
    for registration in remembered:
        registration.compared_at = registration.changed_at
    return Registration.objects.bulk_update(remembered, ["compared_at"])


def _known(ids: Sequence[int]) -> dict[Pair, Likeness]:
    """The pairs there are already, open and decided."""
    found = Likeness.objects.filter(Q(first__in=ids) | Q(second__in=ids))
    return {(p.first_id, p.second_id): p for p in found}


def _candidates(mine: Sequence[Registration]) -> set[Pair]:
    if not mine:
        return set()
    before = [r.meeting.previous_id for r in mine]
    params: dict[str, Any] = {
        "ids": [r.pk for r in mine],
        "names": [" ".join(words_of(r.display_name).words) for r in mine],
        "emails": [r.email.lower() for r in mine],
        "born": [r.birth_date for r in mine],
        "here": [r.meeting_id for r in mine],
        "before": before,
        "meetings": list({r.meeting_id for r in mine} | {pk for pk in before if pk}),
        "statuses": [str(s) for s in COMPARED],
        "most": MOST_CANDIDATES,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(TUNED, [str(NEAR)])
        cursor.execute(CANDIDATES, params)
        return {(min(pair), max(pair)) for pair in cursor.fetchall()}


def _compare(pairs: Iterable[Pair]) -> dict[Pair, Score]:
    pairs = list(pairs)
    rows = Registration.objects.filter(pk__in={pk for pair in pairs for pk in pair}).select_related("delegation")
    registrations = {r.pk: r for r in rows}
    people = {pk: Person.of(r) for pk, r in registrations.items()}
    return {
        (a, b): compare(people[a], people[b])
        for a, b in pairs
        if a in people and b in people and not _told_already(registrations[a], registrations[b])
    }


def _told_already(one: Registration, other: Registration) -> bool:
    """Somebody has said that they are one person (brought from the roster of last time), or two (a substitute)."""
    return {one.pk} & {other.brought_from_id, other.replaces_id} != set() or {other.pk} & {
        one.brought_from_id,
        one.replaces_id,
    } != set()


@transaction.atomic
def _write(scores: dict[Pair, Score], known: dict[Pair, Likeness]) -> None:
    worth = {pair: score for pair, score in scores.items() if score.is_worth_a_look}
    fresh = [
        Likeness(first_id=a, second_id=b, score=score.value, signals=score.signals)
        for (a, b), score in sorted(worth.items())
        if (a, b) not in known
    ]
    Likeness.objects.bulk_create(fresh, ignore_conflicts=True)
    again = [known[pair] for pair in worth if pair in known]
    for likeness in again:
        score = worth[(likeness.first_id, likeness.second_id)]
        likeness.score, likeness.signals = score.value, score.signals
    Likeness.objects.bulk_update(again, ["score", "signals"])
    # What was asked and has been answered by a correction need not be asked any longer.
    over = [known[pair].pk for pair in scores if pair in known and pair not in worth]
    Likeness.objects.filter(pk__in=over, state=OPEN).delete()
