"""Whether words are the same but for a slip of the pen. Pure."""

from __future__ import annotations

from collections.abc import Iterable


def is_near(typed: Iterable[str], written: Iterable[str]) -> bool:
    """Each typed word is one of the written ones, but for the slips that its length allows."""
    known = set(written)
    return all(_is_one_of(word, known) for word in typed)


def _is_one_of(word: str, known: set[str]) -> bool:
    most = slips_allowed(word)
    return word in known or (most > 0 and any(_within(word, other, most) for other in known))


def slips_allowed(word: str) -> int:
    """None in a short word, where any slip makes another word."""
    if len(word) < 4:
        return 0
    return 1 if len(word) < 6 else 2


def one_slip_away(word: str) -> list[str]:
    """What LIKE has to look for to find `word` with one letter wrong, or two changed over."""
    cuts = [(word[:n], word[n:]) for n in range(len(word))]
    wrong = [f"{a}_{b[1:]}" for a, b in cuts]
    changed_over = [a[:-1] + b[0] + a[-1] + b[1:] for a, b in cuts if a]
    return list(dict.fromkeys([*wrong, *changed_over]))


def _within(one: str, other: str, most: int) -> bool:
    return abs(len(one) - len(other)) <= most and slips(one, other, most) <= most


def slips(one: str, other: str, most: int) -> int:
    """Letters wrong, missing, too many, or changed over with the next; more than `most` are not counted to the end."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for n, letter in enumerate(one, start=1):
        following = [n]
        for m, beside in enumerate(other, start=1):
            cost = min(row[m] + 1, following[m - 1] + 1, row[m - 1] + (letter != beside))
            if n > 1 and m > 1 and letter == other[m - 2] and one[n - 2] == beside:
                cost = min(cost, before[m - 2] + 1)
            following.append(cost)
        if min(following) > most:
            return most + 1
        before, row = row, following
    return row[-1]
