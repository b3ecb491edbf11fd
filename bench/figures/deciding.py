"""The screen to decide, for people at the start, in the middle and at the end of the queue."""

from __future__ import annotations

import time

from bench.browser import Browser, signed_in
from bench.memory import Watch
from bench.stack import ORGANISER, SLUG, Stack

from .figure import Figure, milliseconds

PEOPLE, WARM_UP, ROUNDS = 30, 5, 3
TARGET, TARGET_RATIO = 100, 1.3


class Deciding:
    """Remembers the first time, which later ones are compared with."""

    few = 0.0

    def measure(self, stack: Stack, rows: int) -> Figure:
        browser, people = signed_in(stack.port, ORGANISER, stack.password), spread_over_the_queue()
        watch = Watch(stack.web_workers)
        median, p95 = min(milliseconds(_round(browser, people)) for _ in range(ROUNDS))
        asked = ROUNDS * (WARM_UP + len(people))
        processor = f"web {watch.processor() / asked * 1000:.0f} ms each"
        least, _p95 = milliseconds([_once(browser, "/healthz") for _ in people])
        few, self.few = self.few, self.few or median
        return Figure(
            name=f"screen to decide at {rows:,} rows",
            reached=f"{median:.0f} ms (p95 {p95:.0f})",
            floor=f"{few:.0f} ms at few rows" if few else f"{least:.1f} ms /healthz",
            ratio=f"{median / (few or least):.2f}",
            target=f"{TARGET} ms, {TARGET_RATIO}x" if few else f"{TARGET} ms",
            met=median <= TARGET and (not few or median <= TARGET_RATIO * few),
            memory=f"web {watch.peak():.0f} MB",
            processor=processor,
        )


def spread_over_the_queue() -> list[str]:
    """References of those who wait, as far apart as the queue is long."""
    from registration.models import Registration

    waiting = Registration.objects.filter(meeting__slug=SLUG, status="submitted").order_by("status_since", "pk")
    found = list(waiting.values_list("reference", flat=True))
    return found[:: max(1, len(found) // PEOPLE)][:PEOPLE]


def _round(browser: Browser, people: list[str]) -> list[float]:
    taken = [_once(browser, f"/admin/desk/{SLUG}/registrations/{who}/") for who in [*people[:WARM_UP], *people]]
    return taken[WARM_UP:]


def _once(browser: Browser, path: str) -> float:
    started = time.perf_counter()
    answer = browser.send("GET", path)
    assert answer.status == 200, answer
    return time.perf_counter() - started
