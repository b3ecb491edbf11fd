"""Where a command writes: a file that takes the old one's place when it is whole, or the standard output."""

from __future__ import annotations

import os
import stat
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from django.core.management.base import CommandError

STANDARD = "-"


@contextmanager
def opened(output: str) -> Iterator[IO[bytes]]:
    """To be written to. An error in the block leaves the old file as it was, and nothing beside it.

    CommandError where it cannot be written, before anything is.
    """
    try:
        with _standard() if output == STANDARD else _in_place_of(Path(output)) as file:
            yield file
    except BrokenPipeError:
        raise CommandError("Whoever was reading has gone before the end.") from None
    except OSError as error:
        raise CommandError(f"{output} cannot be written: {error.strerror}.") from error


def write_all(file: IO[bytes], chunks: Iterable[bytes]) -> None:
    for chunk in chunks:
        file.write(chunk)


@contextmanager
def _standard() -> Iterator[IO[bytes]]:
    yield sys.stdout.buffer
    try:
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        # What is left in the buffer must not be tried once more when the interpreter ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise


@contextmanager
def _in_place_of(asked: Path) -> Iterator[IO[bytes]]:
    """A pipe or a device has no place to take: it is written to. A link goes on leading where it leads."""
    path = asked.resolve()
    if path.is_dir():
        raise IsADirectoryError(21, os.strerror(21))
    if path.exists() and not path.is_file():
        with path.open("wb") as file:
            yield file
        return
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:100]}-")
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        _like_the_old_one(path, temporary)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _like_the_old_one(path: Path, temporary: str) -> None:
    """Whoever could read the old one reads the new one; a new one is for its owner alone."""
    with suppress(FileNotFoundError):
        Path(temporary).chmod(stat.S_IMODE(path.stat().st_mode))
