"""What we accept as a letter: told by its content, never by its name."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from pathlib import PurePath

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from PIL import Image, ImageOps

from .upload import TooLargeUpload

MAX_PIXELS = 60_000_000  # a decompression bomb stops here
MAX_SIDE = 3000  # enough to read a signature on A4
Image.MAX_IMAGE_PIXELS = MAX_PIXELS

# What people send instead, told by the first bytes, so that the answer can name it.
OTHERS = (
    (b"PK\x03\x04", gettext_lazy("a Word or other Office file")),
    (b"\xd0\xcf\x11\xe0", gettext_lazy("an old Word or other Office file")),
    (b"{\\rtf", gettext_lazy("a text document")),
    (b"GIF8", gettext_lazy("a GIF picture")),
    (b"RIFF", gettext_lazy("a WebP picture")),
    (b"MZ", gettext_lazy("a program")),
    (b"<", gettext_lazy("a web page")),
)


HEIC = (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftyphevc", b"ftypmsf1")


@dataclass(frozen=True)
class AcceptedFile:
    """A letter as it is stored: a PDF as it came, a picture drawn anew without its metadata."""

    content: bytes
    media_type: str
    original_name: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    def as_file(self) -> ContentFile:
        return ContentFile(self.content, name="letter")


def accept(upload: UploadedFile) -> AcceptedFile:
    """The file to store, or a ValidationError that names the file, the reason and what to do."""
    name = clean_name(upload.name or "")
    if isinstance(upload, TooLargeUpload):
        raise ValidationError(
            _("“%(name)s” is too large. Send at most %(limit)s: fewer pages, or a photograph of the signed one.")
            % {"name": name, "limit": filesizeformat(settings.LETTER_MAX_BYTES)}
        )
    content = upload.read()
    if not content.strip(b"\0 \r\n\t"):
        raise ValidationError(
            _("“%(name)s” is empty. Choose the file again, or scan the letter anew.") % {"name": name}
        )
    if b"%PDF-" in content[:1024]:
        return AcceptedFile(content, "application/pdf", name)
    if content.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
        return _accept_picture(content, name)
    if content[4:12] in HEIC:
        raise ValidationError(_("“%(name)s” is a photograph in Apple's own format. Send it as JPEG.") % {"name": name})
    kind = next((what for start, what in OTHERS if content.lstrip().startswith(start)), "")
    if kind:
        text = _("“%(name)s” is %(kind)s. Save it as PDF, or photograph the signed page.")
    else:
        text = _("“%(name)s” is not a PDF, JPEG or PNG file. Save it as PDF, or photograph the signed page.")
    raise ValidationError(text % {"name": name, "kind": kind})


def clean_name(name: str) -> str:
    """The last part of what the sender called it, printable, short enough to show."""
    last = PurePath(name.replace("\\", "/")).name
    return "".join(c for c in last if c.isprintable())[-120:] or _("The file")


def _accept_picture(content: bytes, name: str) -> AcceptedFile:
    try:
        with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as picture:
            media_type = picture.get_format_mimetype() or ""
            if picture.width * picture.height > MAX_PIXELS:
                raise ValidationError(
                    _("“%(name)s” has too many pixels. Photograph the page with a lower resolution.") % {"name": name}
                )
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((MAX_SIDE, MAX_SIDE))
            return AcceptedFile(_redraw(upright, media_type), media_type, name)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise ValidationError(
            _("“%(name)s” cannot be opened: it may be damaged or cut off. Photograph or scan the page again.")
            % {"name": name}
        ) from error


def _redraw(picture: Image.Image, media_type: str) -> bytes:
    """The pixels alone: no place, no camera, no hidden text."""
    out = io.BytesIO()
    if media_type == "image/jpeg":
        picture.convert("RGB").save(out, "JPEG", quality=85)
    else:
        picture.info.clear()
        picture.save(out, "PNG")
    return out.getvalue()
