"""Files of exports that nobody knows any more, such as those of a meeting that was deleted, or of a full disk."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from django.core.files.storage import default_storage
from django.utils import timezone

FOLDER = "exports"
LONGEST = datetime.timedelta(days=8)  # a day more than any file is kept


def sweep() -> int:
    """Delete what is older than anything that is still needed; how many. May run any time."""
    before = timezone.now() - LONGEST
    old = [path for path in _files() if default_storage.get_modified_time(path) < before]
    for path in old:
        default_storage.delete(path)
    return len(old)


def _files() -> Iterator[str]:
    for folder in _listed(FOLDER)[0]:
        yield from (f"{FOLDER}/{folder}/{name}" for name in _listed(f"{FOLDER}/{folder}")[1])


def _listed(folder: str) -> tuple[list[str], list[str]]:
    try:
        return default_storage.listdir(folder)
    except FileNotFoundError:
        return [], []
