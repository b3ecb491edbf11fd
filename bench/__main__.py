"""`bench/run`: every figure beside its floor from the same run."""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from bench.figures import (
    approvals,
    campaigns,
    deciding,
    documents,
    exports,
    history,
    imports,
    letters,
    lists,
    mails,
    numbers,
    pages,
    reconciling,
    registrations,
    searches,
    sending,
    workspace,
)
from bench.figures.figure import HEADS, Figure
from bench.rows import fill
from bench.stack import ROOT, Stack

FEW, SOME, MANY = 100, 10_000, 100_000
OF_A_LIST = 2_100  # of whom some are children or drafts
NAMES = (
    "queue",
    "people",
    "search",
    "deciding",
    "history",
    "pages",
    "documents",
    "exports",
    "mails",
    "sending",
    "campaigns",
    "approvals",
    "registrations",
    "imports",
    "reconciling",
    "workspace",
    "letters",
    "numbers",
)
QUIET = 0.15  # of all processors, for one second before each figure
LONGEST_WAIT = 60


def main() -> None:
    asked = arguments()
    figures: list[Figure] = []
    with Stack() as stack:
        import django

        django.setup()
        for measure in plan(stack, set(asked.figures or NAMES), asked.rows):
            wait_until_quiet(asked.wait)
            figures += measure()
            print(f"  {figures[-1].name}: {figures[-1].reached}", flush=True)
    print(surroundings())
    print(table(figures))
    sys.exit(any(figure.met is False for figure in figures))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench/run", description=__doc__)
    parser.add_argument("figures", nargs="*", metavar="FIGURE", help=f"of {', '.join(NAMES)}; all without any")
    parser.add_argument("--rows", type=int, default=MANY, help="how many registrations are many (100,000)")
    parser.add_argument("--wait", type=int, default=LONGEST_WAIT, help="seconds to wait for a quiet machine")
    asked = parser.parse_args()
    if unknown := set(asked.figures) - set(NAMES):
        parser.error(f"unknown: {', '.join(unknown)}; choose of {', '.join(NAMES)}")
    return asked


def plan(stack: Stack, wanted: set[str], many: int) -> list[Callable[[], list[Figure]]]:
    """What to do in which order: the table of registrations grows from few to many, and what writes comes when the
    queue needs no exact number any more."""
    queue, people = lists.Lists("queue", lists.QUEUE), lists.Lists("people", lists.PEOPLE)
    screen, past = deciding.Deciding(), history.History()
    steps: list[tuple[bool, Callable[[], list[Figure]]]] = [
        ("pages" in wanted, lambda: pages.measure(stack)),
        ("queue" in wanted, lambda: at(stack, FEW, lambda: queue.measure(stack, FEW))),
        ("people" in wanted, lambda: at(stack, FEW, lambda: people.measure(stack, FEW))),
        ("deciding" in wanted, lambda: at(stack, FEW, lambda: [screen.measure(stack, FEW)])),
        ("history" in wanted, lambda: at(stack, FEW, lambda: past.measure(stack, FEW))),
        ("documents" in wanted, lambda: at(stack, OF_A_LIST, documents.measure)),
        ("exports" in wanted, lambda: at(stack, SOME, lambda: exports.measure(stack, SOME))),
        ("exports" in wanted, lambda: at(stack, many, lambda: exports.measure(stack, many))),
        ("queue" in wanted, lambda: at(stack, many, lambda: queue.measure(stack, many))),
        ("people" in wanted, lambda: at(stack, many, lambda: people.measure(stack, many))),
        ("search" in wanted, lambda: at(stack, many, lambda: searches.measure(stack, many))),
        ("deciding" in wanted, lambda: at(stack, many, lambda: [screen.measure(stack, many)])),
        ("history" in wanted, lambda: at(stack, many, lambda: past.measure(stack, many))),
        ("numbers" in wanted, lambda: at(stack, many, lambda: numbers.measure(stack, many))),
        ("mails" in wanted, lambda: at(stack, SOME, lambda: mails.measure(stack))),
        ("sending" in wanted, lambda: at(stack, SOME, lambda: sending.measure(stack))),
        ("campaigns" in wanted, lambda: at(stack, SOME, lambda: campaigns.measure(stack))),
        ("approvals" in wanted, lambda: at(stack, SOME, lambda: approvals.measure(stack))),
        ("letters" in wanted, lambda: at(stack, SOME, lambda: letters.measure(stack))),
        ("imports" in wanted, lambda: imports.measure(stack)),
        ("reconciling" in wanted, lambda: reconciling.measure(stack)),
        ("workspace" in wanted, lambda: [workspace.measure(stack)]),
        ("registrations" in wanted, lambda: registrations.measure(stack)),
    ]
    return [step for is_wanted, step in steps if is_wanted]


def at(stack: Stack, rows: int, measure: Callable[[], list[Figure]]) -> list[Figure]:
    fill(stack, rows)
    return measure()


def wait_until_quiet(longest: int) -> None:
    deadline = time.monotonic() + longest
    while busy_for(1.0) > QUIET and time.monotonic() < deadline:
        pass


def busy_for(seconds: float) -> float:
    """The part of all processors that was busy during these seconds."""
    before = processor_times()
    time.sleep(seconds)
    idle, total = (after - earlier for after, earlier in zip(processor_times(), before, strict=True))
    return 1 - idle / total if total else 0.0


def processor_times() -> tuple[int, int]:
    """Idle and all, in ticks since the machine started."""
    times = [int(t) for t in Path("/proc/stat").read_text().split("\n")[0].split()[1:]]
    return times[3] + times[4], sum(times[:8])


def surroundings() -> str:
    versions = ", ".join(f"{name} {version(name)}" for name in ("django", "celery", "gunicorn", "psycopg2-binary"))
    commit = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True).stdout
    return (
        f"\n{time.strftime('%Y-%m-%d %H:%M')} UTC, commit {commit.strip()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}, {versions}\n"
    )


def table(figures: list[Figure]) -> str:
    lines = [HEADS, ["---"] * len(HEADS), *(figure.cells() for figure in figures)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


if __name__ == "__main__":
    main()
