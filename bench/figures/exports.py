"""The attendee list through HTTP beside COPY of the same rows into a file: CSV and JSON at once, XLSX by the worker."""

from __future__ import annotations

import re
import statistics
import time
import uuid

from bench import floors
from bench.browser import Answer, Browser, signed_in
from bench.memory import Watch
from bench.stack import ORGANISER, SLUG, Stack

from .figure import Figure

REPEATS = 3
WIDE = 30  # columns
PATIENCE = 300
TARGETS = {("csv", 100_000): "2x COPY", ("xlsx", 10_000): "2 s", ("xlsx", 100_000): "25 s"}


def measure(stack: Stack, rows: int) -> list[Figure]:
    copied = [floors.copy_to_file(copy_statement(), stack.folder / "floor.csv") for _ in range(REPEATS)]
    floor = statistics.median(copied)
    kinds = [("csv", 0), ("json", 0), ("xlsx", WIDE if rows >= 100_000 else 0)]
    return [measure_one(stack, rows, kind, columns, floor) for kind, columns in kinds]


def measure_one(stack: Stack, rows: int, kind: str, columns: int, floor: float) -> Figure:
    browser = signed_in(stack.port, ORGANISER, stack.password)
    by_worker = kind == "xlsx"
    watch = Watch(stack.mail_workers if by_worker else stack.web_workers)
    seconds = []
    for _ in range(REPEATS):
        path = address(columns)
        form = browser.get(path)  # a person has looked at the page by then
        started = time.perf_counter()
        answer = export(browser, path, form, kind)
        seconds.append(time.perf_counter() - started)
        assert answer.status == 200, answer.headers
        assert kind == "xlsx" or answer.body.count(b"\n") >= rows, answer.body.count(b"\n")
    taken, who = statistics.median(seconds), "worker" if by_worker else "web"
    wide = f" x {columns}" if columns else ""
    return Figure(
        name=f"{kind.upper()} of {rows:,}{wide} rows ({len(answer.body) / 1e6:.1f} MB)",
        reached=f"{taken:.2f} s",
        floor=f"{floor:.2f} s COPY",
        ratio=f"{taken / floor:.2f}",
        target=TARGETS.get((kind, rows), ""),
        met=met(kind, rows, taken, floor),
        memory=f"{who} {watch.peak():.0f} MB (+{watch.growth():.0f})",
        processor=f"{who} {watch.processor() / REPEATS:.1f} s",
    )


def met(kind: str, rows: int, taken: float, floor: float) -> bool | None:
    most = {("csv", 100_000): 2 * floor, ("xlsx", 10_000): 2.0, ("xlsx", 100_000): 25.0}.get((kind, rows))
    return None if most is None else taken <= most


def address(columns: int) -> str:
    from registration.lists.columns import COLUMNS

    chosen = ",".join(column.name for column in COLUMNS[:columns])
    return f"/admin/desk/{SLUG}/people/export/" + (f"?columns={chosen}" if chosen else "")


def export(browser: Browser, path: str, form: Answer, kind: str) -> Answer:
    """What is downloaded in the end; where a worker makes it, as soon as it is there."""
    fields = [("csrfmiddlewaretoken", form.token), ("token", str(uuid.uuid4()))]
    fields += [("format", kind), ("reason", "To see how fast")]
    browser.last = path
    answer = browser.post(path, fields)
    if re.search(rb"data-many=", answer.body[:50_000]) is None:
        return answer
    deadline = time.monotonic() + PATIENCE
    while b'"running": true' in browser.get(f"{browser.last}progress/").body:
        assert time.monotonic() < deadline, "no worker has finished it"
        time.sleep(0.1)
    return browser.get(f"{browser.last}file/")


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
