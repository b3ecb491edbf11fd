"""The attendee list as CSV and XLSX through HTTP, beside COPY of the same rows into a file."""

from __future__ import annotations

import statistics
import time

from bench import floors
from bench.browser import signed_in
from bench.memory import Watch
from bench.stack import ORGANISER, SLUG, Stack

from .figure import Figure

REPEATS = 3
TARGETS = {("csv", 100_000): "2x COPY", ("xlsx", 10_000): "2 s"}


def measure(stack: Stack, rows: int) -> list[Figure]:
    copied = [floors.copy_to_file(copy_statement(), stack.folder / "floor.csv") for _ in range(REPEATS)]
    floor = statistics.median(copied)
    return [measure_one(stack, rows, kind, floor) for kind in ("csv", "xlsx")]


def measure_one(stack: Stack, rows: int, kind: str, floor: float) -> Figure:
    browser = signed_in(stack.port, ORGANISER, stack.password)
    watch = Watch(stack.web_workers)
    seconds = []
    for _ in range(REPEATS):
        started = time.perf_counter()
        answer = browser.send("GET", f"/admin/desk/{SLUG}/people/export.{kind}")
        seconds.append(time.perf_counter() - started)
        assert answer.status == 200, answer.headers
        assert kind == "xlsx" or answer.body.count(b"\n") >= rows, answer.body.count(b"\n")
    processor = f"web {watch.processor() / REPEATS:.1f} s"
    taken = statistics.median(seconds)
    return Figure(
        name=f"{kind.upper()} of {rows:,} rows ({len(answer.body) / 1e6:.1f} MB)",
        reached=f"{taken:.2f} s",
        floor=f"{floor:.2f} s COPY",
        ratio=f"{taken / floor:.2f}",
        target=TARGETS.get((kind, rows), ""),
        met={("csv", 100_000): taken <= 2 * floor, ("xlsx", 10_000): taken <= 2}.get((kind, rows)),
        memory=f"web {watch.peak():.0f} MB (+{watch.growth():.0f})",
        processor=processor,
    )


def copy_statement() -> str:
    """COPY of the same columns with the same joins, in the same order, without the guard against formulas."""
    from django.db import connection

    from meeting.models import Meeting
    from registration.lists.columns import columns_for, expressions
    from registration.lists.rows import ListQuery
    from registration.models import Registration, Status

    meeting = Meeting.objects.get(slug=SLUG)
    everybody = Registration.objects.filter(meeting=meeting).exclude(status=Status.DRAFT)
    columns = expressions(columns_for(with_contact=True), meeting)
    query = ListQuery(meeting, everybody).values_list(columns).query
    with connection.cursor() as cursor:
        select = cursor.mogrify(*query.sql_with_params()).decode()
    connection.close()
    return f"COPY ({select}) TO STDOUT WITH (FORMAT csv)"
