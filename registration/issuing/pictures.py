"""Logos and signatures: drawn anew when they come in, handed to the typesetter as text."""

from __future__ import annotations

import base64
import io
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

MOST_BYTES = 5_000_000
MOST_PIXELS = 40_000_000
SIDE = 900  # sharp at the size it is printed


def accept(upload: UploadedFile) -> ContentFile:  # type: ignore[type-arg]
    """The picture as PNG, the pixels alone; ValidationError says what is accepted."""
    if (upload.size or 0) > MOST_BYTES:
        raise ValidationError(_("This picture is too large. Send a PNG or JPEG file of at most 5 MB."))
    try:
        with Image.open(upload, formats=("PNG", "JPEG")) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise ValidationError(_("This picture has too many pixels. Make it smaller, and send it again."))
            upright = ImageOps.exif_transpose(picture).convert("RGBA")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise ValidationError(_("This is not a picture that can be opened. Send a PNG or JPEG file.")) from error
    upright.thumbnail((SIDE, SIDE))
    out = io.BytesIO()
    upright.save(out, "PNG", optimize=True)
    return ContentFile(out.getvalue(), name="picture.png")


@lru_cache(maxsize=32)
def as_svg(name: str) -> str:
    """The stored picture `name` for the typesetter, which takes its data as text; empty where it is gone.

    A name is never given twice, so what it holds never changes.
    """
    if not name or not default_storage.exists(name):
        return ""
    with default_storage.open(name) as file:
        content = file.read()
    with Image.open(io.BytesIO(content)) as picture:
        width, height = picture.size
    encoded = base64.b64encode(content).decode()
    size = f'width="{width}" height="{height}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" {size}>'
        f'<image {size} xlink:href="data:image/png;base64,{encoded}"/></svg>'
    )
