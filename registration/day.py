"""A day as people write it in a spreadsheet: in figures or with the name of a month, in six languages."""

from __future__ import annotations

import datetime
import re

from . import words

ISO = re.compile(r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ][\d:.]+(?:Z|[+-][\d:]+)?)?$")
FIGURES = re.compile(r"^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})(?: [\d:]+)?$")
CHINESE = re.compile(r"^(\d{4}) ?年 ?(\d{1,2}) ?月 ?(\d{1,2}) ?日$")
# Around the name of a month: 31 mayo de 1980, 31st of May 1980, 1er mai 1980.
FILLERS = {"de", "del", "of", "the", "st", "nd", "rd", "th", "er", "г", "года", "a", "le", "el"}


def read(text: str) -> tuple[datetime.date | None, bool]:
    """The day, and whether it can be read in one way only; None when it is no day.

    Figures alone are day first, as the United Nations writes them, unless only the other order makes a day.
    """
    for pattern in (ISO, CHINESE):
        if found := pattern.match(text):
            year, month, date = map(int, found.groups()[:3])
            return _date(year, month, date), True
    if found := FIGURES.match(text):
        first, second, year = map(int, found.groups())
        if day_first := _date(year, second, first):
            return day_first, first > 12 or first == second
        return _date(year, first, second), False
    return _with_name(text), True


def _with_name(text: str) -> datetime.date | None:
    pieces = re.findall(r"\d+|[^\W\d_]+", words.fold(text))
    numbers = [int(piece) for piece in pieces if piece.isdigit()]
    name = " ".join(piece for piece in pieces if not piece.isdigit() and piece not in FILLERS)
    month = words.months().get(name)
    if month is None or len(numbers) != 2:
        return None
    small, year = sorted(numbers)
    return _date(year, month, small) if year >= 1000 else None


def _date(year: int, month: int, date: int) -> datetime.date | None:
    try:
        return datetime.date(year, month, date)
    except ValueError:
        return None
