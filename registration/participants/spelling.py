"""What looks wrong in how a person's name or title is written. Names belong to their bearers: this only points."""

from __future__ import annotations

import re
import unicodedata

from meeting.collation import fold

from ..names import JOINERS

# Words that stand in lower case inside names, in the languages that write them so.
_PARTICLES = """a aal ab abu af ait al ap at au av bar bat ben bet bin bint binte binti da dal dalla das de degli dei
    del dela della dem den der des di do dos du e ed el en et gen het i ibn la las le les lo los mac mc na ni of op pour
    s sri t te ten ter the tho til to tot u ud ul und ur van vel vom von vu wa y zu zum zur"""
PARTICLES = frozenset(_PARTICLES.split())
NOTHING = frozenset({"", "n a", "na", "nil", "none", "no", "tba", "tbc", "tbd", "test", "unknown", "x", "xx", "xxx"})
ROMAN = re.compile(r"[IVX]+")
_WORDS = re.compile(r"[^\W\d_]+(?:['’ʻʼ‐-][^\W\d_]+)*")
_UMLAUT = re.compile(r"(?<=[aou])e")
LINE = 48  # characters of one column of the list, roughly
MOST_LINES = 3


def shouted(name: str, family: str, given: str) -> list[str]:
    """Words in capitals that nobody marked as the family name.

    Capitals mark it where the delegate typed the name so and has other names beside it; a single name may be all in
    capitals as well.
    """
    marked = set(fold(family).split())
    words = [word for word in _words(name) if len(word) > 1]
    loud = [word for word in words if _is_upper(word)]
    quiet = len(words) > len(loud)
    if not quiet and not (given.strip() and family.strip()):
        return loud if len(loud) > 1 or not family.strip() else []
    strange = [word for word in loud if not set(fold(word).split()) <= marked and not ROMAN.fullmatch(word)]
    return [word for word in strange if len(word) > 2] if quiet else strange


def whispered(name: str) -> list[str]:
    """Words all in small letters that are no particle."""
    return [word for word in _words(name) if len(word) > 1 and word.islower() and fold(word) not in PARTICLES]


def _words(name: str) -> list[str]:
    """Words of scripts whose names begin with a capital; the others have nothing to get wrong here."""
    return [word for word in _WORDS.findall(unicodedata.normalize("NFC", name)) if word[0].title() != word[0].lower()]


def _is_upper(word: str) -> bool:
    return word.isupper() and not word.istitle()


def says_nothing(text: str) -> bool:
    """Whether a required field was filled with something only to get past it."""
    return fold(text) in NOTHING


def differs(printed: str, passport: str) -> bool:
    """Whether two spellings differ in more than order, accents, capitals, spaces and hyphens.

    Between two scripts nothing is said: a passport has Latin letters for a name that is printed in its own.
    """
    if not passport.strip() or _script(printed) != _script(passport):
        return False
    return not any(_is_one_name(how(printed).split(), how(passport).split()) for how in (fold, _without_umlauts))


def _is_one_name(printed: list[str], passport: list[str]) -> bool:
    """The same words, or the same letters where words are joined: Al-Hassan, Al Hassan and Alhassan are one."""
    if sorted(printed) == sorted(passport):
        return True
    turned = ("".join(passport[n:] + passport[:n]) for n in range(len(passport)))
    return "".join(printed) in turned


def _without_umlauts(text: str) -> str:
    """A passport has Mueller where Müller is printed."""
    return _UMLAUT.sub("", fold(text))


def _script(text: str) -> str:
    """The first word of the Unicode name of its letters; of several the first."""
    letters = (c for c in text if unicodedata.category(c)[0] == "L")
    return unicodedata.name(next(letters, "?"), "?").split()[0]


def unseen(text: str) -> list[str]:
    """The characters that nobody sees, each as its name and number; joiners belong to their scripts."""
    found = [c for c in dict.fromkeys(text) if c not in JOINERS and _is_unseen(c)]
    return [f"{unicodedata.name(c, 'control character').lower()} (U+{ord(c):04X})" for c in found]


def _is_unseen(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cf", "Co", "Cn", "Zl", "Zp") or character == "\ufffd"


def lines_of(text: str) -> int:
    """How many lines of a column it takes; signs of East Asia are twice as wide."""
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in text)
    return -(-(len(text) + wide) // LINE)
