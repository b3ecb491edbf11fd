"""What a person typed as a name: kept to the letter, freed only of what nobody can see."""

import unicodedata

# Joiners that scripts need. What else nobody sees goes: an override of direction makes a name read as another one.
JOINERS = "\u200c\u200d"


def tidy(text: str) -> str:
    """`text` in NFC, spaces single, control characters gone; order, capitals and accents untouched."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())  # most texts: a file of thousands of rows feels the difference
    visible = "".join(c for c in text if c in JOINERS or c.isspace() or unicodedata.category(c) not in ("Cc", "Cf"))
    return " ".join(unicodedata.normalize("NFC", visible).split())


def can_be_read(text: str) -> bool:
    """Whether there is at least one letter or sign in it that shows."""
    return any(unicodedata.category(c)[0] in "LNS" for c in text)
