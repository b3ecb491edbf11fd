"""The first page of the queue and of the attendee list as each is asked for, with few and with many in it."""

from __future__ import annotations

import time

from bench.browser import Browser, signed_in
from bench.memory import Watch
from bench.stack import ORGANISER, SLUG, Stack

from .figure import Figure, milliseconds

TIMES, WARM_UP, ROUNDS = 50, 10, 3
TARGET, TARGET_RATIO = 150, 1.3
QUEUE = {
    "queue page": "",
    "queue, newest first": "?sort=newest",
    "queue by name": "?sort=name",
    "queue by State": "?sort=entity",
    "queue, mine": "?assigned=me",
}
PEOPLE = {
    "people": "",
    "people by name, in one": "?group=none&sort=name",
    "people by role, newest first": "?group=role&sort=newest",
    "people by category, by name": "?group=category&sort=name",
    "people without a letter": "?letter=no",
    "people of a region": "?region=035",
    "people with nine columns": "?columns=name,title,department,organisation,letter,region,language,email,submitted",
}


class Lists:
    """One screen in its `parts`. Remembers the first times, which later ones are compared with."""

    def __init__(self, screen: str, parts: dict[str, str]) -> None:
        self.screen, self.parts = screen, parts
        self.few: dict[str, float] = {}
        self.size = 0

    def measure(self, stack: Stack, rows: int) -> list[Figure]:
        browser = signed_in(stack.port, ORGANISER, stack.password)
        least, _p95 = milliseconds([self._once(browser, "/healthz") for _ in range(TIMES)])
        return [self._part(stack, browser, name, rows, least) for name in self.parts]

    def _part(self, stack: Stack, browser: Browser, name: str, rows: int, least: float) -> Figure:
        self.size, watch = 0, Watch(stack.web_workers)
        # The best of three rounds: what else runs on the machine makes a round slower, never faster.
        median, p95 = min(milliseconds(self._round(browser, self.parts[name])) for _ in range(ROUNDS))
        processor = f"web {watch.processor() / ROUNDS / (TIMES + WARM_UP) * 1000:.0f} ms each"
        few = self.few.get(name, 0.0)
        self.few.setdefault(name, median)
        return Figure(
            name=f"{name} at {rows:,} rows ({self.size / 1000:.0f} kB)",
            reached=f"{median:.0f} ms (p95 {p95:.0f})",
            floor=f"{few:.0f} ms at few rows" if few else f"{least:.1f} ms /healthz",
            ratio=f"{median / (few or least):.2f}",
            target=f"{TARGET} ms, {TARGET_RATIO}x" if few else "",
            met=(median <= TARGET and median <= TARGET_RATIO * few) if few else None,
            memory=f"web {watch.peak():.0f} MB",
            processor=processor,
        )

    def _round(self, browser: Browser, query: str) -> list[float]:
        address = f"/admin/desk/{SLUG}/{self.screen}/{query}"
        return [self._once(browser, address) for _ in range(WARM_UP + TIMES)][WARM_UP:]

    def _once(self, browser: Browser, path: str) -> float:
        started = time.perf_counter()
        answer = browser.send("GET", path)
        assert answer.status == 200, answer
        self.size = max(self.size, len(answer.body))
        return time.perf_counter() - started
