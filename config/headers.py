"""Headers of every answer that Django has no setting for."""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

POWERS = (
    "accelerometer camera display-capture geolocation gyroscope magnetometer microphone midi payment "
    "screen-wake-lock serial usb"
)
POLICY = ", ".join(f"{power}=()" for power in POWERS.split())
PRIVATE = re.compile(r"^/(admin|r|delegations)/|^/[^/]+/(register|my-page|delegations)/")


class HeadersMiddleware:
    """No page asks for the powers of a device, and what is somebody's own stays out of every cache."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", POLICY)
        if PRIVATE.match(request.path_info):
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response
