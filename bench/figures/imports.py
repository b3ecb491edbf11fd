"""A 5,000-row XLSX of a whole meeting, sent through HTTP: until it can be looked at, and until it is written.

Beside the preview: what reading the bare values of the same file takes. Beside the writing: COPY of the same rows into
a table like ours.
"""

from __future__ import annotations

import io
import re
import statistics
import time

from bench.browser import Browser, signed_in
from bench.memory import Watch
from bench.rows import autocommitting
from bench.stack import ORGANISER, SLUG, Stack

from .figure import Figure

ROWS = 5_000
ROUNDS = 3
PREVIEW, WRITING, MEMORY = 10.0, 15.0, 300.0  # seconds, seconds, MB
HEADINGS = [
    "Country", "Title", "Given names", "Family name", "Functional title", "Ministry", "Role", "Email", "Telephone",
    "Date of birth", "Participation", "Language",
]  # fmt: skip
STATES = ("Thailand", "Viet Nam", "KHM", "Lao PDR", "Indonesia", "Philippines", "Myanmar", "Malaysia", "Fidji", "TLS")
UNDO = """
DELETE FROM registration_importrow;
DELETE FROM registration_registration WHERE channel = 'import';
"""


def measure(stack: Stack) -> list[Figure]:
    browser = signed_in(stack.port, ORGANISER, stack.password)
    content = workbook(ROWS)
    watch = Watch(stack.mail_workers)
    looked, written = [], []
    for _n in range(ROUNDS):
        with autocommitting() as cursor:
            cursor.execute(UNDO)
        previewed, committed = one_round(browser, content)
        looked.append(previewed)
        written.append(committed)
    processor = f"worker {watch.processor() / ROUNDS:.1f} s for both"
    peak = watch.peak()
    memory = f"worker {peak:.0f} MB (+{watch.growth():.0f})"
    return [
        figure("looked at", looked, calamine(content), "values alone", PREVIEW, peak, memory, processor),
        figure("written", written, copied(), "COPY", WRITING, peak, memory, processor),
    ]


def figure(
    what: str, taken: list[float], floor: float, floor_name: str, target: float, peak: float, memory: str, cpu: str
) -> Figure:
    middle = statistics.median(taken)
    return Figure(
        name=f"XLSX of {ROWS:,} rows {what}",
        reached=f"{middle:.1f} s ({min(taken):.1f} to {max(taken):.1f})",
        floor=f"{floor:.2f} s {floor_name}",
        ratio=f"{middle / floor:.1f}",
        target=f"{target:.0f} s, {MEMORY:.0f} MB",
        met=middle <= target and peak <= MEMORY,
        memory=memory,
        processor=cpu,
    )


def one_round(browser: Browser, content: bytes) -> tuple[float, float]:
    """Seconds from sending the file until it can be looked at, and from confirming until it is written."""
    start = f"/admin/desk/{SLUG}/import/"
    token = browser.get(start).token
    began = time.perf_counter()
    page = browser.post_with_file(start, {"csrfmiddlewaretoken": token}, "file", content)
    job = browser.last
    wait(browser, job)
    previewed = time.perf_counter() - began
    page = browser.get(job)
    found = re.search(rb"Write ([0-9,]+) rows", page.body)
    assert found and found[1].replace(b",", b"") == str(ROWS).encode(), page.body[:6000]
    began = time.perf_counter()
    browser.post(f"{job}confirm/", [("csrfmiddlewaretoken", page.token)])
    wait(browser, job)
    committed = time.perf_counter() - began
    assert b"See the delegations" in browser.get(job).body
    return previewed, committed


def wait(browser: Browser, job: str) -> None:
    while b'"running": true' in browser.send("GET", f"{job}?progress").body:
        time.sleep(0.05)


def workbook(rows: int) -> bytes:
    """As a registration clerk keeps it: days as days, names of many kinds."""
    import datetime

    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet, day = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, HEADINGS)
        for n in range(1, rows + 1):
            sheet.write_row(n, 0, person(n))
            sheet.write_datetime(n, 9, datetime.datetime(1950 + n % 45, 1 + n % 12, 1 + n % 28), day)
    return out.getvalue()


def person(n: int) -> list[str]:
    return [
        STATES[n % len(STATES)], "Ms", f"Litia {n}", f"Waqanisau-{n * 7919 % 100_003}", "Director of Social Welfare",
        "Ministry of Health, Women and Social Welfare", "Adviser", f"litia.{n}@health.example.org", "+679 555 0142",
        "", "In person", "French",
    ]  # fmt: skip


def calamine(content: bytes) -> float:
    from python_calamine import CalamineWorkbook

    began = time.perf_counter()
    with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
        rows = book.get_sheet_by_index(0).to_python()
    assert len(rows) == ROWS + 1
    return time.perf_counter() - began


def copied() -> float:
    """Seconds that COPY takes to write the same rows, indexes included; what it wrote is taken away again."""
    with autocommitting() as cursor:
        cursor.execute("CREATE TABLE floor_of_import (LIKE registration_registration INCLUDING ALL)")
        try:
            rows = io.StringIO()
            cursor.copy_expert(
                "COPY (SELECT * FROM registration_registration WHERE channel = 'import') TO STDOUT", rows
            )
            rows.seek(0)
            began = time.perf_counter()
            cursor.copy_expert("COPY floor_of_import FROM STDIN", rows)
            return time.perf_counter() - began
        finally:
            cursor.execute("DROP TABLE floor_of_import")
