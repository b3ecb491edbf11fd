"""What a person typed as a name: kept to the letter, freed only of what nobody can see."""

import unicodedata

# Overrides of writing direction can make a name read as another one; joiners that scripts need stay.
INVISIBLE = {0x202A, 0x202B, 0x202C, 0x202D, 0x202E, 0x2066, 0x2067, 0x2068, 0x2069, 0xFEFF, 0x00AD}


def tidy(text: str) -> str:
    """`text` in NFC, spaces single, control characters gone; order, capitals and accents untouched."""
    visible = "".join(c for c in text if ord(c) not in INVISIBLE and (c.isspace() or unicodedata.category(c) != "Cc"))
    return " ".join(unicodedata.normalize("NFC", visible).split())
