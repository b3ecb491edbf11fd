"""Django's SMTP backend, able to tell a message that was surely not accepted from one that perhaps was."""

import smtplib
import ssl
from typing import Any

from django.core.mail.backends.smtp import EmailBackend as DjangoEmailBackend

# The other side speaks no TLS, or another kind: a wrong port or a wrong setting, not a bad line.
MISMATCHES = {"WRONG_VERSION_NUMBER", "UNSUPPORTED_PROTOCOL", "UNKNOWN_PROTOCOL"}


class Unanswered(smtplib.SMTPServerDisconnected):
    """The message was handed over and no answer came: the server may have accepted it or not."""


class NotAccepted(smtplib.SMTPException):
    """The server does not let us in: wrong password, no TLS, a certificate nobody vouches for. Not about a message.

    What it said is the cause of this exception.
    """


class Watched(smtplib.SMTP):
    """Notices the moment from which the server holds the text of the message."""

    handed_over = False

    def send(self, s: Any) -> None:
        # Commands come as text; bytes are the message itself, after the server has said "go ahead".
        self.handed_over = self.handed_over or isinstance(s, bytes)
        super().send(s)

    def data(self, msg: Any) -> tuple[int, bytes]:
        self.handed_over = False
        try:
            code, answer = super().data(msg)
        except smtplib.SMTPDataError:
            raise
        except Exception as error:
            if self.handed_over:
                raise Unanswered(str(error)) from error
            raise
        if 200 <= code < 300:
            return 250, answer  # smtplib takes any other "yes" for a "no"
        if not 400 <= code < 600:  # no answer of SMTP, or none to this: smtplib gives -1 for garbage
            raise Unanswered(answer.decode(errors="replace"))
        return code, answer


class WatchedSSL(Watched, smtplib.SMTP_SSL):
    pass


class EmailBackend(DjangoEmailBackend):
    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return WatchedSSL if self.use_ssl else Watched

    def open(self) -> bool | None:
        try:
            return super().open()
        except Exception as error:
            if is_about_us(error):
                raise NotAccepted from error
            raise

    def drop(self) -> None:
        """Close without a word; the connection is not to be trusted any more."""
        for name in ("connection", "_partial_connection"):  # the second while it is being opened
            line = getattr(self, name)
            if line is not None:
                line.close()
            setattr(self, name, None)


def is_about_us(error: Exception) -> bool:
    """Whether a line that could not be opened stays shut until somebody changes the settings, here or there."""
    if isinstance(error, ssl.SSLError):
        return isinstance(error, ssl.SSLCertVerificationError) or error.reason in MISMATCHES
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code >= 500
    # No STARTTLS, no way to sign in: said by smtplib without a number. A lost line has a class of its own.
    return isinstance(error, smtplib.SMTPException) and not isinstance(error, smtplib.SMTPServerDisconnected)
