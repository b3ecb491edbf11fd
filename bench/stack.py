"""The product as script/server runs it, for one run of the benchmarks: own servers, own data, own mail sink."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import TracebackType

from bench import memory
from bench.mailbox import Mailbox
from tests.smtp_sink import free_port

ROOT = Path(__file__).resolve().parent.parent
SLUG = "eap-2008"
ORGANISER = "organiser@example.org"
# What a developer has set for script/server must not leak in.
NOT_OURS = {
    "DATABASE_URL",
    "REDIS_URL",
    "SITE_URL",
    "ALLOWED_HOSTS",
    "MEDIA_ROOT",
    "STATIC_ROOT",
    "DEBUG",
    "SECRET_KEY",
}


class Stack:
    """`with Stack() as stack`: starts everything, and leaves nothing behind."""

    def __init__(self) -> None:
        # Servers run as another OS user under root, who has to pass through.
        self.folder = Path(tempfile.mkdtemp(prefix="placard-bench-"))
        self.folder.chmod(0o711)
        self.local = self.folder / "local"
        self.port = free_port("127.0.0.1")
        self.mailbox = Mailbox()
        self.password = ""

    def __enter__(self) -> Stack:
        try:
            self._start()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def _start(self) -> None:
        self.mailbox.start()
        for name in NOT_OURS:
            os.environ.pop(name, None)
        os.environ |= {
            "PORT": str(self.port),
            "PLACARD_LOCAL": str(self.local),
            "EMAIL_URL": f"smtp://127.0.0.1:{self.mailbox.port}",
            "DJANGO_SETTINGS_MODULE": "config.settings",
        }
        self.log = self.folder / "output.log"
        with self.log.open("wb") as log:
            self.server = subprocess.Popen([sys.executable, "-m", "config.serve"], cwd=ROOT, stdout=log, stderr=log)
        self.password = self._first_password()

    def _first_password(self) -> str:
        deadline = time.monotonic() + 120
        while "Ctrl-C stops everything" not in (said := self.log.read_text()):
            if self.server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"The stack does not start:\n{said}")
            time.sleep(0.1)
        found = re.search(r"[Pp]assword.*: (\S+)", said)
        assert found, said
        return found[1]

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if hasattr(self, "server"):
            self.server.send_signal(signal.SIGTERM)
            self.server.wait(timeout=60)
        self.mailbox.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def manage(self, *arguments: str) -> None:
        """Run one of the product's commands to its end."""
        subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)

    def web_workers(self) -> list[int]:
        return memory.grandchildren(self.server.pid, "gunicorn")

    def mail_workers(self) -> list[int]:
        return memory.grandchildren(self.server.pid, "celery")
