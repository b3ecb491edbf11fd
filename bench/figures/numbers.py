"""The page of numbers: everything counted anew each time it is opened, with few people and with many."""

from __future__ import annotations

import time
from typing import Any

from bench.browser import Browser, signed_in
from bench.memory import Watch
from bench.rows import connect
from bench.stack import ORGANISER, SLUG, Stack

from .figure import Figure, milliseconds

TIMES, WARM_UP, ROUNDS = 15, 3, 3
TARGET = 200
PATH = f"/admin/desk/{SLUG}/numbers/"
FLOOR = """
    SELECT status, role, modality, gender, delegation_id, (submitted_at AT TIME ZONE 'Asia/Bangkok')::date, count(*)
      FROM registration_registration GROUP BY 1, 2, 3, 4, 5, 6
"""


def measure(stack: Stack, rows: int) -> list[Figure]:
    browser = signed_in(stack.port, ORGANISER, stack.password)
    watch = Watch(stack.web_workers)
    median, p95 = min(milliseconds(_round(browser)) for _ in range(ROUNDS))
    floor = _floor()
    return [
        Figure(
            name=f"numbers of {rows:,} people",
            reached=f"{median:.0f} ms (p95 {p95:.0f})",
            floor=f"{floor:.0f} ms one GROUP BY",
            ratio=f"{median / floor:.2f}",
            target=f"{TARGET} ms",
            met=median <= TARGET,
            memory=f"web {watch.peak():.0f} MB",
        )
    ]


def _round(browser: Browser) -> list[float]:
    return [_once(browser) for _ in range(WARM_UP + TIMES)][WARM_UP:]


def _once(browser: Browser) -> float:
    started = time.perf_counter()
    answer = browser.send("GET", PATH)
    assert answer.status == 200, answer
    return time.perf_counter() - started


def _floor() -> float:
    """One plain statement over the same rows, in milliseconds; the best of five."""
    with connect() as connection, connection.cursor() as cursor:
        return min(_timed(cursor) for _ in range(5)) * 1000


def _timed(cursor: Any) -> float:
    started = time.perf_counter()
    cursor.execute(FLOOR)
    cursor.fetchall()
    return time.perf_counter() - started
