"""Requests that carry a character which no text in the database can hold."""

from collections.abc import Callable
from itertools import chain
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse

NUL = "\0"


class NulMiddleware:
    """Nobody types NUL: what carries it, in an address or a form, is refused before a view looks for it or stores it.

    After the token of the form was checked, which has read the form already. Bodies that are no form stay unread.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        values = chain(*(texts for _name, texts in chain(request.GET.lists(), request.POST.lists())))
        if any(NUL in text for text in values):
            raise BadRequest("NUL in a value")
