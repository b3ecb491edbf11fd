"""The pages of a letter as pictures, so that it can be read beside the roster without opening any file.

A PDF is drawn once, by a program of its own with bounds on time, memory and pages, and the pictures are kept in the
private store beside the letter, under its random name. A picture is its own only page.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from ..models import Letter

PROGRAM = Path(__file__).with_name("draw.py")
MOST_PAGES = 30
LONGEST_SIDE = 1754  # A4 at 150 dots an inch
SECONDS = 20  # of a clock, and of a processor
LARGEST = 40 * 1024 * 1024  # of all pictures of one letter


def ensure(letter: Letter) -> int:
    """How many pages of the letter can be looked at, drawn now if they never were; 0 where it cannot be opened."""
    if letter.pages is None:
        letter.pages = _draw_and_keep(letter)
    return min(letter.pages, MOST_PAGES)


def picture(letter: Letter, number: int) -> bytes | None:
    """One page; None where there is no such page."""
    if not 1 <= number <= ensure(letter):
        return None
    name = str(letter.file.name) if letter.is_image else _name(letter, number)
    try:
        with default_storage.open(name) as file:
            return file.read()
    except OSError:
        return None


def media_type(letter: Letter) -> str:
    return letter.media_type if letter.is_image else "image/png"


def forget(letter: Letter) -> None:
    """Delete the pictures; the letter's own file is deleted by whoever deletes the letter."""
    if not letter.is_image and letter.pages:
        for number in range(1, min(letter.pages, MOST_PAGES) + 1):
            default_storage.delete(_name(letter, number))


def _name(letter: Letter, number: int) -> str:
    return f"{letter.file.name}-{number}.png"


def _draw_and_keep(letter: Letter) -> int:
    with transaction.atomic():
        # Two readers at once: the second finds what the first has drawn.
        held = Letter.objects.select_for_update(of=("self",)).get(pk=letter.pk)
        if held.pages is not None:
            return held.pages
        pages, pictures = (1, []) if letter.is_image else _drawn_from_store(letter)
        for number, content in enumerate(pictures, 1):
            default_storage.delete(_name(letter, number))
            default_storage.save(_name(letter, number), ContentFile(content))
        Letter.objects.filter(pk=letter.pk).update(pages=pages)
        return pages


def _drawn_from_store(letter: Letter) -> tuple[int, list[bytes]]:
    try:
        with letter.file.open("rb") as file:
            return drawn(file.read())
    except OSError:
        return 0, []  # the file is not there: the page says so calmly


def drawn(pdf: bytes) -> tuple[int, list[bytes]]:
    """The number of pages of a PDF and pictures of the first of them; 0 and none where it cannot be drawn in bounds."""
    with tempfile.TemporaryDirectory(prefix="letter-") as folder:
        source = Path(folder) / "letter.pdf"
        source.write_bytes(pdf)
        answer = _run(source, Path(folder))
        files = sorted(Path(folder).glob("*.png"), key=lambda f: int(f.stem))
        if not answer.isdigit() or not files or sum(f.stat().st_size for f in files) > LARGEST:
            return 0, []
        return min(int(answer), 32_000), [f.read_bytes() for f in files]


def _run(source: Path, folder: Path) -> str:
    """What the drawing program says; nothing where it fails or takes too long."""
    bounds = map(str, (MOST_PAGES, LONGEST_SIDE, SECONDS, LARGEST))
    command = [sys.executable, "-I", str(PROGRAM), str(source), str(folder), *bounds]
    try:
        done = subprocess.run(command, cwd=folder, env={}, capture_output=True, timeout=SECONDS, text=True)
    except subprocess.TimeoutExpired:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
