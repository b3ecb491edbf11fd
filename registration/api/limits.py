"""How often one caller may ask. Counted in each process: who means well never comes near it."""

from __future__ import annotations

from django.core.cache import cache

MOST, SECONDS = 120, 60


class TooOftenError(Exception):
    """Answered with 429, and when to come back."""


def count(caller: str) -> None:
    """One more request of `caller`. TooOftenError beyond MOST in SECONDS."""
    key = f"api-{caller}"
    cache.add(key, 0, SECONDS)
    try:
        asked = cache.incr(key)
    except ValueError:  # it ran out between the two
        return
    if asked > MOST:
        raise TooOftenError
