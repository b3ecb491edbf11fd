"""The whole product as script/server runs it, with servers of its own; a real SMTP sink; Chromium."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.smtp_sink import Sink

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM_FLAGS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-background-networking"]


@dataclass
class Stack:
    url: str
    email: str
    password: str
    sink: Sink
    environment: dict[str, str]

    def run(self, *command: str, reads: bytes = b"") -> str:
        """A Python program with the environment of the stack, which `reads` this; what it said."""
        done = subprocess.run(
            [sys.executable, *command], cwd=ROOT, env=self.environment, input=reads, capture_output=True, timeout=120
        )
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def stack():
    # Not pytest's own folder: as root, PostgreSQL runs as another user, who must be able to reach its data.
    local = Path(tempfile.mkdtemp(prefix="placard-e2e-"))
    local.chmod(0o711)
    port = free_port()
    sink = Sink()
    sink.start()
    environment = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL", "SITE_URL")}
    environment |= {
        "PORT": str(port),
        "PLACARD_LOCAL": str(local),
        "EMAIL_URL": f"smtp://127.0.0.1:{sink.port}",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    output = local / "output.log"
    with output.open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "config.serve"], cwd=ROOT, env=environment, stdout=log, stderr=log
        )
    try:
        said = wait_for(output, server)
        password = re.search(r"Password \(shown this once\): (\S+)", said)
        assert password, said
        stack = Stack(f"http://localhost:{port}", "organiser@example.org", password[1], sink, environment)
        # Decisions of the sample meeting are told at once; test_reviewer_morning has a meeting where they wait.
        sample = "Meeting.objects.filter(slug='eap-2008')"
        stack.run(
            "manage.py", "shell", "-c", f"from meeting.models import Meeting; {sample}.update(decision_grace_minutes=0)"
        )
        yield stack
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=30)
        sink.stop()
        shutil.rmtree(local, ignore_errors=True)


def wait_for(output: Path, server: subprocess.Popen) -> str:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        said = output.read_text()
        if "Ctrl-C stops everything" in said:
            return said
        assert server.poll() is None, said
        time.sleep(0.2)
    raise AssertionError(f"The stack did not start within two minutes:\n{output.read_text()}")


@pytest.fixture(scope="session")
def chromium():
    path = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    if not Path(path).exists():
        pytest.skip(f"no Chromium at {path}; set CHROMIUM")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


def _is_wrong(message) -> bool:
    """A form that has to be put right comes back with 422, and Chromium says so."""
    return message.type == "error" and "status of 422" not in message.text


@pytest.fixture
def page(chromium, stack):
    """A fresh visitor, whose console must stay silent."""
    # axe runs as an injected script, which the Content-Security-Policy rightly forbids on its own.
    context = chromium.new_context(base_url=stack.url, bypass_csp=True, accept_downloads=True)
    page = context.new_page()
    page.set_default_timeout(15_000)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if _is_wrong(message) else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    context.close()
    assert said == []
