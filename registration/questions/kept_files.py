"""A good file in a form with errors elsewhere: kept for a day, so that nobody has to choose it twice."""

from __future__ import annotations

import datetime
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from django.core import signing
from django.core.files.storage import default_storage
from django.utils import timezone

from ..letters.files import AcceptedFile

FOLDER = "answers/waiting"
KEPT_FOR = 24 * 3600
SALT = "registration.answer"


@dataclass(frozen=True)
class KeptFile:
    """A file that was accepted and waits for its form."""

    path: str
    original_name: str
    media_type: str

    def take(self) -> AcceptedFile:
        """The file itself; what waited is forgotten by the sweep."""
        with default_storage.open(self.path) as file:
            return AcceptedFile(file.read(), self.media_type, self.original_name)


def keep(accepted: AcceptedFile, question_id: int) -> tuple[KeptFile, str]:
    """The kept file, and the receipt by which its form finds it again."""
    path = default_storage.save(f"{FOLDER}/{secrets.token_hex(16)}", accepted.as_file())
    kept = KeptFile(path, accepted.original_name, accepted.media_type)
    return kept, signing.dumps([question_id, path, kept.original_name, kept.media_type], salt=SALT)


def find(receipt: str, question_id: int) -> KeptFile | None:
    """The file of a receipt that is genuine, fresh and for this question."""
    about, found = _read(receipt)
    return found if found and about == question_id and default_storage.exists(found.path) else None


def _read(receipt: str) -> tuple[int, KeptFile | None]:
    try:
        about, *kept = signing.loads(receipt, salt=SALT, max_age=KEPT_FOR)
    except signing.BadSignature:
        return 0, None
    return about, KeptFile(*kept)


def forget(posted: Mapping[str, str]) -> None:
    """Delete at once what the receipts in this form stand for: whoever sent it may not register here."""
    for name, receipt in posted.items():
        kept = _read(receipt)[1] if name.startswith("q_") and name.endswith("_receipt") else None
        if kept:
            default_storage.delete(kept.path)


def sweep() -> int:
    """Delete files whose receipt is worth nothing any more; how many."""
    before = timezone.now() - datetime.timedelta(seconds=KEPT_FOR)
    paths = [f"{FOLDER}/{name}" for name in _waiting()]
    old = [path for path in paths if default_storage.get_modified_time(path) < before]
    for path in old:
        default_storage.delete(path)
    return len(old)


def _waiting() -> list[str]:
    try:
        return default_storage.listdir(FOLDER)[1]
    except FileNotFoundError:
        return []
