"""Which characters our fonts can print. A letter with another one is refused in words, never drawn with a box."""

from __future__ import annotations

import bisect
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst
from django.utils.translation import gettext as _

FOLDER = Path(__file__).with_name("fonts")


class CannotPrint(Exception):
    """Said in a sentence that tells what to do."""


@lru_cache(maxsize=1)
def fonts() -> Any:
    """Ours alone, so that a page looks the same wherever it is drawn."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FOLDER)])


def missing(text: str) -> str:
    """The characters of `text` that no font here has, each once, in their order."""
    return "".join(c for c in dict.fromkeys(text) if not _is_there(c))


def must_be_printable(data: Any) -> None:
    """Raises CannotPrint where a text in `data` has a character that would be a box on paper."""
    if strange := missing(all_words(data)):
        shown = " ".join(f"{c} (U+{ord(c):04X})" for c in strange[:5])
        raise CannotPrint(
            _("No font here has these characters: %(characters)s. Mend the name, or take XLSX.") % {"characters": shown}
        )


def all_words(data: Any) -> str:
    """Every text in a letter, one after the other."""
    if isinstance(data, str):
        return data
    parts = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    return "\n".join(all_words(part) for part in parts)


def _is_there(character: str) -> bool:
    if character.isascii() or unicodedata.category(character) == "Cf":
        return True
    starts, ends = _ranges()
    place = bisect.bisect_right(starts, ord(character)) - 1
    return place >= 0 and ord(character) <= ends[place]


@lru_cache(maxsize=1)
def _ranges() -> tuple[list[int], list[int]]:
    """As `fonts/coverage.txt` has them: in hexadecimal, one to a line, in order."""
    lines = (line.partition("-") for line in (FOLDER / "coverage.txt").read_text().split())
    pairs = [(int(first, 16), int(last or first, 16)) for first, _dash, last in lines]
    return [first for first, _last in pairs], [last for _first, last in pairs]
