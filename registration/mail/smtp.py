"""Django's SMTP backend, able to tell a message that was surely not accepted from one that perhaps was."""

import smtplib
from typing import Any

from django.core.mail.backends.smtp import EmailBackend as DjangoEmailBackend


class Unanswered(smtplib.SMTPServerDisconnected):
    """The message was handed over and no answer came: the server may have accepted it or not."""


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
        if code < 200:  # smtplib gives -1 for what is no SMTP answer
            raise Unanswered(answer.decode(errors="replace"))
        return code, answer


class WatchedSSL(Watched, smtplib.SMTP_SSL):
    pass


class EmailBackend(DjangoEmailBackend):
    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return WatchedSSL if self.use_ssl else Watched

    def drop(self) -> None:
        """Close without a word; the connection is not to be trusted any more."""
        if self.connection is not None:
            self.connection.close()
        self.connection = None
