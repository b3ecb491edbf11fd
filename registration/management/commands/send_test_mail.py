"""Proves the settings for mail: one message, straight to the mail server, and what it said."""

from __future__ import annotations

import smtplib
import ssl
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, get_connection
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.utils import timezone

from registration.mail.smtp import EmailBackend, NotAccepted
from registration.mail.verdict import Verdict, explain, judge

# What whoever runs the installation does about it.
ADVICE = {
    Verdict.OURS: "Check user, password, port and kind of encryption in EMAIL_URL, and the address in MAIL_FROM.",
    Verdict.AWAY: "Check host and port in EMAIL_URL, the firewall, and whether the server is up; then try again.",
    Verdict.LATER: "The server puts us off for now. Try again in some minutes; the outbox does so by itself.",
    Verdict.BUSY: "Too many lines of ours at once. Try again in some minutes.",
    Verdict.TOO_LARGE: "The server takes only small messages. Ask whoever runs it.",
    Verdict.GIVE_UP: "The server will never take this message. Check the address; ask whoever runs the server why.",
    Verdict.UNCLEAR: "The line broke after the text was handed over: look whether the message arrived.",
}


class Command(BaseCommand):
    help = (
        "Sends a test message through the configured mail server and prints what it said. Exits 1 when it is refused."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("address", help="where to send it")

    def handle(self, *args: Any, address: str, **options: Any) -> None:
        try:
            validate_email(address)
        except ValidationError:
            raise CommandError(f"{address!r} is no email address. Write one like name@example.org.") from None
        backend = get_connection()
        if not isinstance(backend, EmailBackend):
            where = settings.EMAIL_FILE_PATH
            try:
                backend.send_messages([_message(address)])
            except OSError as error:
                raise CommandError(_cannot_write(where, error)) from None
            self.stdout.write(f"No mail server is set: the message is a file in {where}. Set EMAIL_URL to send mail.")
            return
        try:
            self._converse(backend, address)
        finally:
            backend.drop()

    def _converse(self, backend: EmailBackend, address: str) -> None:
        self.stdout.write(f"Mail server: {backend.host}:{backend.port}, from {settings.DEFAULT_FROM_EMAIL}")
        try:
            backend.open()
        except Exception as error:
            raise _refusal(_step(error), error) from None
        self.stdout.write("Connected.")
        self.stdout.write(f"Encryption: {_encryption(backend)}")
        self.stdout.write("Signed in." if backend.username else "Without signing in: EMAIL_URL names no user.")
        try:
            backend.send_messages([_message(address)])
        except Exception as error:
            raise _refusal("The message was not accepted", error) from None
        self.stdout.write(
            self.style.SUCCESS(f"Accepted for {address}. Look whether it arrives, and not among the spam.")
        )


def _message(address: str) -> EmailMessage:
    return EmailMessage(
        "Placard: a test",
        f"Mail from {settings.SITE_URL} goes out. Sent on {timezone.now():%Y-%m-%d %H:%M} UTC by send_test_mail.\n",
        settings.DEFAULT_FROM_EMAIL,
        [address],
        headers={"Auto-Submitted": "auto-generated"},
    )


def _cannot_write(where: object, error: OSError) -> str:
    return (
        f"The folder of messages {where} cannot be written: {error.strerror or error}. "
        "Give this user the right to write there, or name another folder or a mail server in EMAIL_URL."
    )


def _step(error: Exception) -> str:
    cause = error.__cause__ if isinstance(error, NotAccepted) else error
    if isinstance(cause, smtplib.SMTPAuthenticationError):
        return "Connected, but signing in was refused"
    if isinstance(cause, ssl.SSLError):
        return "Connected, but no encrypted line came about"
    return "No line to the mail server"


def _refusal(step: str, error: Exception) -> CommandError:
    return CommandError(f"{step}: {explain(error)}\n{ADVICE[judge(error)]}")


def _encryption(backend: EmailBackend) -> str:
    line = backend.connection.sock if backend.connection is not None else None
    return str(line.version()) if isinstance(line, ssl.SSLSocket) else "none, everything can be read on the way"
