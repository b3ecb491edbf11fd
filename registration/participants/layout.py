"""What the documents of a list have in common beside the tree they are drawn from."""

from __future__ import annotations

import unicodedata
from itertools import groupby
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from .tree import Person, Section, Tree

BETWEEN = {"zh-hans": "，", "ar": "، "}
# After a separator: the parts of a line stand from right to left, though each of them may be Latin.
RTL_MARK = "\u200f"
LTR_MARK = "\u200e"


def is_rtl(tree: Tree) -> bool:
    return tree.language in settings.LANGUAGES_BIDI


def has_italics(tree: Tree) -> bool:
    """Whether the script of the language knows them."""
    return tree.language not in ("ar", "zh-hans")


def line(person: Person, tree: Tree) -> str:
    """All of it, its parts in the direction of the page."""
    between = BETWEEN.get(tree.language, ", ")
    return person.line.replace(between, f"{between.rstrip()}{RTL_MARK} ") if is_rtl(tree) else person.line


def ways(person: Person, tree: Tree) -> list[str]:
    """Email and telephone where they are shared; both are written from left to right everywhere."""
    shared = [way for way in (person.email, person.phone) if way]
    return [f"{LTR_MARK}{way}{LTR_MARK}" for way in shared] if is_rtl(tree) else shared


def function(person: Person, tree: Tree) -> str:
    """What somebody does and where, without the name."""
    parts = (person.title, person.department, person.organisation)
    told = BETWEEN.get(tree.language, ", ").join(dict.fromkeys(part for part in parts if part))
    return f"{told} {person.mark}".strip()


def table_headings(tree: Tree) -> list[str]:
    """Of a flat list."""
    with override(tree.language):
        return [_("Name"), _("Functional title"), _("Represents")]


def sections(tree: Tree) -> list[dict[str, Any]]:
    """What is drawn of each, ready to be drawn."""
    return [_section(section, tree) for section in tree.sections]


def _section(section: Section, tree: Tree) -> dict[str, Any]:
    entities = [
        {
            "name": entity.name,
            "heading": entity.heading,
            "roles": [
                {"heading": role.heading, "people": [_person(p, tree) for p in role.people]} for role in entity.roles
            ],
        }
        for entity in section.entities
    ]
    return {"heading": section.heading, "text": section.text, "entities": entities}


def _person(person: Person, tree: Tree) -> dict[str, Any]:
    return {
        "line": line(person, tree),
        "ways": ways(person, tree),
        "name": person.printed_name,
        "function": function(person, tree),
    }


def pieces(words: str) -> list[str]:
    """A text of a page from right to left, cut where its direction changes.

    What has no direction of its own belongs to what is written from left to right only where it stands inside of it.
    """
    strong = [_direction(character) for character in words]
    after: list[str] = []
    for direction in reversed(strong):
        after.append(direction or (after[-1] if after else ""))
    before, directions = "", []
    for direction, following in zip(strong, reversed(after), strict=True):
        before = direction or before
        directions.append(direction or ("L" if before == following == "L" else "R"))
    together = groupby(zip(words, directions, strict=True), key=lambda pair: pair[1])
    return ["".join(character for character, _direction in piece) for _key, piece in together]


def reads_from_right(piece: str) -> bool:
    return not any(_direction(character) == "L" for character in piece)


def _direction(character: str) -> str:
    bidirectional = unicodedata.bidirectional(character)
    return "L" if bidirectional == "L" else "R" if bidirectional in ("R", "AL") else ""
