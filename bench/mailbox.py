"""The mail sink in a process of its own, so that receiving does not slow the measuring down."""

from __future__ import annotations

import multiprocessing
import time
from multiprocessing.connection import Connection
from typing import Any

from tests.smtp_sink import Sink

LOOKS = 0.002  # seconds between two looks at how much has arrived


def _receive(pipe: Connection) -> None:
    """Answer each word from the pipe until it closes: `count`, or `empty` for what arrived, which is then forgotten."""
    with Sink() as sink:
        pipe.send(sink.port)
        while (asked := pipe.recv()) != "end":
            received = sink.handler.received
            pipe.send(len(received) if asked == "count" else list(received))
            if asked == "empty":
                received.clear()
                sink.handler.recipients.clear()


class Mailbox:
    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, other = context.Pipe()
        self.process = context.Process(target=_receive, args=(other,), daemon=True)
        self.port = 0

    def start(self) -> None:
        self.process.start()
        self.port = self.pipe.recv()

    def stop(self) -> None:
        if self.process.is_alive():
            self.pipe.send("end")
            self.process.join(10)

    def _ask(self, word: str) -> Any:
        self.pipe.send(word)
        return self.pipe.recv()

    def empty(self) -> list[bytes]:
        """Everything received since the last time, which the sink now forgets."""
        return self._ask("empty")

    def wait_for(self, count: int, seconds: float = 120) -> float:
        """The moment at which `count` messages were here."""
        deadline = time.perf_counter() + seconds
        while (arrived := self._ask("count")) < count:
            if time.perf_counter() > deadline:
                raise RuntimeError(f"{arrived} of {count} messages arrived in {seconds} s")
            time.sleep(LOOKS)
        return time.perf_counter()
