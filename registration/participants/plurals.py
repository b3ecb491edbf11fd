"""Which form of a word or sentence goes with a number, and small numbers in words, as ICU knows them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import icu

from meeting.dates import LOCALES


def _locale(language: str) -> icu.Locale:
    return icu.Locale(LOCALES.get(language, language))


@cache
def _rules(language: str) -> icu.PluralRules:
    return icu.PluralRules.forLocale(_locale(language))


def form_of(number: int, language: str) -> str:
    """one, two, few, many or other: the plural that goes with `number`."""
    return str(_rules(language).select(number))


def forms_of(language: str) -> list[str]:
    return [str(form) for form in _rules(language).getKeywords()]


def with_number(forms: Mapping[str, str], number: int, language: str) -> str:
    """The form for a text in which the number stands: that of just this number, else that of its plural."""
    return forms.get(str(number)) or forms.get(form_of(number, language)) or forms["other"]


def heading(forms: Mapping[str, str], number: int) -> str:
    """The form for a heading above so many people, in which no number stands.

    Not the plural that goes with a number: twenty-one советников stand under советники, though one says 21 советник.
    """
    return forms.get(str(number)) or forms["other"]


@cache
def _speller(language: str) -> icu.RuleBasedNumberFormat:
    return icu.RuleBasedNumberFormat(icu.URBNFRuleSetTag.SPELLOUT, _locale(language))


@cache
def _digits(language: str) -> icu.NumberFormat:
    return icu.NumberFormat.createInstance(_locale(language))


def in_words(number: int, language: str) -> str:
    """Fifteen, with a capital as at the beginning of a sentence."""
    word = str(_speller(language).format(number))
    return capitals(word[:1], language) + word[1:]


def in_digits(number: int, language: str) -> str:
    return str(_digits(language).format(number))


def capitals(text: str, language: str) -> str:
    """`text` in capitals as the language writes them."""
    return str(icu.UnicodeString(text).toUpper(_locale(language)))
