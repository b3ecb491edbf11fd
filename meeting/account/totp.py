"""The six digits of an authenticator app (RFC 6238: SHA-1, six digits, half a minute, as every app has them)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import struct
import time
import unicodedata
from urllib.parse import quote, urlencode

import segno
from django.utils.safestring import SafeString, mark_safe

SECONDS = 30
EITHER_SIDE = 1  # clocks differ, and people type slowly


def new_secret() -> str:
    return base64.b32encode(secrets.token_bytes(20)).decode()


def code(secret: str, step: int) -> str:
    mac = hmac.new(base64.b32decode(secret), struct.pack(">Q", step), hashlib.sha1).digest()
    start = mac[-1] & 15
    number = int.from_bytes(mac[start : start + 4], "big") & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


def matching_step(secret: str, typed: str, *, after: int = 0, now: float | None = None) -> int | None:
    """The half minute that `typed` is the code of, if it is later than `after`."""
    here = int((time.time() if now is None else now) // SECONDS)
    wanted = digits(typed)
    steps = range(here - EITHER_SIDE, here + EITHER_SIDE + 1)
    return next((s for s in steps if s > after and hmac.compare_digest(code(secret, s), wanted)), None)


def digits(typed: str) -> str:
    """The digits of any script as 0 to 9, without what stands between them."""
    return "".join(str(unicodedata.decimal(c)) for c in typed if c.isdecimal())


def address(secret: str, account: str, issuer: str) -> str:
    """What the QR code says to the app."""
    label = f"{issuer}:{account}"
    return f"otpauth://totp/{quote(label)}?{urlencode({'secret': secret, 'issuer': issuer})}"


def qr_code(text: str) -> SafeString:
    """Dark on white whatever the page's colours, with the margin that cameras need."""
    # Squares alone: nothing that anybody typed stands in the drawing.
    return mark_safe(segno.make(text, error="m").svg_inline(scale=5, border=4, light="#fff"))  # noqa: S308


def in_groups(secret: str) -> str:
    return " ".join(secret[n : n + 4] for n in range(0, len(secret), 4))
