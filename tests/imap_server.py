"""A real IMAP server on a port of its own, with one empty mailbox, for what is fetched over the wire."""

import contextlib
import imaplib
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

USER, PASSWORD = "reports", "pass:word@/1"


class ImapServer:
    def __init__(self) -> None:
        self.host, self.port = "127.0.0.1", _free_port()

    def __enter__(self) -> "ImapServer":
        program = shutil.which("pymap", path=str(Path(sys.executable).parent)) or "pymap"
        listen = ["--host", self.host, "--port", str(self.port), "--no-tls"]
        known = ["--demo-user", USER, "--demo-password", PASSWORD]
        self.process = subprocess.Popen(
            [program, *listen, "dict", *known], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self._wait()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.process.kill()
        self.process.wait()

    @contextlib.contextmanager
    def opened(self):
        with imaplib.IMAP4(self.host, self.port, timeout=5) as box:
            box.login(USER, PASSWORD)
            yield box

    def put(self, raw: bytes) -> None:
        with self.opened() as box:
            assert box.append("INBOX", "", imaplib.Time2Internaldate(time.time()), raw)[0] == "OK"

    def flags(self) -> list[set[str]]:
        """Of each message, in the order in which they came."""
        with self.opened() as box:
            box.select("INBOX", readonly=True)
            found = box.fetch("1:*", "(FLAGS)")[1]
        return [{flag.decode() for flag in imaplib.ParseFlags(line)} - {r"\Recent"} for line in found if line]

    def _wait(self) -> None:
        for _attempt in range(100):
            with contextlib.suppress(OSError), socket.create_connection((self.host, self.port), timeout=1):
                return
            time.sleep(0.1)
        raise TimeoutError("the IMAP server did not start")


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
