"""The code of a letter: 130 random bits in letters and digits that are not taken for one another."""

from __future__ import annotations

import re
import secrets

from django.conf import settings
from django.urls import reverse

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 26
# What people read and type instead.
TAKEN_FOR = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})


def new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def normalised(typed: str) -> str:
    """The code somebody typed, however they spaced and wrote it; empty where it cannot be one."""
    code = re.sub(r"[\W_]+", "", typed.upper()).translate(TAKEN_FOR)
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else ""


def spaced(code: str) -> str:
    """In groups that can be read aloud."""
    return " ".join(code[n : n + 4] for n in range(0, len(code), 4))


def link(code: str) -> str:
    return f"{settings.SITE_URL}{reverse('registration:verify', args=[code])}"


def address() -> str:
    """Where a code can be typed, as it is printed."""
    return f"{settings.SITE_URL}{reverse('registration:verify_any')}".partition("://")[2].rstrip("/")
