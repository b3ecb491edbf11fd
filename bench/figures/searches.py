"""Searching the queue: exact, with a slip, for what is common and for what nobody is called."""

from __future__ import annotations

import time
from urllib.parse import quote

from bench.browser import Browser, signed_in
from bench.memory import Watch
from bench.rows import value
from bench.stack import ORGANISER, SLUG, Stack

from .figure import Figure, milliseconds

TIMES, WARM_UP, ROUNDS = 10, 2, 3
TARGET = 200
SOMEBODY = """
    SELECT {what} FROM registration_registration AS r JOIN meeting_meeting AS m ON m.id = r.meeting_id
     WHERE m.slug = %s AND r.status = 'submitted' AND r.family_name ~ '^[A-Za-z]{{6,9}}$' ORDER BY r.id LIMIT 1
"""


def measure(stack: Stack, rows: int) -> list[Figure]:
    """Each beside the queue's page without a search."""
    browser = signed_in(stack.port, ORGANISER, stack.password)
    floor, _p95, _memory = _page(stack, browser, "")
    return [_figure(stack, browser, name, typed, rows, floor) for name, typed in asked().items()]


def asked() -> dict[str, str]:
    family = str(value(SOMEBODY.format(what="r.family_name"), SLUG))
    middle = len(family) // 2
    return {
        "a reference": str(value(SOMEBODY.format(what="r.reference"), SLUG)),
        "a family name": family,
        "a family name with a letter wrong": f"{family[:middle]}q{family[middle + 1 :]}",
        "a family name with two changed over": family[: middle - 1]
        + family[middle - 1 : middle + 1][::-1]
        + family[middle + 1 :],
        "what everybody has": "example",
        "two letters": "an",
        "Arabic": "محمد",
        "one Chinese character": "伟",
        "a State with a slip": "Ukrane",
        "200 characters of nothing": "qwrtz psdfg " * 16,
    }


def _figure(stack: Stack, browser: Browser, name: str, typed: str, rows: int, floor: float) -> Figure:
    median, p95, memory = _page(stack, browser, f"?q={quote(typed)}")
    return Figure(
        name=f"search for {name} at {rows:,} rows",
        reached=f"{median:.0f} ms (p95 {p95:.0f})",
        floor=f"{floor:.0f} ms without a search",
        ratio=f"{median / floor:.2f}",
        target=f"{TARGET} ms",
        met=median <= TARGET,
        memory=f"web {memory:.0f} MB",
    )


def _page(stack: Stack, browser: Browser, query: str) -> tuple[float, float, float]:
    watch = Watch(stack.web_workers)
    median, p95 = min(milliseconds(_round(browser, query)) for _ in range(ROUNDS))
    return median, p95, watch.peak()


def _round(browser: Browser, query: str) -> list[float]:
    return [_once(browser, f"/admin/desk/{SLUG}/queue/{query}") for _ in range(WARM_UP + TIMES)][WARM_UP:]


def _once(browser: Browser, path: str) -> float:
    started = time.perf_counter()
    answer = browser.send("GET", path)
    assert answer.status == 200, answer
    return time.perf_counter() - started
