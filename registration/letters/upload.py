"""Takes uploads up to a bound, and reads past larger ones without keeping them: the form can come back filled."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler


class TooLargeUpload(SimpleUploadedFile):
    """Stands for a file that was larger than we take; its content is gone."""

    def __init__(self, name: str) -> None:
        super().__init__(name, b"")


class BoundedUploadHandler(TemporaryFileUploadHandler):
    """Keeps at most LETTER_MAX_BYTES of a file on disk; documents in the admin may be ten times as large."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.received = 0
        in_admin = self.request is not None and self.request.path.startswith("/admin/")
        self.limit = settings.LETTER_MAX_BYTES * (10 if in_admin else 1)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.received += len(raw_data)
        if self.received <= self.limit:
            super().receive_data_chunk(raw_data, start)

    def file_complete(self, file_size: int) -> Any:
        if file_size <= self.limit:
            return super().file_complete(file_size)
        self.file.close()
        return TooLargeUpload(self.file_name or "")
