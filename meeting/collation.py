"""Order and folding of names: what PostgreSQL without ICU cannot do, done with ICU here and stored."""

import unicodedata
from functools import cache

import icu

# Enough of a key to order any name; longer names that agree so far keep their input order.
KEY_LENGTH = 400


@cache
def _collator(language: str) -> icu.Collator:
    collator = icu.Collator.createInstance(icu.Locale(language.replace("zh-hans", "zh-Hans")))
    collator.setStrength(icu.Collator.SECONDARY)
    return collator


@cache
def _to_latin() -> icu.Transliterator:
    return icu.Transliterator.createInstance("Any-Latin; Latin-ASCII")


def sort_key(text: str, language: str = "en") -> str:
    """ICU collation key of `text` in `language`, as hex, so that plain text order in the database is right."""
    return _collator(language).getSortKey(text).hex()[:KEY_LENGTH]


def fold(text: str) -> str:
    """`text` without accents, case and width, words separated by one space; scripts are kept."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(c for c in decomposed if not unicodedata.combining(c) or unicodedata.category(c) == "Mc")
    return " ".join(bare.replace("’", "'").replace("ʻ", "'").split())


def latin(text: str) -> str:
    """`text` in Latin letters, folded: 阿部 and Abe meet somewhere; never shown, only searched."""
    return fold(_to_latin().transliterate(text))


def search_key(*texts: str) -> str:
    """One line to search in: every text folded, and once more in Latin letters where that differs."""
    words = [fold(t) for t in texts if t]
    words += [w for w in (latin(t) for t in texts if t) if w not in words]
    return " ".join(words)
