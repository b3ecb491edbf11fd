"""The history of a meeting: its newest page, one from the middle, one person's, with few lines and with many."""

from __future__ import annotations

import time
from urllib.parse import quote

from bench.browser import Browser, signed_in
from bench.memory import Watch
from bench.stack import ORGANISER, SLUG, Stack

from .figure import Figure, milliseconds

TIMES, WARM_UP, ROUNDS = 20, 3, 3
TARGET, TARGET_RATIO = 150, 1.3


class History:
    """Remembers the first times, which later ones are compared with."""

    def __init__(self) -> None:
        self.few: dict[str, float] = {}

    def measure(self, stack: Stack, rows: int) -> list[Figure]:
        browser = signed_in(stack.port, ORGANISER, stack.password)
        return [self._figure(stack, browser, name, query, rows) for name, query in asked().items()]

    def _figure(self, stack: Stack, browser: Browser, name: str, query: str, rows: int) -> Figure:
        path = f"/admin/desk/{SLUG}/history/{query}"
        watch = Watch(stack.web_workers)
        median, p95 = min(milliseconds(_round(browser, path)) for _ in range(ROUNDS))
        few = self.few.get(name)
        self.few.setdefault(name, median)
        least, _p95 = milliseconds(_round(browser, "/healthz"))
        return Figure(
            name=f"history, {name}, of {rows:,} people",
            reached=f"{median:.0f} ms (p95 {p95:.0f})",
            floor=f"{few:.0f} ms of few" if few else f"{least:.1f} ms /healthz",
            ratio=f"{median / (few or least):.2f}",
            target=f"{TARGET} ms, {TARGET_RATIO}x" if few else f"{TARGET} ms",
            met=median <= TARGET and (not few or median <= TARGET_RATIO * few),
            memory=f"web {watch.peak():.0f} MB",
        )


def asked() -> dict[str, str]:
    """What is asked for, as it stands in the address."""
    from registration.models import RegistrationEvent

    events = RegistrationEvent.objects.filter(meeting__slug=SLUG).order_by("at")
    middle = events[events.count() // 2]
    place = quote(f"{middle.at.isoformat()}~0~{middle.pk}")
    return {
        "newest page": "",
        "page from the middle": f"?after={place}",
        "one person": f"?person={middle.registration.reference}",
        "a kind that nobody did": "?kind=messages",
    }


def _round(browser: Browser, path: str) -> list[float]:
    return [_once(browser, path) for _ in range(WARM_UP + TIMES)][WARM_UP:]


def _once(browser: Browser, path: str) -> float:
    started = time.perf_counter()
    answer = browser.send("GET", path)
    assert answer.status == 200, answer
    return time.perf_counter() - started
