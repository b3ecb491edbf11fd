"""The public page everybody opens first: requests a second, beside the same web process saying "ok"."""

from __future__ import annotations

import re
import shutil
import subprocess
import threading
import time

from bench.browser import Browser
from bench.memory import Watch
from bench.stack import SLUG, Stack

from .figure import Figure

SECONDS = 8
CLIENTS = 8
TARGET = 350


def measure(stack: Stack) -> list[Figure]:
    page, floor = f"/{SLUG}/", "/healthz"
    rate_of(stack, page, 2)  # warm
    watch = Watch(stack.web_workers)
    reached = rate_of(stack, page, SECONDS)
    processor = f"web {watch.processor() / (reached * SECONDS) * 1000:.1f} ms each"
    fastest = rate_of(stack, floor, SECONDS)
    return [
        Figure(
            name=f"meeting page ({load_generator()})",
            reached=f"{reached:.0f}/s",
            floor=f"{fastest:.0f}/s /healthz",
            ratio=f"{reached / fastest:.2f}",
            target=f"{TARGET}/s",
            met=reached >= TARGET,
            memory=f"web {watch.peak():.0f} MB",
            processor=processor,
        )
    ]


def load_generator() -> str:
    return "wrk" if shutil.which("wrk") else "own client"


def rate_of(stack: Stack, path: str, seconds: int) -> float:
    """Answers a second, all of them 200."""
    return (_wrk if shutil.which("wrk") else _own)(stack, path, seconds)


def _wrk(stack: Stack, path: str, seconds: int) -> float:
    command = ["wrk", "-t1", f"-c{CLIENTS}", f"-d{seconds}s", f"http://127.0.0.1:{stack.port}{path}"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "Non-2xx" not in said, said
    found = re.search(r"Requests/sec:\s+([\d.]+)", said)
    assert found, said
    return float(found[1])


def _own(stack: Stack, path: str, seconds: int) -> float:
    deadline = time.monotonic() + seconds
    counts = [0] * CLIENTS

    def ask(number: int) -> None:
        browser = Browser(stack.port)
        while time.monotonic() < deadline:
            assert browser.send("GET", path).status == 200
            counts[number] += 1

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / seconds
