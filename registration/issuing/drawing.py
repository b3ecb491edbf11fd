"""Letters as PDF: A4, tagged for PDF/UA-1, every font embedded, the same bytes each time. Set by Typst."""

from __future__ import annotations

import datetime
import json
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import segno
import typst

from ..models import IssuedLetter
from . import codes, glyphs, pictures

TEMPLATE = Path(__file__).with_name("letter.typ")
Snapshot = dict[str, Any]
PREVIEW_PPI = 110
EPOCH = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)  # the day a letter was issued stands on it

_typesetter = threading.local()


def draw(letter: IssuedLetter) -> bytes:
    return draw_snapshots([(letter.snapshot, letter.code)])


def file_name(letter: IssuedLetter) -> str:
    """EAP-2008-INV-0012.pdf: no name, so that a folder of them tells as little as it can."""
    return f"{letter.printed_number.replace('/', '-')}.pdf"


def draw_together(letters: Iterable[IssuedLetter]) -> bytes:
    """One PDF of several letters, each from a page of its own. Takes memory for each: some tens at once."""
    return draw_snapshots([(letter.snapshot, letter.code) for letter in letters])


def draw_snapshots(letters: Sequence[tuple[Snapshot, str]]) -> bytes:
    """From what the letters say and their codes. A `sample` has words across it and a code that opens nothing."""
    pdf: bytes = _compiler().compile(format="pdf", sys_inputs=_inputs(letters), pdf_standards="ua-1", timestamp=EPOCH)
    return pdf


def draw_pages(snapshot: Snapshot, code: str) -> list[bytes]:
    """The pages of one letter as PNG, to look at."""
    drawn = _compiler().compile(format="png", sys_inputs=_inputs([(snapshot, code)]), ppi=PREVIEW_PPI)
    return drawn if isinstance(drawn, list) else [drawn]


def _inputs(letters: Sequence[tuple[Snapshot, str]]) -> dict[str, str]:
    """Data, never markup: nothing that anybody types can become a command of the typesetter."""
    first = letters[0][0]
    data = {
        "title": first["title"],
        "author": first["head"]["name"],
        "letters": [_with_pictures(snapshot, code) for snapshot, code in letters],
    }
    return {"data": json.dumps(data, ensure_ascii=False)}


def _with_pictures(snapshot: Snapshot, code: str) -> Snapshot:
    letter = {name: part for name, part in snapshot.items() if name != "of"}
    letter["head"] = snapshot["head"] | {"logo": pictures.as_svg(snapshot["head"]["logo"])}
    letter["sign"] = snapshot["sign"] | {"picture": pictures.as_svg(snapshot["sign"]["picture"])}
    letter["verify"] = snapshot["verify"] | {
        "qr": _qr(codes.link(code)),
        "link": codes.link(code),
        "address": codes.address(),
        "code": codes.spaced(code),
    }
    return letter


def _qr(address: str) -> str:
    # Readers take any of the eight masks; to compare them all takes longer than the rest of the letter.
    return str(segno.make(address, error="m", micro=False, mask=3).svg_inline(border=0, omitsize=True))


def _compiler() -> Any:
    """One for each thread: it is not made for two at once."""
    if not hasattr(_typesetter, "compiler"):
        _typesetter.compiler = typst.Compiler(str(TEMPLATE), root=str(TEMPLATE.parent), font_paths=glyphs.fonts())
    return _typesetter.compiler
