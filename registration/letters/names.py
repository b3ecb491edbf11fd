"""The names on a letter, as people type or paste them: a line for each, told apart from what stands beside a name."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from meeting.collation import fold

from ..names import can_be_read, tidy
from .words import address_of, without_address

MOST_NAMES = 500
LONGEST = 200

_BULLET = re.compile(
    r"^\s*(?:[-–—•*·▪◦‣●○➢✓]+\s*|\(?\d{1,3}\s*[.):、．]\s*|\(?(?:[ivx]{1,5}|[a-z])\)\s*|\d{1,3}\s+(?=\D))"
)
_DASH = re.compile(r"\s+[-–—]+\s+|\s*[–—]\s+")
_COMMA = re.compile(r"\s*[,，،、]\s*")
_LINES = re.compile(r"[\r\n\v\f\u2028\u2029]+|[;；؛]")
# Words of functions: what follows a name when a comma alone does not tell.
_FUNCTION_WORDS = """
    head chief deputy director minister vice secretary officer adviser advisor assistant ambassador counsellor counselor
    representative alternate observer delegate delegation interpreter attache consul manager president chair chairman
    chairperson commissioner coordinator general senior permanent under state ministry department of for and member
    judge professor expert specialist analyst executive programme program founder spokesperson translator
    jefe jefa ministro ministra embajador embajadora asesor asesora directora chef ministre ambassadeur
    conseiller conseillere directeur directrice secretaire глава министр посол советник директор заместитель
    начальник секретарь 团长 部长 司长 处长 顾问 主任 رئيس وزير سفير مدير مستشار
"""
_FUNCTIONS = frozenset(_FUNCTION_WORDS.split())
_HEADINGS = frozenset(
    ["name", "names", "full name", "name and title", "name of participant", "participant", "participants", "delegates"]
) | frozenset(["no", "s n", "nom", "noms", "nom et prenom", "nombre", "nombres", "имя", "фио", "姓名", "الاسم"])


@dataclass(frozen=True)
class NameOnLetter:
    """One line: the name with its form of address, as written, and what stands beside it."""

    name: str
    remark: str = ""


def parse(text: str) -> list[NameOnLetter]:
    """Every name in `text`, in its order. ValidationError where there is none, or more than one letter may hold."""
    lines = [_one(line) for line in _LINES.split(text)]
    found = [line for line in lines if line]
    if not found:
        raise ValidationError(_("Write the names as they stand on the letter, one on each line."))
    if len(found) > MOST_NAMES:
        raise ValidationError(
            _("There are %(number)d names here. One letter can have at most %(most)d: split the list in two letters.")
            % {"number": len(found), "most": MOST_NAMES}
        )
    if long := [line.name for line in found if len(line.name) > LONGEST]:
        raise ValidationError(
            ngettext(
                "One name is longer than %(most)d characters: “%(start)s…”. Put each name on a line of its own.",
                "%(n)d names are longer than %(most)d characters, the first: “%(start)s…”."
                " Put each name on a line of its own.",
                len(long),
            )
            % {"n": len(long), "most": LONGEST, "start": long[0][:40]}
        )
    return found


def as_text(names: list[NameOnLetter]) -> str:
    """What `parse` reads back into the same names: after a comma, or a tab where a comma would not tell."""
    return "\n".join(_as_line(name) for name in names)


def _as_line(name: NameOnLetter) -> str:
    written = f"{name.name}, {name.remark}" if name.remark else name.name
    return written if _one(written) == name else f"{name.name}\t{name.remark}"


def _one(line: str) -> NameOnLetter | None:
    cells = [tidy(cell) for cell in line.split("\t")]
    name, *remarks = _from_cells(cells) if len(cells) > 1 else _split(_without_bullet(cells[0]))
    if not _is_name(name):
        return None
    return NameOnLetter(name, ", ".join(r for r in remarks if r)[:LONGEST])


def _is_name(text: str) -> bool:
    """Not a number, not an empty bullet, not the heading of a table or of a group."""
    return can_be_read(text) and not text.endswith(":") and fold(text) not in _HEADINGS and not text.isnumeric()


def _from_cells(cells: list[str]) -> list[str]:
    """A row of a table: numbers first are left out, and a cell with only a form of address goes with the next."""
    cells = [_without_bullet(c) for c in cells if c and not re.fullmatch(r"[\d.()\s]+", c)]
    if len(cells) > 1 and _is_only_address(cells[0]):
        cells[:2] = [f"{cells[0]} {cells[1]}"]
    return cells or [""]


def _is_only_address(text: str) -> bool:
    return address_of(f"{text} x") == text


def _without_bullet(text: str) -> str:
    return _BULLET.sub("", text, count=1).strip()


def _split(line: str) -> list[str]:
    """Name and remark. A remark begins after a dash, in brackets, or after a comma that is not part of the name."""
    if ":" in line and (found := _function_first(line)):
        return found
    head, *after = _DASH.split(line, maxsplit=1)
    if "(" in head:
        head, bracket = head.split("(", 1)
        after = [bracket.rstrip(" )"), *after]
    parts = _COMMA.split(head.strip())
    taken = 2 if _family_first(parts) else 1
    return [_head(head.strip(), parts, taken), ", ".join(parts[taken:]), *(a.strip() for a in after)]


def _function_first(line: str) -> list[str] | None:
    """Head of delegation: Ms. Nguyen Thi Hoai An."""
    function, name = (part.strip() for part in line.split(":", 1))
    return [*_split(name)[:1], function, *_split(name)[1:]] if name and _is_function(function) else None


def _head(head: str, parts: list[str], taken: int) -> str:
    """The name as it was written, with its own comma where it has one."""
    if taken == 1:
        return parts[0]
    return head if len(parts) == 2 else head[: head.index(parts[1], len(parts[0])) + len(parts[1])]


def _family_first(parts: list[str]) -> bool:
    """NGUYEN, Thi Hoai An: the comma is part of the name."""
    if len(parts) < 2 or not parts[1] or _is_function(parts[1]):
        return False
    family, given = without_address(parts[0]).split(), parts[1].split()
    capitals = parts[1] != parts[1].upper() and " ".join(family).isupper()
    return len(given) <= 4 and (len(family) == 1 or (capitals and len(family) <= 4))


def _is_function(text: str) -> bool:
    return any(w in _FUNCTIONS for w in fold(text).split()) or any(w in text for w in _FUNCTIONS if _is_han(w))


def _is_han(word: str) -> bool:
    return "\u4e00" <= word[0] <= "\u9fff"  # written without spaces, so it is looked for inside
