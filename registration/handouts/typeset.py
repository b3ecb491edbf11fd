"""Handouts as PDF: tagged for PDF/UA-1, every font embedded, in any script. Set by Typst."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import typst
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from ..issuing import glyphs
from ..issuing.glyphs import CannotPrint

__all__ = ["CannotPrint", "pdf"]

HERE = Path(__file__).parent


def pdf(template: str, data: dict[str, Any]) -> bytes:
    """`template` is a file of this folder. Data, never markup: nothing that anybody types can become a command."""
    glyphs.must_be_printable(data)
    words = {"lang": (get_language() or "en").partition("-")[0], "rtl": get_language_bidi(), "page": _("Page")}
    inputs = {"data": json.dumps(words | data, ensure_ascii=False)}
    return typst.compile(
        str(HERE / template),
        root=str(HERE),
        sys_inputs=inputs,
        font_paths=glyphs.fonts(),
        format="pdf",
        pdf_standards="ua-1",
        timestamp=datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC),  # the day stands on the paper where it matters
    )
