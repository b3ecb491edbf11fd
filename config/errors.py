"""Calm pages for what goes wrong, each with a way back."""

import sys
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader

# Where even the template of the error page fails. Needs nothing, not even a style sheet.
LAST_WORDS = (
    "<!doctype html><html lang=en><meta charset=utf-8><title>Something on our side failed</title>"
    "<h1>Something on our side failed</h1><p>It is not your doing. Wait a minute and try again.</p>"
)
AWAY = (InterfaceError, OperationalError)  # the database does not answer


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return render(request, "errors/400.html", status=400)


def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return render(request, "errors/403.html", status=403)


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The cookie that protects the form is gone or does not fit: a matter of the browser, not of a role."""
    return render(request, "errors/expired.html", status=403)


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return render(request, "errors/404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Never raises. Rendered without the request, because who is signed in is a question to the database; 503 with a
    time to come back when it is the database that does not answer."""
    away = isinstance(sys.exc_info()[1], AWAY)
    response = HttpResponse(_server_error_page(getattr(request, "request_id", "")), status=503 if away else 500)
    if away:
        response.headers["Retry-After"] = "30"
    return response


def _server_error_page(request_id: str) -> str:
    try:
        return loader.render_to_string("errors/500.html", {"request_id": request_id})
    except Exception:  # whatever broke the page may break this one too; the last words need nothing
        return LAST_WORDS
