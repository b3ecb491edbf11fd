"""Who asks, as far as a request tells: the address, its network, and browser and system in words for people."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_noop

# The first that is found: most browsers also name those they descend from.
BROWSERS = {
    "Edg": "Edge",
    "OPR": "Opera",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "CriOS": "Chrome",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS X": "macOS",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}
UNKNOWN_BROWSER, UNKNOWN_SYSTEM = gettext_noop("Another browser"), gettext_noop("another system")


def address(request: HttpRequest) -> str:
    """The IP address that asks; behind a proxy, what the proxy wrote last. Empty where there is none."""
    given = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        given = request.META.get("HTTP_X_FORWARDED_FOR", given).rpartition(",")[2].strip()
    try:
        found = ipaddress.ip_address(given)
        return str(getattr(found, "ipv4_mapped", None) or found)
    except ValueError:
        return ""


def network(request: HttpRequest) -> str:
    """What one household or attacker has for itself: an address of IPv4, 64 bits of IPv6."""
    found = address(request)
    return str(ipaddress.ip_network(f"{found}/64", strict=False).network_address) if ":" in found else found


def browser(request: HttpRequest) -> str:
    return _first(BROWSERS, request, UNKNOWN_BROWSER)


def system(request: HttpRequest) -> str:
    return _first(SYSTEMS, request, UNKNOWN_SYSTEM)


def _first(words: dict[str, str], request: HttpRequest, otherwise: str) -> str:
    agent = request.headers.get("User-Agent", "")
    return next((word for mark, word in words.items() if mark in agent), otherwise)
