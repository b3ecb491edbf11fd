"""Text that only the product itself can read: encrypted in the database with keys of its own."""

from __future__ import annotations

from functools import cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models


class CannotUnseal(Exception):
    """The keys that sealed this text are not among SEAL_KEYS: it can be read again when they come back."""


@cache
def _fernet(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def seal(text: str) -> str:
    """`text` encrypted with the first of SEAL_KEYS; nothing stays nothing."""
    return _fernet(tuple(settings.SEAL_KEYS)).encrypt(text.encode()).decode() if text else ""


def unseal(token: str) -> str:
    try:
        return _fernet(tuple(settings.SEAL_KEYS)).decrypt(token.encode()).decode() if token else ""
    except InvalidToken as error:
        raise CannotUnseal("Sealed with a key that is not among SEAL_KEYS.") from error


def seal_bytes(content: bytes) -> bytes:
    """The content of a file, encrypted in the same way."""
    return _fernet(tuple(settings.SEAL_KEYS)).encrypt(content)


def unseal_bytes(sealed: bytes) -> bytes:
    try:
        return _fernet(tuple(settings.SEAL_KEYS)).decrypt(sealed)
    except InvalidToken as error:
        raise CannotUnseal("Sealed with a key that is not among SEAL_KEYS.") from error


class SealedTextField(models.TextField):  # type: ignore[type-arg]
    """Kept encrypted; cannot be searched or sorted by, on purpose."""

    def get_prep_value(self, value: Any) -> Any:
        return value if value is None else seal(str(value))

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return value if value is None else unseal(value)

    def get_lookup(self, lookup_name: str) -> Any:
        # Every sealing of the same text is another one: a comparison would never find anything.
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None
