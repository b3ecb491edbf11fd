"""Django's PostgreSQL, whose connections are asked whether they still live only when there is reason to doubt it."""

import select
import time

from django.db.backends.postgresql import base

TRUSTED_FOR = 0.5  # seconds after the last check; a page of ours takes a hundredth


class DatabaseWrapper(base.DatabaseWrapper):
    checked_at = 0.0

    def is_usable(self) -> bool:
        """Asked before the first statement of each request. A server that goes says so, and that can be seen waiting in
        the socket; for one that was cut off without a word there is the question, though not before every page."""
        if self.connection is None or self.connection.closed:
            return False
        if time.monotonic() - self.checked_at < TRUSTED_FOR and not self._something_waits():
            return True
        self.checked_at = time.monotonic()
        return super().is_usable()

    def _something_waits(self) -> bool:
        socket = select.poll()
        socket.register(self.connection.fileno(), select.POLLIN)
        return bool(socket.poll(0))
