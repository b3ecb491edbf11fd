"""A name as words that can be compared: forms of address away, folded, and once more in Latin letters."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from meeting.collation import fold, latin

# What stands before a name and is not part of it, in the languages letters come in. Only ever left out of a
# comparison: what people read keeps every word. "He" alone is a Chinese family name, so it needs its points.
_ADDRESS = (
    r"h\.\s?e\.?|he(?=\s+(?:mr|ms|mrs|dr|amb))|s\.\s?e\.?|mr|mrs|ms|miss|mx|dr|drs|prof|professor|hon|honou?rable"
    r"|the|rt|sir|dame|lady|amb|ambassador|madam|madame|mme|mlle|monsieur|m(?=\.)|sr|sra|srta|señor|señora|don|doña"
    r"|ing|lic|eng|his excellency|her excellency|son excellence|su excelencia|excmo|excma|dato|datuk|tun|tan sri"
    r"|pehin|dasho|haji|hajah|ông|bà|г-н|г-жа|господин|госпожа|его превосходительство|ее превосходительство"
    r"|السيد|السيدة|معالي|سعادة|الدكتور|الدكتورة|د"
)
# Thai, Lao and Khmer leave no space behind it.
_ATTACHED = r"ฯพณฯ|นางสาว|นาย|นาง|ดร\.|ທ່ານ|ນາງ|ຯພະນະທ່ານ|ឯកឧត្តម|លោកស្រី|លោក"
_ADDRESSES = re.compile(rf"^\s*(?:(?:(?:{_ADDRESS})(?:\.|(?=[\s,])|/)|{_ATTACHED})\s*)+(?=\S)", re.IGNORECASE)
# These stand after the name in Chinese, Japanese and Korean.
_AFTER = re.compile(r"\s*(?:先生|女士|小姐|阁下|閣下|博士|教授|様|さん|씨|님)\s*$")
_LIKE_SOUNDS = {"p": "bpfv", "k": "ckgqxhj", "t": "dt", "s": "sz", "l": "lr", "": "aeiouyw"}
_SOUND = str.maketrans({letter: sound for sound, letters in _LIKE_SOUNDS.items() for letter in letters})
_TWICE = re.compile(r"(.)\1+")


@dataclass(frozen=True)
class Words:
    """One way of writing a name. `key` is equal for the same words in any order and with any accents."""

    key: str
    words: tuple[str, ...]
    is_latin: bool

    @property
    def joined(self) -> str:
        return "".join(self.words)

    @property
    def sounds(self) -> tuple[str, ...]:
        """The words without vowels, like sounds alike: what survives the way from one script into another."""
        sounds = (_TWICE.sub(r"\1", w.translate(_SOUND)) for w in self.words)
        return tuple(s for s in sounds if s)


def without_address(name: str) -> str:
    """`name` without forms of address; all of it, where nothing else would be left."""
    return _AFTER.sub("", _ADDRESSES.sub("", name)).strip(" ,") or name


def address_of(name: str) -> str:
    """The forms of address before a name, as they were written."""
    found = _ADDRESSES.match(name)
    return found.group().strip() if found else ""


def words_of(name: str) -> Words:
    """The words of a name, for comparing."""
    bare = without_address(name)
    words = latin(bare).split() or fold(bare).split()
    return Words(" ".join(sorted(words)), tuple(words), _is_latin(bare))


def _is_latin(text: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    return all("LATIN" in unicodedata.name(c, "") for c in letters)
