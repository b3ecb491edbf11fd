"""A mail server that does at each step what a script says: answers, refuses, talks nonsense, falls silent, hangs up.

It speaks SMTP over a real socket and keeps a ledger of the messages it has taken, by their Message-ID.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import threading
from collections import Counter
from collections.abc import Callable

DROP, SILENCE = "drop", "silence"
TAKEN = "taken: "  # before any of these, once the text is here: the message is in the ledger
STEPS = ("greeting", "auth", "mail", "rcpt", "data", "text")
USUAL = {
    "greeting": "220 scripted.example.org ESMTP",
    "auth": "235 welcome",
    "mail": "250 fine",
    "rcpt": "250 fine",
    "data": "354 go ahead",
    "text": f"{TAKEN}250 taken",
}
Script = Callable[[str], str]


class HangUp(Exception):
    """The line is to be cut."""


class Scripted:
    """`with Scripted() as server: server.script = {"rcpt": "450 later"}.get`. Empty or None is the usual answer."""

    def __init__(self) -> None:
        self.script: Callable[[str], str | None] = lambda step: None
        self.taken: Counter[str] = Counter()
        self.done: Counter[tuple[str, str]] = Counter()  # what the script has done, by step
        self.lines = 0
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)

    def __enter__(self) -> Scripted:
        self.thread.start()
        self.server = asyncio.run_coroutine_threadsafe(
            asyncio.start_server(self._talk, "127.0.0.1", 0), self.loop
        ).result()
        self.host, self.port = self.server.sockets[0].getsockname()
        return self

    def __exit__(self, *exception: object) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self.loop).result(5)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(5)
        self.loop.close()

    async def _end(self) -> None:
        self.server.close()
        talks = asyncio.all_tasks() - {asyncio.current_task()}
        for talk in talks:
            talk.cancel()
        await asyncio.gather(*talks, return_exceptions=True)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.lines += 1
        with contextlib.suppress(HangUp, ConnectionError, asyncio.IncompleteReadError):
            await self._say(writer, "greeting")
            while command := (await reader.readline()).decode(errors="replace").strip():
                await self._answer(command, reader, writer)
        writer.transport.abort()

    async def _answer(self, command: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        word = command.split()[0].upper()
        if word == "EHLO":
            writer.write(b"250-scripted.example.org\r\n250-SMTPUTF8\r\n250-8BITMIME\r\n250 AUTH PLAIN\r\n")
        elif word in ("AUTH", "MAIL", "RCPT"):
            await self._say(writer, word.lower())
        elif word == "DATA":
            if (await self._say(writer, "data")).startswith("354"):
                text = await reader.readuntil(b"\r\n.\r\n")
                await self._say(writer, "text", text)
        else:
            writer.write(b"221 bye\r\n" if word == "QUIT" else b"250 fine\r\n")

    async def _say(self, writer: asyncio.StreamWriter, step: str, text: bytes = b"") -> str:
        asked = self.script(step)
        answer = asked or USUAL[step]
        if asked:
            self.done[step, asked] += 1
        if answer.startswith(TAKEN):
            self.taken[message_id(text)] += 1
            answer = answer.removeprefix(TAKEN)
        if answer == DROP:
            raise HangUp
        if answer == SILENCE:
            await asyncio.sleep(30)
            raise HangUp
        writer.write(f"{answer}\r\n".encode())
        return answer


def message_id(text: bytes) -> str:
    found = re.search(rb"^Message-ID:\s*(<[^>]+>)", text, re.IGNORECASE | re.MULTILINE)
    assert found, text[:500]
    return found[1].decode()
