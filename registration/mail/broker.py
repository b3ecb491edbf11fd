"""Telling a worker that something waits for it, without ever making a request wait for a broker that is away."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar

import structlog
from celery import current_app
from django.db import transaction

PATIENCE = 0.7  # seconds a request waits for the broker, whatever ails it: refusing, silent, or its name not found
PAUSE = 10  # seconds in which this process does not ask again; the sweep takes care of what is queued meanwhile

_together: ContextVar[list[int] | None] = ContextVar("together", default=None)
log = structlog.get_logger("placard.mail")


class Publisher:
    """Publishes in a thread of its own, so that the wait is bounded even where a DNS lookup or a socket hangs."""

    def __init__(self) -> None:
        self.quiet_until = 0.0
        self.thread: ThreadPoolExecutor | None = None
        self.lock = threading.Lock()

    def send_mail(self, mail_id: int) -> None:
        """Never raises: a message that was not announced is found by the sweep."""
        self.announce("send_mail", mail_id)

    def announce(self, name: str, *arguments: int) -> None:
        """The task of this name is to be done. Never raises: each kind of work has a sweep that finds what waits."""
        from registration import tasks  # the tasks import the outbox, which imports this

        task = getattr(tasks, name)
        if current_app.conf.task_always_eager:
            task.delay(*arguments)
        elif time.monotonic() >= self.quiet_until:
            self._try(lambda: task.apply_async(arguments, retry=False))

    def _try(self, publish: object) -> None:
        try:
            self._executor().submit(publish).result(timeout=PATIENCE)  # type: ignore[arg-type]
        except Exception as error:
            self.quiet_until = time.monotonic() + PAUSE
            log.warning("broker away", error=type(error).__name__, pause=PAUSE)

    def _executor(self) -> ThreadPoolExecutor:
        with self.lock:
            if self.thread is None:
                self.thread = ThreadPoolExecutor(1, thread_name_prefix="publisher")
            return self.thread


publisher = Publisher()


@contextmanager
def announced_together() -> Iterator[None]:
    """In a transaction: all messages that are written in this block are announced as one piece of work.

    A message that is rolled back after all is announced for nothing: nobody finds it.
    """
    mail_ids: list[int] = []
    token = _together.set(mail_ids)
    try:
        yield
    finally:
        _together.reset(token)
    if mail_ids:
        transaction.on_commit(lambda: publisher.announce("send_mails", *mail_ids), robust=True)


def announce(mail_id: int) -> None:
    """Tell a worker after the commit. A lambda, because Django 5.2 cannot log the failure of a partial."""
    if (together := _together.get()) is not None:
        together.append(mail_id)
        return
    transaction.on_commit(lambda: publisher.send_mail(mail_id), robust=True)
