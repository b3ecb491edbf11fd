"""How each body prints its list of participants: one TOML file for each, beside this one. See README.md here."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from ..profile import Profile, ProfileError, read

HERE = Path(__file__).parent
GENERAL = "un"  # for whoever has no profile of their own


def names() -> list[str]:
    """Those that ship with the product, in alphabetical order."""
    return sorted(path.stem for path in HERE.glob("*.toml"))


@lru_cache(maxsize=32)
def load(name: str) -> Profile:
    """The profile of this name. ProfileError names those that exist, or what is wrong in the file."""
    if name not in names():
        raise ProfileError(
            file=f"{name}.toml", problem=f"There is no profile “{name}”. There are: {', '.join(names())}."
        )
    return read(HERE / f"{name}.toml")


def for_style(name_profile: str) -> str:
    """The profile of a meeting that has chosen none: that of its style of names, or the general one."""
    return name_profile.lower() if name_profile.lower() in names() else GENERAL
