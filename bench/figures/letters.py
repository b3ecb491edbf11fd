"""A thousand letters by the worker: issued, numbered, drawn into one PDF; then the same as a ZIP of single ones.

Beside it: the typesetter's own time for as many empty pages, with the same fonts and the same standard.
"""

from __future__ import annotations

import time
import uuid
from typing import Any

from bench.memory import Watch
from bench.rows import autocommitting
from bench.stack import ORGANISER, SLUG, Stack

from .figure import Figure

COUNT = 1000
TARGET = 10.0  # seconds
PATIENCE = 120
APPROVED = (
    "UPDATE registration_registration SET status = 'approved', first_approved_at = NULL, first_approved_by_id = NULL"
)
QUIETLY = ", quiet_until = NULL, quiet_status = '', modality = 'in_person', returned_fields = '{}'"
EMPTY = '#set document(title: "Empty")\n#set text(lang: "en")\n#for n in range({count}) {{ [.]; pagebreak() }}'


def measure(stack: Stack) -> list[Figure]:
    people = approved(COUNT + 20)
    watch = Watch(stack.mail_workers)
    run(people[COUNT:], "pdf")  # warm: the worker reads the fonts once
    seconds, batch = run(people[:COUNT], "pdf")
    again = run_again(batch, "zip")
    floor = empty_pages(COUNT)
    processor = f"worker {watch.processor():.1f} s"
    memory = f"worker {watch.peak():.0f} MB"

    def figure(name: str, taken: float) -> Figure:
        return Figure(
            name=name, reached=f"{taken:.2f} s", floor=f"{floor:.2f} s empty pages", ratio=f"{taken / floor:.1f}",
            target=f"{TARGET:.0f} s", met=taken <= TARGET, memory=memory, processor=processor,
        )  # fmt: skip

    return [
        figure("1,000 letters issued and drawn, one PDF to print", seconds),
        figure("the same 1,000 as a ZIP of single, tagged letters", again),
    ]


def approved(count: int) -> list[int]:
    """So many grown-up people of the meeting, made approved by SQL, past the workflow."""
    from registration.models import Registration

    people = Registration.objects.filter(meeting__slug=SLUG, is_minor=False, birth_date=None, merged_into=None)
    found = list(people.exclude(status="draft").order_by("pk").values_list("pk", flat=True)[:count])
    assert len(found) == count, len(found)
    with autocommitting() as cursor:
        cursor.execute(f"{APPROVED}{QUIETLY} WHERE id = ANY(%s)", [found])
    return found


def run(people: list[int], form: str) -> tuple[float, Any]:
    """Seconds from the confirmation until the file is there."""
    from meeting.models import Meeting, User
    from registration.issuing import batches
    from registration.issuing.issue import Wanted

    by = User.objects.get(email=ORGANISER)
    meeting = Meeting.objects.get(slug=SLUG)
    started = time.perf_counter()
    batch = batches.start(meeting, Wanted("confirmation", by=by), people, token=uuid.uuid4(), by=by, form=form)
    seconds = wait_for(batch, started)
    refused = list(batch.rows.filter(letter=None).values_list("told", flat=True)[:3])
    assert not refused, refused
    return seconds, batch


def run_again(batch: Any, form: str) -> float:
    from registration.issuing import filing

    started = time.perf_counter()
    filing.ask_for(batch, form)
    return wait_for(batch, started)


def wait_for(batch: Any, started: float) -> float:
    while batch.ended_at is None or not batch.file:
        assert time.perf_counter() - started < PATIENCE, "no worker has finished it"
        time.sleep(0.05)
        batch.refresh_from_db()
    return time.perf_counter() - started


def empty_pages(count: int) -> float:
    import typst

    from registration.issuing import glyphs

    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(glyphs.FOLDER)])
    source = EMPTY.format(count=count).encode()
    started = time.perf_counter()
    typst.compile(source, format="pdf", font_paths=fonts, pdf_standards="ua-1")
    return time.perf_counter() - started
