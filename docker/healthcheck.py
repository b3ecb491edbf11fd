"""Is this container well? Worker and beat: their pulse file was touched lately. Web: it answers. Nothing but the
standard library, because it runs every few seconds."""

import http.client
import os
import sys
import time

OLDEST = 60  # seconds; a worker touches it every two, beat every fifteen


def well() -> bool:
    if pulse := os.environ.get("PULSE_FILE"):
        return time.time() - os.stat(pulse).st_mtime < OLDEST  # noqa: PTH116  # pathlib doubles the time this takes
    web = http.client.HTTPConnection("127.0.0.1", 8000, timeout=4)
    web.request("GET", "/healthz")
    return web.getresponse().status == 200


try:
    sys.exit(0 if well() else 1)
except (OSError, http.client.HTTPException) as error:
    sys.exit(f"{type(error).__name__}: {error}")
