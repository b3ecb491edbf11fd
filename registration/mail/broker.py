"""Telling a worker that a message waits, without ever making a request wait for a broker that is away."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import structlog
from celery import current_app

PATIENCE = 0.7  # seconds a request waits for the broker, whatever ails it: refusing, silent, or its name not found
PAUSE = 10  # seconds in which this process does not ask again; the sweep takes care of what is queued meanwhile

log = structlog.get_logger("placard.mail")


class Publisher:
    """Publishes in a thread of its own, so that the wait is bounded even where a DNS lookup or a socket hangs."""

    def __init__(self) -> None:
        self.quiet_until = 0.0
        self.thread: ThreadPoolExecutor | None = None
        self.lock = threading.Lock()

    def send_mail(self, mail_id: int) -> None:
        """Never raises: a message that was not announced is found by the sweep."""
        from registration.tasks import send_mail  # the task's module imports the outbox, which imports this

        if current_app.conf.task_always_eager:
            send_mail.delay(mail_id)
        elif time.monotonic() >= self.quiet_until:
            self._try(lambda: send_mail.apply_async((mail_id,), retry=False))

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
