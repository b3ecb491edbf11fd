"""How fast a Celery worker sends what waits in the outbox: with one process and with four, beside one raw SMTP
connection that sends the same messages; and what ten thousand do to the memory of a process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from bench import floors, memory
from bench.stack import ROOT, SLUG, Stack

from .figure import Figure

WARM, MANY, LONG = 300, 3_000, 10_000
TOGETHER = 20  # as decisions on many write and announce them
TARGET = 100  # messages a second with one process
START = [
    "-m",
    "celery",
    "--quiet",
    "-A",
    "config",
    "worker",
    "--loglevel",
    "ERROR",
    "--without-gossip",
    "--without-mingle",
]


def measure(stack: Stack) -> list[Figure]:
    with _the_stacks_own_worker_stopped(stack):
        alone = _sent_by(stack, 1, LONG)
        four = _sent_by(stack, 4, MANY)
    return [_as_figure("1 worker process", alone, target=f"{TARGET}/s"), _as_figure("4 worker processes", four)]


class Run:
    """One worker with some processes, and what it has sent."""

    def __init__(self, count: int, seconds: float, floor: float, grown: float, began: float, processor: float) -> None:
        self.count, self.rate, self.floor, self.processor = count, count / seconds, count / floor, processor
        self.grown, self.began = grown, began


def _sent_by(stack: Stack, processes: int, count: int) -> Run:
    with _worker(processes) as worker:
        _send(stack, worker, WARM)
        pids = memory.children(worker.pid)
        watch = memory.Watch(lambda: pids)
        before = max(memory.kilobytes(pid, "VmRSS") for pid in pids)
        seconds = _send(stack, worker, count)
        after = max(memory.kilobytes(pid, "VmRSS") for pid in pids)
        floor = floors.send_again(stack, stack.mailbox.empty())
        return Run(count, seconds, floor, (after - before) / 1024, before / 1024, watch.processor())


def _send(stack: Stack, worker: subprocess.Popen[bytes], count: int) -> float:
    """Seconds from the moment in which the worker may begin until the last of `count` messages is at the sink."""
    stack.mailbox.empty()
    all_of_it = [worker.pid, *memory.children(worker.pid)]
    _signal(all_of_it, signal.SIGSTOP)
    _write(count)
    started = time.perf_counter()
    _signal(all_of_it, signal.SIGCONT)
    return stack.mailbox.wait_for(count, seconds=600) - started


def _write(count: int) -> None:
    """Messages with a private link each, one rendered as all others would be, announced as decisions on many are."""
    from django.db import connection, transaction

    from registration.mail import outbox
    from registration.models import OutgoingMail, Registration

    people = list(
        Registration.objects.filter(meeting__slug=SLUG).select_related("meeting", "delegation__category")[:100]
    )
    run = time.time_ns()
    with transaction.atomic():
        first = outbox.queue("submitted", people[0], key=f"sending-{run}")
        transaction.set_rollback(True)
    for start in range(0, count, TOGETHER):
        with transaction.atomic():
            outbox.store_many(
                [
                    OutgoingMail(
                        key=f"sending-{run}-{n}", kind="submitted", registration=people[n % len(people)],
                        meeting=people[0].meeting, to=f"reader-{n}@example.org", reply_to=first.reply_to, language="en",
                        subject=first.subject, text=first.text, html=first.html,
                    )
                    for n in range(start, start + TOGETHER)
                ]
            )  # fmt: skip
    connection.close()


@contextmanager
def _worker(processes: int) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, *START, "--concurrency", str(processes), "-n", f"bench-{processes}@%h"]
    worker = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while len(memory.children(worker.pid)) < processes:
            time.sleep(0.1)
        yield worker
    finally:
        _signal([worker.pid, *memory.children(worker.pid)], signal.SIGCONT)
        worker.terminate()
        worker.wait(30)


@contextmanager
def _the_stacks_own_worker_stopped(stack: Stack) -> Iterator[None]:
    """Beat too, whose sweep would help."""
    stopped = [pid for pid in memory.children(stack.server.pid) if "celery" in memory.command(pid)]
    stopped += stack.mail_workers()
    _signal(stopped, signal.SIGSTOP)
    try:
        yield
    finally:
        _signal(stopped, signal.SIGCONT)


def _signal(pids: list[int], signal_: signal.Signals) -> None:
    for pid in pids:
        os.kill(pid, signal_)


def _as_figure(name: str, run: Run, target: str = "") -> Figure:
    return Figure(
        name=f"{run.count:,} messages sent by {name}",
        reached=f"{run.rate:.0f}/s",
        floor=f"{run.floor:.0f}/s raw SMTP",
        ratio=f"{run.rate / run.floor:.2f}",
        target=target,
        met=run.rate >= TARGET if target else None,
        memory=f"a process {run.began:.0f} MB ({run.grown:+.1f} MB)",
        processor=f"{run.processor / run.count * 1000:.1f} ms each",
    )
