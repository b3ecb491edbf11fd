"""What became of one version of a text in the next, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from difflib import SequenceMatcher
from typing import Literal

from .language import Words

WORD = re.compile(r"\s+|[^\s]+")
How = Literal["same", "new", "gone"]


@dataclass(frozen=True)
class Piece:
    how: How
    text: str


def differences(was: Words, now: Words) -> dict[str, list[Piece]]:
    """Of the fields that differ, all pieces in the order of reading."""
    before, after = asdict(was), asdict(now)
    return {name: list(_pieces(before[name], after[name])) for name in after if before[name] != after[name]}


def _pieces(was: str, now: str) -> Iterator[Piece]:
    """Line by line first: a long text in which little has changed is compared where it has."""
    before, after = was.splitlines(keepends=True), now.splitlines(keepends=True)
    for how, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if how == "replace":
            yield from _words("".join(before[a:b]), "".join(after[c:d]))
        else:
            yield from _plain(how, "".join(before[a:b]), "".join(after[c:d]))


def _words(was: str, now: str) -> Iterator[Piece]:
    before, after = WORD.findall(was), WORD.findall(now)
    for how, a, b, c, d in SequenceMatcher(None, before, after).get_opcodes():
        yield from _plain(how, "".join(before[a:b]), "".join(after[c:d]))


def _plain(how: str, was: str, now: str) -> Iterator[Piece]:
    if how == "equal":
        yield Piece("same", now)
        return
    if was:
        yield Piece("gone", was)
    if now:
        yield Piece("new", now)
