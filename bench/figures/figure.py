"""What every figure says of itself."""

from __future__ import annotations

import os
import statistics
from dataclasses import dataclass

HEADS = ["figure", "reached", "floor in this run", "ratio", "target", "met", "peak memory", "processor", "load"]


@dataclass
class Figure:
    """One line of the table. `ratio` is how many times the floor's time the work took, or the part of its rate."""

    name: str
    reached: str
    floor: str
    ratio: str
    target: str
    met: bool | None  # None where there is no target
    memory: str = ""
    processor: str = ""  # time that our own processes took, whatever else ran
    load: float = 0.0

    def __post_init__(self) -> None:
        self.load = os.getloadavg()[0]

    def cells(self) -> list[str]:
        met = {True: "yes", False: "NO", None: "-"}[self.met]
        load = f"{self.load:.1f}"
        processor = "-" if "nan" in self.processor else self.processor
        return [
            self.name,
            self.reached,
            self.floor,
            self.ratio,
            self.target or "-",
            met,
            self.memory,
            processor,
            load,
        ]


def milliseconds(seconds: list[float]) -> tuple[float, float]:
    """Median and 95th percentile."""
    ordered = sorted(seconds)
    return statistics.median(ordered) * 1000, ordered[int(len(ordered) * 0.95)] * 1000
