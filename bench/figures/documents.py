"""The list of participants of 2,000 people: from the database to a tree, and from the tree to each document.

Beside it: as many plain lines, written by the same libraries and nothing else.
"""

from __future__ import annotations

import io
import json
import resource
import time
from collections.abc import Callable
from typing import Any

from bench.rows import autocommitting
from bench.stack import SLUG

from .figure import Figure

PEOPLE = 2000
TARGET = 2.0  # seconds
ROUNDS = 3
EMPTY = '#set document(title: "Lines")\n#set text(lang: "en")\n#for line in json(bytes(sys.inputs.lines)) [#line \\ ]'


def measure() -> list[Figure]:
    approve_all()
    from registration.participants import docx, flat, page, pdf

    tree = _tree()
    lines = [p.line for s in tree.sections for entity in s.entities for p in entity.people]
    assert len(lines) >= PEOPLE * 0.9, len(lines)
    floors = {"DOCX": _best(lambda: _plain_docx(lines)), "PDF": _best(lambda: _plain_pdf(lines))}
    writers: dict[str, Callable[[Any], bytes]] = {
        "DOCX": docx.write, "PDF": pdf.write, "HTML": page.write, "XLSX": flat.write,
    }  # fmt: skip
    read = _best(_tree)
    return [
        _figure(name, read + _best(lambda: write(tree)), floors.get(name), len(lines))  # noqa: B023
        for name, write in writers.items()
    ]


def _figure(name: str, seconds: float, floor: float | None, people: int) -> Figure:
    return Figure(
        name=f"list of participants, {people:,} people, {name}",
        reached=f"{seconds:.2f} s",
        floor=f"{floor:.2f} s plain lines" if floor else "-",
        ratio=f"{seconds / floor:.1f}" if floor else "-",
        target=f"{TARGET:.0f} s" if floor else "-",
        met=seconds <= TARGET if floor else None,
        memory=f"process {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB",
    )


def _tree() -> Any:
    from meeting.models import Meeting
    from registration.participants.build import build

    return build(Meeting.objects.get(slug=SLUG), language="en", profile="escap")


def approve_all() -> None:
    """The fictitious people, approved by SQL, past the workflow."""
    with autocommitting() as cursor:
        cursor.execute(
            "UPDATE registration_registration SET status = 'approved', status_reason = '', first_approved_at = NULL,"
            " first_approved_by_id = NULL, quiet_until = NULL, quiet_status = '', returned_fields = '{}'"
            " WHERE status <> 'draft' AND NOT is_minor"
        )


def _plain_docx(lines: list[str]) -> bytes:
    from docx import Document

    document = Document()
    for line in lines:
        document.add_paragraph(line)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _plain_pdf(lines: list[str]) -> bytes:
    import typst

    from registration.participants.pdf import fonts

    made: bytes = typst.compile(
        EMPTY.encode(), sys_inputs={"lines": json.dumps(lines)}, font_paths=fonts(), format="pdf", pdf_standards="ua-1"
    )
    return made


def _best(work: Callable[[], Any]) -> float:
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return min(times)
