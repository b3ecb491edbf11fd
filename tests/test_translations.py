"""The catalogues of the interface: the same texts in every language, and nothing lost or added inside them."""

import gettext
import re
from pathlib import Path

import pytest

LOCALE = Path(__file__).resolve().parent.parent / "locale"
LANGUAGES = ("ar", "es", "fr", "ru", "zh_Hans")
NUMBERS = {"%(n)s", "%(n)d", "%d"}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w+\}|</?\w+")


def catalogue(language: str) -> dict[str, list[str]]:
    """Each text with its translations: one, or one for each plural form."""
    with (LOCALE / language / "LC_MESSAGES" / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)._catalog
    found: dict[str, list[str]] = {}
    for key, text in compiled.items():
        found.setdefault(key[0] if isinstance(key, tuple) else key, []).append(text)
    found.pop("", None)
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_texts(language):
    assert set(catalogue(language)) == set(catalogue("fr"))
    assert all(all(texts) for texts in catalogue(language).values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_filled_in_later_is_in_the_translation_too(language):
    wrong = {
        text: translations
        for text, translations in catalogue(language).items()
        # The form of a plural for one or two may do without its number.
        if set(PLACEHOLDER.findall(text)) - NUMBERS != set(PLACEHOLDER.findall(translations[-1])) - NUMBERS
        or any(set(PLACEHOLDER.findall(t)) - set(PLACEHOLDER.findall(text)) - NUMBERS for t in translations)
    }
    assert wrong == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_compiled_is_what_is_written(language):
    written = (LOCALE / language / "LC_MESSAGES" / "django.po").read_text()
    assert "#, fuzzy" not in written
    first = [t[0] for t in catalogue(language).values() if len(t) == 1 and "\n" not in t[0] and '"' not in t[0]]
    missing = [text for text in first if f'"{text}"'.replace("\\", "\\\\") not in written]
    assert missing == []
