"""One open line to the mail server for each thread: connecting costs more than sending."""

import smtplib
import threading
import time

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from .smtp import EmailBackend, Unanswered

MAX_IDLE = 20  # seconds; servers hang up on silent clients, and we would rather notice first
MAX_AGE = 300  # seconds; so that a changed DNS entry or certificate is seen


class Postbox(threading.local):
    def __init__(self) -> None:
        self.backend: EmailBackend | None = None
        self.opened_at = self.used_at = 0.0

    def send(self, message: EmailMessage) -> None:
        """Hand over one message. Whatever is raised, the line is closed; `Unanswered` means the server may have it."""
        backend, reused = self._line()
        try:
            self._send_on(backend, message)
        except smtplib.SMTPServerDisconnected as error:
            if not reused or isinstance(error, Unanswered):
                raise
            # It hung up while the line was idle, before it saw this message: not a failure, just an old line.
            self._send_on(self._line()[0], message)

    def close(self) -> None:
        if self.backend is not None:
            self.backend.drop()
        self.backend = None

    def _send_on(self, backend: BaseEmailBackend, message: EmailMessage) -> None:
        try:
            backend.open()
            backend.send_messages([message])
        except BaseException:
            self.close()
            raise
        self.used_at = time.monotonic()

    def _line(self) -> tuple[BaseEmailBackend, bool]:
        """A backend, and whether its connection was used before. Other backends than SMTP keep nothing open."""
        now = time.monotonic()
        if self.backend is not None and now - self.used_at < MAX_IDLE and now - self.opened_at < MAX_AGE:
            return self.backend, True
        self.close()
        backend = get_connection()
        if isinstance(backend, EmailBackend):
            self.backend, self.opened_at = backend, now
        return backend, False


postbox = Postbox()
