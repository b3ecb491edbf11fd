"""One open line to the mail server for each thread: connecting costs more than sending."""

import smtplib
import threading
import time

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from .smtp import EmailBackend, NotAccepted, Unanswered

MAX_IDLE = 20  # seconds; servers hang up on silent clients, and we would rather notice first
MAX_AGE = 300  # seconds; so that a changed DNS entry or certificate is seen
# Seconds in which this process does not knock again: after it was not let in, for accounts are locked for less; and
# where nobody answered, for each message would wait as long, and use up an attempt.
SHUT_FOR, AWAY_FOR = 60, 10
HANGING_UP = 421


class Postbox(threading.local):
    def __init__(self) -> None:
        self.backend: EmailBackend | None = None
        self.opened_at = self.used_at = self.shut_until = 0.0

    @property
    def is_shut(self) -> bool:
        """There was no line a moment ago: whatever would be handed over now would fare no better."""
        return time.monotonic() < self.shut_until

    def shut(self, seconds: float) -> None:
        self.shut_until = time.monotonic() + seconds

    def send(self, message: EmailMessage) -> None:
        """Hand over one message. `Unanswered` means the server may have it; whatever else is raised, it has not."""
        backend, reused = self._line()
        try:
            self._send_on(backend, message)
        except smtplib.SMTPException as error:
            if not (reused and _was_an_old_line(error)):
                raise
            # It hung up while the line was idle, before it saw this message: not a failure, just an old line.
            self.close()
            self._send_on(self._line()[0], message)

    def close(self) -> None:
        if self.backend is not None:
            self.backend.drop()
        self.backend = None

    def _send_on(self, backend: BaseEmailBackend, message: EmailMessage) -> None:
        try:
            self._open(backend)
            backend.send_messages([message])
        except BaseException as error:
            if not _is_still_open(error):
                self.close()
            raise
        self.used_at = time.monotonic()

    def _open(self, backend: BaseEmailBackend) -> None:
        try:
            backend.open()
        except Exception as error:
            self.shut(SHUT_FOR if isinstance(error, NotAccepted) else AWAY_FOR)
            raise

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


def _was_an_old_line(error: smtplib.SMTPException) -> bool:
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return not isinstance(error, Unanswered)
    return isinstance(error, smtplib.SMTPSenderRefused) and error.smtp_code == HANGING_UP


def _is_still_open(error: BaseException) -> bool:
    """After a plain answer the line serves the next message; smtplib has said RSET."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(_is_plain(code) for code, _answer in error.recipients.values())
    return isinstance(error, (smtplib.SMTPSenderRefused, smtplib.SMTPDataError)) and _is_plain(error.smtp_code)


def _is_plain(code: int) -> bool:
    return 400 <= code < 600 and code != HANGING_UP


postbox = Postbox()
