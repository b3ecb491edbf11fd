"""Structured logs: one JSON line an event, with a request id and without personal data.

A path may hold a key (`/r/<key>/`) or a reference, so requests are logged by the pattern they matched, never by the
address itself; query strings, bodies and users' names are not logged at all. Of an exception we keep its kind and
where it happened, never its text: PostgreSQL's, for one, quotes the row. Of other people's log lines we keep the
wording and the numbers, unless we know that their words are only about machinery.
"""

import sys
import time
import traceback
import uuid
from collections.abc import Callable
from typing import Any

import structlog
from celery import signals
from django.conf import settings
from django.core.signals import got_request_exception
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse

QUIET_ROUTES = {"healthz", "readyz", "static"}
QUIET_TASKS = {"registration.tasks.sweep_outbox"}  # every few seconds; what it sends has lines of its own
MACHINERY = ("celery.apps", "celery.beat", "celery.worker.consumer", "kombu", "gunicorn")
ABOUT_REQUESTS = ("Error handling request", "Invalid request")  # gunicorn's, with the address of the page or the reader

Event = structlog.typing.EventDict


def logging_config(*, debug: bool) -> dict[str, Any]:
    """Everything through structlog: JSON lines, or readable ones while debugging."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        keep_frames,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    renderer: Any = structlog.dev.ConsoleRenderer() if debug else structlog.processors.JSONRenderer()
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": [keep_wording, *shared],
                "pass_foreign_args": True,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
            }
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": "INFO"},
        "loggers": {
            # These repeat what our line about the request or the task says, with values in it.
            "django.request": {"level": "CRITICAL"},
            "django.security": {"level": "CRITICAL"},
            "django.server": {"level": "CRITICAL"},
            "celery.app.trace": {"level": "CRITICAL"},
            "celery.worker.strategy": {"level": "WARNING"},
            "celery.beat": {"level": "WARNING"},
            "py.warnings": {"level": "ERROR"},
            # gunicorn brings handlers of its own; without them its lines come to ours.
            "gunicorn.error": {"handlers": [], "propagate": True},
        },
    }


def keep_frames(_logger: Any, _method: str, event: Event) -> Event:
    """Of an exception: the kinds along its chain and where each frame stood."""
    raised = event.pop("exc_info", None)
    if raised is True or raised == 1:
        raised = sys.exc_info()
    error = raised[1] if isinstance(raised, tuple) else raised
    if isinstance(error, BaseException):
        event["raised"] = [_without_values(link) for link in _chain(error)]
    return event


def keep_wording(_logger: Any, _method: str, event: Event) -> Event:
    """Of a line written by a library: its wording and its numbers."""
    record, arguments = event["_record"], event.pop("positional_args", ())
    wording = str(record.msg)
    if wording.startswith(ABOUT_REQUESTS):
        event["event"] = next(known for known in ABOUT_REQUESTS if wording.startswith(known))
    elif arguments and not record.name.startswith(MACHINERY):
        values = arguments.values() if isinstance(arguments, dict) else arguments
        event["event"] = wording
        event["numbers"] = [value for value in values if isinstance(value, (int, float))]
    return event


def _chain(error: BaseException | None) -> list[BaseException]:
    chain: list[BaseException] = []
    while error is not None and error not in chain:
        chain.append(error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return chain


def _without_values(error: BaseException) -> dict[str, Any]:
    frames = traceback.extract_tb(error.__traceback__)
    kind = type(error)
    return {
        "kind": kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}",
        "frames": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
    }


requests = structlog.get_logger("placard.request")
tasks = structlog.get_logger("placard.task")


class RequestLogMiddleware:
    """Binds a request id to all that is logged meanwhile, returns it to the reader, and writes one line at the end."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        request.request_id = request_id = uuid.uuid4().hex[:12]  # type: ignore[attr-defined]
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        response = self.get_response(request)
        response.headers["X-Request-ID"] = request_id
        route = _route(request)
        if route not in QUIET_ROUTES or response.status_code >= 500:
            requests.info(
                "request", method=request.method, route=route, status=response.status_code, ms=_ms_since(started)
            )
        return response


def _route(request: HttpRequest) -> str:
    """The pattern of the address; "-" where something answered before, or no pattern fits."""
    if request.resolver_match:
        return request.resolver_match.route
    return "static" if request.path_info.startswith(settings.STATIC_URL) else "-"


def _ms_since(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 1)


@receiver(got_request_exception)
def log_exception(**kwargs: Any) -> None:
    """Every exception that becomes a server error, from a view or from a middleware."""
    requests.error("exception", exc_info=True)


@signals.task_prerun.connect
def begin_task(task_id: str, task: Any, **kwargs: Any) -> None:
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(task=task.name, task_id=task_id)
    task.request.started = time.perf_counter()


@signals.task_postrun.connect
def end_task(task: Any, state: str, args: Any, **kwargs: Any) -> None:
    """One line a task. Its arguments are ids, and only what looks like one is told."""
    if state != "SUCCESS" or task.name not in QUIET_TASKS:
        ids = [arg for arg in args or () if isinstance(arg, int)]
        tasks.info("task", state=state, ids=ids, ms=_ms_since(task.request.started))
    structlog.contextvars.clear_contextvars()


@signals.task_failure.connect
@signals.task_retry.connect
def log_task_exception(exception: Any = None, reason: Any = None, **kwargs: Any) -> None:
    tasks.error("exception", exc_info=exception or reason)
