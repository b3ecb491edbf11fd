"""The names on letters compared with the roster: 5,000 beside 5,000, from the database to every mark and count.

Half of the names are the registered ones in another order and in capitals, three in ten are misspelt, the others are
nobody's. Beside it: one trigram join in SQL with an index, over a part of the names and multiplied, which finds what
is alike and assigns nobody.
"""

from __future__ import annotations

import os
import random
import statistics
import time
from typing import Any

from bench.memory import Watch
from bench.stack import SLUG, Stack

from .figure import Figure

ROWS = 5_000
ROUNDS = 3
TARGET = 5.0  # seconds
SAMPLE = 100  # of the names, in the join
FAMILIES = [
    "Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Waqanisau", "Keovilay", "Phonvilai", "Tanaka", "Suzuki", "Kim", "Park",
    "Wang", "Zhang", "Santos", "Reyes",
]  # fmt: skip
SYLLABLES = [
    "mai", "chi", "hoài", "an", "quốc", "bảo", "thị", "văn", "đức", "lộc", "ngọc", "sơn", "quang", "huy", "minh", "thu",
    "ra", "ka", "to", "shi", "ne", "lu", "fa", "sio", "pe", "ta", "vi",
]  # fmt: skip
JOIN = """
SELECT count(*) FROM (SELECT search_key FROM registration_lettername WHERE letter_id = %s ORDER BY number LIMIT %s) AS n
CROSS JOIN LATERAL (SELECT 1 FROM registration_registration AS r
                     WHERE r.delegation_id = %s AND similarity(r.search_key, n.search_key) > 0.3) AS alike
"""


def measure(stack: Stack) -> list[Figure]:
    from django.db import transaction

    with transaction.atomic():
        figure = _measured(*_people_and_names())
        transaction.set_rollback(True)
    return [figure]


def _measured(delegation: Any, letter: Any) -> Figure:
    from registration.letters import reconcile

    watch, taken = Watch(lambda: [os.getpid()]), []
    for _round in range(ROUNDS):
        started = time.perf_counter()
        state = reconcile.state_of(delegation)
        tally = state.tally
        taken.append(time.perf_counter() - started)
    assert tally["proposed"] > ROWS * 0.6, tally
    middle, floor = statistics.median(taken), joined(delegation, letter)
    return Figure(
        name=f"{ROWS:,} names reconciled with {ROWS:,} registrations",
        reached=f"{middle:.2f} s ({min(taken):.2f} to {max(taken):.2f})",
        floor=f"{floor:.1f} s trigram join in SQL ({SAMPLE} names, times {ROWS // SAMPLE})",
        ratio=f"{middle / floor:.2f}",
        target=f"{TARGET:.0f} s",
        met=middle <= TARGET,
        memory=f"{watch.peak():.0f} MB (+{watch.growth():.0f})",
        processor=f"{watch.processor() / ROUNDS:.1f} s",
    )


def joined(delegation: Any, letter: Any) -> float:
    """What PostgreSQL takes to find what is alike, for all names."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE registration_registration")
        started = time.perf_counter()
        cursor.execute(JOIN, [letter.pk, SAMPLE, delegation.pk])
        return (time.perf_counter() - started) * ROWS / SAMPLE


def _people_and_names() -> tuple[Any, Any]:
    """One delegation of five thousand with one letter; rolled back when measured."""
    from django.utils import timezone

    from meeting.models import Entity, Meeting
    from registration.models import Delegation, Letter, LetterName, Registration

    chance = random.Random(1)
    meeting = Meeting.objects.get(slug=SLUG)
    entity = Entity.objects.create(code="bench-many", kind="ngo")
    delegation = Delegation.objects.create(
        meeting=meeting, category=meeting.categories.all()[0], entity=entity, name="Many", sort_key="many"
    )
    names = [(_given(chance), chance.choice(FAMILIES)) for _n in range(ROWS)]
    people = [
        Registration(
            meeting=meeting, delegation=delegation, reference=f"BENCH{n}", given_names=given, family_name=family,
            display_name=f"{family} {given}", functional_title="Director", role="adviser", status="submitted",
            email=f"bench{n}@example.org", submitted_at=timezone.now(),
        )
        for n, (given, family) in enumerate(names)
    ]  # fmt: skip
    for person in people:
        person.derive_keys()
    Registration.objects.bulk_create(people)
    letter = Letter.objects.create(
        meeting=meeting, delegation=delegation, file="none", original_name="n", media_type="image/png", size=1, pages=1
    )
    rows = [LetterName(letter=letter, number=n, name=_written(chance, *name)) for n, name in enumerate(names, 1)]
    for row in rows:
        row.derive_key()
    LetterName.objects.bulk_create(rows)
    return delegation, letter


def _given(chance: random.Random) -> str:
    return " ".join("".join(chance.choices(SYLLABLES, k=2)).capitalize() for _n in range(chance.choice([1, 2, 2])))


def _written(chance: random.Random, given: str, family: str) -> str:
    """As a letter has it: in another order, misspelt, or somebody else."""
    drawn = chance.random()
    if drawn < 0.5:
        return f"Mr. {given} {family.upper()}"
    if drawn < 0.8:
        return f"Ms. {family}, {given[:-1]}h"
    return f"{_given(chance)} {chance.choice(FAMILIES)}"
