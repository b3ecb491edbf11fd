"""Memory of processes as the kernel counts it (Linux)."""

from __future__ import annotations

import contextlib
import math
import os
from collections.abc import Callable
from pathlib import Path

PROC = Path("/proc")


def children(pid: int) -> list[int]:
    found: list[int] = []
    with contextlib.suppress(OSError):
        for task in (PROC / str(pid) / "task").iterdir():
            found += map(int, (task / "children").read_text().split())
    return found


def command(pid: int) -> str:
    with contextlib.suppress(OSError):
        return (PROC / str(pid) / "cmdline").read_text().replace("\0", " ")
    return ""


def grandchildren(pid: int, word: str) -> list[int]:
    """The workers below each child of `pid` whose command has `word` in it."""
    return [worker for child in children(pid) if word in command(child) for worker in children(child)]


def kilobytes(pid: int, line: str) -> int:
    with contextlib.suppress(OSError):
        for text in (PROC / str(pid) / "status").read_text().splitlines():
            if text.startswith(line):
                return int(text.split()[1])
    return 0


def processor(pid: int) -> float:
    """Seconds of processor time."""
    with contextlib.suppress(OSError):
        after_name = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
        return (int(after_name[11]) + int(after_name[12])) / os.sysconf("SC_CLK_TCK")
    return 0.0


class Watch:
    """Peak memory and growth of some processes since the watch began, in MB, and the seconds of processor they took."""

    def __init__(self, pids: Callable[[], list[int]]) -> None:
        self.pids = pids
        self.before = {pid: kilobytes(pid, "VmRSS") for pid in pids()}
        self.used = {pid: processor(pid) for pid in pids()}
        for pid in self.before:
            with contextlib.suppress(OSError):
                (PROC / str(pid) / "clear_refs").write_text("5")  # the peak counts from now on

    def peak(self) -> float:
        """Of the largest; also of one that replaced another, as web workers are after some thousand requests."""
        return max((kilobytes(pid, "VmHWM") for pid in self.pids()), default=0) / 1024

    def growth(self) -> float:
        return max((kilobytes(pid, "VmHWM") - before for pid, before in self.before.items()), default=0) / 1024

    def processor(self) -> float:
        """Not a number where a process was replaced meanwhile and took its count along."""
        if set(self.pids()) != set(self.used):
            return math.nan
        return sum(processor(pid) - used for pid, used in self.used.items())
