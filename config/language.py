"""The reader's language: chosen by the menu (`?lang=fr`), kept in a cookie, else what the browser asks for."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.locale import LocaleMiddleware
from django.utils import translation


class LanguageMiddleware(LocaleMiddleware):
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        super().__init__(get_response)

    def process_request(self, request: HttpRequest) -> HttpResponse | None:  # type: ignore[override]
        chosen = request.GET.get("lang")
        if chosen and request.method == "GET":
            return self.choose(request, chosen)
        super().process_request(request)
        return None

    def choose(self, request: HttpRequest, language: str) -> HttpResponse:
        """Remember the choice and come back to the same page without it in the address."""
        query = request.GET.copy()
        del query["lang"]
        path = "/" + request.path.lstrip("/")  # never "//elsewhere"
        response = HttpResponseRedirect(path + ("?" + query.urlencode() if query else ""))
        if translation.check_for_language(language) and language in dict(settings.LANGUAGES):
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                language,
                max_age=365 * 24 * 3600,
                secure=settings.LANGUAGE_COOKIE_SECURE,
                httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
                samesite="Lax",
            )
        return response
