"""The words of a letter, laid out for the typesetter: paragraphs and lists of runs, plain or standing out."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from .. import texts
from ..texts.language import laid_open
from ..texts.markup import MARK, Value, parse

FIRST, POP = "\u2068", "\u2069"  # what stands between them keeps its own direction
Run = dict[str, Any]
Part = dict[str, Any]


def laid_out(words: texts.Words, values: Mapping[str, Value], *, rtl: bool) -> tuple[str, str, list[Part]]:
    """Document title, heading, parts."""
    said = {name: _said(value, rtl=rtl) for name, value in values.items()}
    shape = texts.shape_of(values)
    subject, title, source = (laid_open(text, shape) for text in (words.subject, words.title, words.body))
    return _one_line(_filled(subject, said)), _one_line(_filled(title, said)), _parts(source, said)


def isolated(text: str, *, rtl: bool) -> str:
    """`text` as it stands in a letter: where it is written the other way, it keeps its direction to itself."""
    if FIRST in text:  # its parts are taken care of
        return text
    other = ("L",) if rtl else ("R", "AL")
    goes_other_way = any(unicodedata.bidirectional(c) in other for c in text)
    return f"{FIRST}{text}{POP}" if goes_other_way else text


def _said(value: Value, *, rtl: bool) -> str:
    return isolated(value if isinstance(value, str) else ", ".join(value), rtl=rtl)


def _filled(text: str, said: Mapping[str, str]) -> str:
    return MARK.sub(lambda mark: said.get(mark["name"], ""), text)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _parts(source: str, said: Mapping[str, str]) -> list[Part]:
    """Values are filled in after the markup was read, so nothing that a delegate has written is markup."""
    parts: list[Part] = []
    depth = 0
    for token in parse(source):
        if token.type.endswith("list_open"):
            if depth == 0:
                parts.append({"kind": "numbered" if token.tag == "ol" else "list", "lines": []})
            depth += 1
        elif token.type.endswith("list_close"):
            depth -= 1
        elif token.type == "inline" and (runs := _runs(token.children or [], said)):
            if depth:
                parts[-1]["lines"].append(runs)
            else:
                parts.append({"kind": "text", "runs": runs})
    return [part for part in parts if part.get("lines") or part.get("runs")]


def _runs(children: Sequence[Any], said: Mapping[str, str]) -> list[Run]:
    runs: list[Run] = []
    strong = slanted = 0
    for token in children:
        strong += token.nesting if token.tag == "strong" else 0
        slanted += token.nesting if token.tag == "em" else 0
        text = "\n" if token.type in ("softbreak", "hardbreak") else _filled(token.content, said)
        if text:
            runs.append({"text": text, "strong": strong > 0, "slanted": slanted > 0})
    return runs if any(run["text"].strip() for run in runs) else []
