"""Telling the encoding of a text that does not say it: by what comes out, letter by letter."""

from __future__ import annotations

import codecs
import unicodedata
from functools import cache
from itertools import pairwise
from typing import Any

from charset_normalizer import from_bytes
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .table import UnreadableFileError

# What a reader may choose, and how it is called on the screen.
ENCODINGS: dict[str, Any] = {
    "utf-8": gettext_lazy("Unicode (UTF-8)"),
    "utf-16": gettext_lazy("Unicode (UTF-16)"),
    "cp1252": gettext_lazy("Western European (Windows-1252)"),
    "mac_roman": gettext_lazy("Western European (Mac)"),
    "cp1250": gettext_lazy("Central European (Windows-1250)"),
    "cp1251": gettext_lazy("Cyrillic (Windows-1251)"),
    "cp1256": gettext_lazy("Arabic (Windows-1256)"),
    "cp874": gettext_lazy("Thai (Windows-874)"),
    "gb18030": gettext_lazy("Chinese, simplified (GB 18030)"),
    "big5": gettext_lazy("Chinese, traditional (Big5)"),
    "cp932": gettext_lazy("Japanese (Shift-JIS)"),
    "cp949": gettext_lazy("Korean (Windows-949)"),
    "cp1258": gettext_lazy("Vietnamese (Windows-1258)"),
}
# Scripts that a page of code was made for, besides ASCII.
SCRIPTS = {
    "cp1252": ("LATIN",), "mac_roman": ("LATIN",), "cp1250": ("LATIN",), "cp1251": ("CYRILLIC",),
    "cp1256": ("ARABIC",), "cp874": ("THAI",), "gb18030": ("CJK",), "big5": ("CJK",),
    "cp932": ("HIRAGANA", "KATAKANA", "CJK"), "cp949": ("HANGUL",),
}  # fmt: skip
# Letters that the names of our region and of the world's delegations are full of, and that others seldom have.
WESTERN = set("àáâãäåæçèéêëìíîïñòóôõöøùúûüýÿßœšž")
CENTRAL = set("ąćęłńśźżčďěňřšťůžőűăâîșțđ")
RARE_IN_THAI = set("ฃฅฦ๎ํฯ๏๚๛")
SAMPLE = 64_000
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip


def decode(content: bytes, wanted: str | None = None) -> tuple[str, str, bool]:
    """Text, the encoding by a name in ENCODINGS, and whether it was guessed.

    `wanted` is what the reader chose; what cannot be read in it raises UnreadableFileError.
    """
    for mark, name in BOMS:
        if content.startswith(mark):
            return _strictly(content, name), "utf-16" if name != "utf-8-sig" else "utf-8", False
    if wanted in ENCODINGS:
        return content.decode(str(wanted), "replace"), str(wanted), False
    if wide := _wide(content):
        return _strictly(content, wide), "utf-16", False
    if b"\0" in content:
        raise UnreadableFileError(_not_text())
    try:
        return content.decode("utf-8"), "utf-8", False
    except UnicodeDecodeError:
        name = guess(content)
        return content.decode(name, "replace"), name, True


def _strictly(content: bytes, name: str) -> str:
    try:
        return content.decode(name)
    except UnicodeDecodeError as error:
        raise UnreadableFileError(_not_text()) from error


def _not_text() -> str:
    return _("This file is neither a spreadsheet nor text. Save it as XLSX or CSV, and send that.")


def _wide(content: bytes) -> str:
    """UTF-16 without its mark: every other byte of its commas and line ends is nought."""
    start = content[:2000]
    even, odd = start[::2].count(0), start[1::2].count(0)
    if max(even, odd) < len(start) / 8:
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"


def guess(content: bytes) -> str:
    """The encoding whose reading makes the most sense; between equals the one that charset-normalizer prefers."""
    sample = _telling(content)
    best = from_bytes(sample, cp_isolation=list(SCRIPTS)).best()
    favoured = best.encoding if best else ""
    scores = {name: _sense(sample, name) + (name == favoured) * 0.15 for name in SCRIPTS}
    return max(scores, key=lambda name: scores[name])


def _telling(content: bytes) -> bytes:
    """The lines that have anything but ASCII, up to a sample's size: the others tell nothing."""
    lines, size = [], 0
    for line in content.splitlines(keepends=True):
        if not line.isascii():
            lines.append(line)
            size += len(line)
            if size > SAMPLE:
                break
    return b"".join(lines)


def _sense(sample: bytes, name: str) -> float:
    """How much of what is not ASCII reads as words of this encoding's scripts: 1 is all of it."""
    text = sample.decode(name, "replace")
    weight = sum(_weight(c, name) for c in text if c > "\x7f") - _odd_words(text)
    return weight / max(sum(c > "\x7f" for c in text), 1)


@cache
def _weight(character: str, name: str) -> float:
    if character == "\ufffd" or unicodedata.category(character) in ("Cc", "Cn", "Co"):
        return -3
    if not unicodedata.category(character).startswith(("L", "M")):
        return 0.5 if character in "–—‘’“”«»°º№、。（）・《》\u00a0\u3000" else -0.7
    if not unicodedata.name(character, "").startswith(SCRIPTS[name]):
        return -1.5
    return _commonness(character, name)


def _commonness(character: str, name: str) -> float:
    """Letters that words are full of weigh more than those a wrong reading brings up."""
    small = character.lower()
    if name in ("cp1252", "mac_roman"):
        return 0.95 if small in WESTERN else -0.2
    if name == "cp1250":
        return 0.9 if small in CENTRAL else 0.5 if small in WESTERN else 0
    if name == "gb18030":
        return 1 if _fits(character, "gb2312") else -0.5
    if name == "cp932":
        return -0.8 if "\uff61" <= character <= "\uff9f" else 1.05 if "\u3040" <= character < "\u3100" else 0.85
    if name == "big5":
        return 0.7
    if name == "cp1251":
        return 1 if small in "абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґ" else 0
    if name == "cp874":
        return -0.5 if character in RARE_IN_THAI else 1.1
    return 1 if name != "cp949" or _fits(character, "euc_kr") else 0


def _fits(character: str, name: str) -> bool:
    try:
        character.encode(name)
    except UnicodeEncodeError:
        return False
    return True


def _odd_words(text: str) -> float:
    """Words of two scripts, and capitals after small letters: the marks of a wrong reading."""
    return sum(_oddness(word) for word in text.split() if not word.isascii())


def _oddness(word: str) -> float:
    odd = 0.0
    for one, two in pairwise(word):
        if one.isascii() != two.isascii() and _is_letter(one) and _is_letter(two):
            odd += 0 if _is_latin(two if one.isascii() else one) else 1
        if one.islower() and two.isupper() and not two.isascii():
            odd += 1
    return odd + _odd_in_thai(word)


def _odd_in_thai(word: str) -> float:
    """A vowel written before its consonant that has none, and long words of nothing but consonants."""
    thai = [c for c in word if "\u0e01" <= c <= "\u0e5b"]
    consonants = sum(c <= "\u0e2e" for c in thai)
    odd = 0.3 * consonants if len(thai) >= 4 and consonants == len(thai) else 0.0
    for one, two in zip(word, [*word[1:], " "], strict=True):
        odd += "\u0e40" <= one <= "\u0e44" and not "\u0e01" <= two <= "\u0e2e"
    return odd


@cache
def _is_letter(character: str) -> bool:
    return unicodedata.category(character)[0] in "LM"


@cache
def _is_latin(character: str) -> bool:
    return unicodedata.name(character, "").startswith("LATIN")
