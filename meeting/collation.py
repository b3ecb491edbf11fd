"""Order and folding of names: what PostgreSQL without ICU cannot do, done with ICU here and stored."""

import re
import unicodedata
from functools import cache

import icu

# Enough of a key to order any name; longer names that agree so far keep their input order.
KEY_LENGTH = 400
# Taaleo finds Taʻaleo, and whoever has no such key on the keyboard finds both.
APOSTROPHES = "'’‘ʻʼʾʿ`´′"


@cache
def _collator(language: str) -> icu.Collator:
    collator = icu.Collator.createInstance(icu.Locale(language.replace("zh-hans", "zh-Hans")))
    collator.setStrength(icu.Collator.SECONDARY)
    return collator


_APART = re.compile(f"[{APOSTROPHES}]")


@cache
def _to_latin() -> icu.Transliterator:
    return icu.Transliterator.createInstance("Any-Latin; Latin-ASCII")


def sort_key(text: str, language: str = "en") -> str:
    """ICU collation key of `text` in `language`, as hex, so that plain text order in the database is right."""
    return _collator(language).getSortKey(text).hex()[:KEY_LENGTH]


def fold(text: str) -> str:
    """`text` without accents, case, width and punctuation, words separated by one space; scripts are kept."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(_folded(c) for c in decomposed).split())


def _folded(character: str) -> str:
    category = unicodedata.category(character)
    if character in APOSTROPHES or (unicodedata.combining(character) and category != "Mc"):
        return ""
    return " " if category[0] == "P" else character


def latin(text: str) -> str:
    """`text` in Latin letters, folded: 阿部 and Abe meet somewhere; never shown, only searched."""
    return fold(_to_latin().transliterate(text))


def search_key(*texts: str) -> str:
    """One line to search in: every text folded, once more in Latin letters, and with apostrophes as spaces."""
    given = [t for t in texts if t]
    apart = [_APART.sub(" ", t) for t in given]  # Côte d Ivoire
    words = [fold(t) for t in (*given, *apart)] + [latin(t) for t in given]
    return " ".join(dict.fromkeys(words))
