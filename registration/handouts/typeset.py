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

HERE = Path(__file__).parent


class CannotPrint(Exception):
    """Said in a sentence that tells what to do."""


def pdf(template: str, data: dict[str, Any]) -> bytes:
    """`template` is a file of this folder. Data, never markup: nothing that anybody types can become a command."""
    if strange := glyphs.missing(glyphs.all_words(data)):
        shown = " ".join(f"{c} (U+{ord(c):04X})" for c in strange[:5])
        raise CannotPrint(
            _("No font here has these characters: %(characters)s. Mend the name, or take XLSX.") % {"characters": shown}
        )
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
