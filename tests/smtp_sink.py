"""An SMTP server that keeps what it receives and misbehaves on demand.

In a test: `with Sink() as sink: ...`, then `sink.messages`. By hand: `python -m tests.smtp_sink 2525`, and start
Placard with `EMAIL_URL=smtp://localhost:2525`.
"""

from __future__ import annotations

import asyncio
import email
import email.policy
import logging
import sys
import threading
import time
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Handler:
    def __init__(self) -> None:
        self.received: list[bytes] = []
        self.recipients: list[str] = []
        self.connections: set[int] = set()
        self.recipient_answer = self.content_answer = ""  # empty: accept
        self.drop_at = ""  # "mail" or "content": hang up there without an answer
        self.arrived = threading.Condition()

    async def handle_MAIL(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:
        self.connections.add(id(session))
        if self.drop_at == "mail":
            server.transport.abort()
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:
        if self.recipient_answer:
            return self.recipient_answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.content_answer:
            return self.content_answer
        with self.arrived:
            self.received.append(envelope.original_content or b"")
            self.recipients += envelope.rcpt_tos
            self.arrived.notify_all()
        if self.drop_at == "content":  # accepted, but the client will never hear of it
            server.transport.abort()
            await asyncio.sleep(0)
        return "250 OK"


class Sink:
    def __init__(self, port: int = 0, host: str = "127.0.0.1") -> None:
        self.handler = Handler()
        self.host, self.port = host, port
        self.controller: Controller | None = None

    def __enter__(self) -> Sink:
        self.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop()

    @property
    def url(self) -> str:
        return f"smtp://{self.host}:{self.port}"

    @property
    def messages(self) -> list[EmailMessage]:
        return [email.message_from_bytes(m, policy=email.policy.default) for m in self.handler.received]  # type: ignore[misc]

    @property
    def recipients(self) -> list[str]:
        return self.handler.recipients

    @property
    def connections(self) -> int:
        """How many connections have begun a message."""
        return len(self.handler.connections)

    def start(self) -> None:
        """Listen; again on the same port after `stop`."""
        logging.getLogger("mail.log").setLevel(logging.WARNING)
        self.port = self.port or free_port(self.host)
        self.controller = Controller(
            self.handler, hostname=self.host, port=self.port, ready_timeout=10, enable_SMTPUTF8=True
        )
        self.controller.start()

    def stop(self) -> None:
        if self.controller is not None:
            self.controller.stop()
        self.controller = None

    def accept(self) -> None:
        self.handler.recipient_answer = self.handler.content_answer = self.handler.drop_at = ""

    def refuse_recipients(self, answer: str) -> None:
        self.handler.recipient_answer = answer

    def refuse_content(self, answer: str) -> None:
        self.handler.content_answer = answer

    def drop(self, at: str) -> None:
        """Hang up without an answer: at "mail", before anything was accepted, or at "content", after all was."""
        self.handler.drop_at = at

    def wait_for(self, count: int, seconds: float = 10) -> None:
        """Return when `count` messages are here; fail after `seconds`."""
        with self.handler.arrived:
            if not self.handler.arrived.wait_for(lambda: len(self.handler.received) >= count, seconds):
                raise AssertionError(f"{len(self.handler.received)} of {count} messages arrived in {seconds} s")


def free_port(host: str) -> int:
    import socket

    with socket.create_server((host, 0)) as listener:
        return listener.getsockname()[1]


def main() -> None:
    with Sink(int(sys.argv[1]) if len(sys.argv) > 1 else 2525) as sink:
        print(f"Listening on {sink.url}; Ctrl-C ends.", flush=True)  # noqa: T201
        seen = 0
        while True:
            time.sleep(0.5)
            for message in sink.messages[seen:]:
                seen += 1
                print(seen, message["To"], message["Subject"], flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
