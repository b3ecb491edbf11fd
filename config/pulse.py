"""A worker that hears its broker, and a beat that could hand over a task, touch a file; docker/healthcheck.py looks at
its age. Asking a worker through the broker would cost a Django start every time."""

import os
from pathlib import Path
from typing import Any

from celery import signals

PULSE_FILE = os.environ.get("PULSE_FILE", "")


def touch(**kwargs: Any) -> None:
    Path(PULSE_FILE).touch()


def watch_beat(**kwargs: Any) -> None:
    signals.after_task_publish.connect(touch)


if PULSE_FILE:
    signals.heartbeat_sent.connect(touch)
    signals.beat_init.connect(watch_beat)
