"""For load balancers: is the process alive, and can it serve?"""

import threading
import time
from collections.abc import Callable

import redis
from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from redis.backoff import NoBackoff
from redis.retry import Retry

PATHS = {"/healthz", "/readyz"}
PATIENCE = 2  # seconds for both answers together: whoever asks gives up soon


class HealthMiddleware:
    """Probes ask by address, not by name: their Host header is not held against ALLOWED_HOSTS."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info in PATHS:
            request.META["HTTP_HOST"] = settings.ALLOWED_HOSTS[0]
            request.META.pop("HTTP_X_FORWARDED_HOST", None)
        return self.get_response(request)


def alive(request: HttpRequest) -> HttpResponse:
    """The process answers; says nothing about what stands behind it."""
    return _uncached(HttpResponse("ok", content_type="text/plain"))


def ready(request: HttpRequest) -> HttpResponse:
    """200 when the database answers. Without the broker we still serve, for mail waits in its table: it is told."""
    database, broker = in_time(_database_answers, _broker_answers)
    return _uncached(JsonResponse({"database": database, "broker": broker}, status=200 if database else 503))


def in_time(*probes: Callable[[], bool]) -> list[bool]:
    """What each probe says, all asked at once; False for one that has not answered when our patience ends.

    In threads, because neither the lookup of a name nor a silent server can be interrupted.
    """
    answers = [False] * len(probes)

    def ask(number: int) -> None:
        answers[number] = probes[number]()

    threads = [threading.Thread(target=ask, args=(number,), daemon=True) for number in range(len(probes))]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + PATIENCE
    for thread in threads:
        thread.join(max(0.0, deadline - time.monotonic()))
    return list(answers)


def _uncached(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store"
    return response


def _database_answers() -> bool:
    """On a connection of its own, so that it tells whether new ones are accepted."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    finally:
        connection.close()
    return True


def _broker_answers() -> bool:
    client = redis.Redis.from_url(
        settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=1, retry=Retry(NoBackoff(), 0)
    )
    try:
        return bool(client.ping())
    except (redis.RedisError, OSError):
        return False
    finally:
        client.close()
