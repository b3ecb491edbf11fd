"""The organisers' queue, its first page, with few and with many in it."""

from __future__ import annotations

import time

from bench.browser import Browser, signed_in
from bench.memory import Watch
from bench.stack import ORGANISER, SLUG, Stack

from .figure import Figure, milliseconds

TIMES, WARM_UP, ROUNDS = 50, 10, 3
TARGET, TARGET_RATIO = 150, 1.3


class Queues:
    """Remembers the first time, which later ones are compared with."""

    few = 0.0
    size = 0

    def measure(self, stack: Stack, rows: int) -> Figure:
        browser = signed_in(stack.port, ORGANISER, stack.password)
        watch = Watch(stack.web_workers)
        # The best of three rounds: what else runs on the machine makes a round slower, never faster.
        median, p95 = min(milliseconds(self._round(browser)) for _ in range(ROUNDS))
        processor = f"web {watch.processor() / ROUNDS / (TIMES + WARM_UP) * 1000:.0f} ms each"
        floor = [self._once(browser, "/healthz") for _ in range(TIMES)]
        least, _p95 = milliseconds(floor)
        few, self.few = self.few, self.few or median
        return Figure(
            name=f"queue page at {rows:,} rows ({self.size / 1000:.0f} kB)",
            reached=f"{median:.0f} ms (p95 {p95:.0f})",
            floor=f"{few:.0f} ms at few rows" if few else f"{least:.1f} ms /healthz",
            ratio=f"{median / (few or least):.2f}",
            target=f"{TARGET} ms, {TARGET_RATIO}x" if few else "",
            met=(median <= TARGET and median <= TARGET_RATIO * few) if few else None,
            memory=f"web {watch.peak():.0f} MB",
            processor=processor,
        )

    def _round(self, browser: Browser) -> list[float]:
        return [self._once(browser, f"/admin/desk/{SLUG}/queue/") for _ in range(WARM_UP + TIMES)][WARM_UP:]

    def _once(self, browser: Browser, path: str) -> float:
        started = time.perf_counter()
        answer = browser.send("GET", path)
        assert answer.status == 200, answer
        self.size = max(self.size, len(answer.body))
        return time.perf_counter() - started
