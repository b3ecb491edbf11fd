"""The API under /api/v1/. Its OpenAPI document is made from the code; there is no page that loads scripts."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from .attendees import router as attendees
from .limits import SECONDS, TooOftenError
from .published import router as published

api = NinjaAPI(
    title="Placard",
    version="1",
    urls_namespace="api",
    description="Read-only. Times are in UTC, days without a time are those of the meeting's own calendar.",
    docs_url=None,
    openapi_url="/openapi.json",
)
api.add_router("", published)
api.add_router("", attendees)


@api.exception_handler(TooOftenError)
def _too_often(request: HttpRequest, error: TooOftenError) -> HttpResponse:
    answer = api.create_response(request, {"detail": "You ask too often. Wait a minute, then go on."}, status=429)
    answer["Retry-After"] = str(SECONDS)
    return answer


@api.exception_handler(Http404)
def _not_there(request: HttpRequest, error: Http404) -> HttpResponse:
    return api.create_response(request, {"detail": "There is nothing at this address."}, status=404)


@api.exception_handler(AuthenticationError)
def _unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    told = {"detail": "Send a token that counts, as “Authorization: Bearer …”. An organiser of the meeting makes one."}
    answer = api.create_response(request, told, status=401)
    answer["WWW-Authenticate"] = "Bearer"
    return answer


@api.exception_handler(HttpError)
def _refused(request: HttpRequest, error: HttpError) -> HttpResponse:
    return api.create_response(request, {"detail": str(error)}, status=error.status_code)


@api.exception_handler(ValidationError)
def _not_understood(request: HttpRequest, error: ValidationError) -> HttpResponse:
    first = error.errors[0]
    place = first["loc"][-1] if first.get("loc") else "request"
    return api.create_response(request, {"detail": f"{place}: {first['msg']}."}, status=422)
