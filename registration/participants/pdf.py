"""The list of participants as PDF: A4, tagged for PDF/UA-1, every font embedded, the same bytes for the same tree."""

from __future__ import annotations

import datetime
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst

from ..issuing import glyphs
from . import layout
from .tree import Tree

TEMPLATE = Path(__file__).with_name("list.typ")
EPOCH = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)  # the day of the list stands on it


def write(tree: Tree) -> bytes:
    """Raises glyphs.CannotPrint where no font of ours has a character."""
    data = _data(tree)
    glyphs.must_be_printable(data)
    drawn: bytes = typst.compile(
        str(TEMPLATE),
        root=str(TEMPLATE.parent),
        # Data, never markup: nothing that anybody types can become a command of the typesetter.
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        font_paths=fonts(),
        format="pdf",
        pdf_standards="ua-1",
        timestamp=EPOCH,
    )
    return drawn


def _data(tree: Tree) -> dict[str, Any]:
    data = tree.as_json()
    data["lang"] = tree.language.partition("-")[0]
    data["rtl"], data["has_italics"] = layout.is_rtl(tree), layout.has_italics(tree)
    data["table"] = layout.table_headings(tree) if tree.is_flat else []
    data["sections"] = layout.sections(tree)
    return data


@lru_cache(maxsize=1)
def fonts() -> Any:
    """Ours, and the typesetter's own serif for Latin, Greek and Cyrillic."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(glyphs.FOLDER)])
