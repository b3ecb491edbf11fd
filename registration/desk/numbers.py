"""The numbers of a meeting: a page, each figure as a file, and one page to print."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from meeting.models import Meeting

from .. import rules
from ..numbers import printing
from ..numbers.drawing import PHONE, draw
from ..numbers.figures import Figure
from ..numbers.numbers import Numbers
from .access import StaffRequest, desk_view

TYPES = {"svg": "image/svg+xml", "png": "image/png", "csv": "text/csv; charset=utf-8"}


@never_cache
@require_safe
@desk_view(rules.can_read)
def numbers(request: StaffRequest, meeting: Meeting) -> HttpResponseBase:
    found = Numbers(meeting, request.user)
    context = {
        "meeting": meeting,
        "section": "numbers",
        "numbers": found,
        "tiles": found.tiles(),
        "figures": [_for_the_page(figure) for figure in found.figures() if figure.shown],
        "is_empty": not found.counted.all_with(),
        "as_of": printing.as_of(found),
    }
    return render(request, "desk/numbers.html", context)


def _for_the_page(figure: Figure) -> dict[str, Any]:
    head, *rows = figure.table()
    # Ours, every text in it escaped where it was drawn.
    drawn = {"wide": mark_safe(draw(figure)), "narrow": mark_safe(draw(figure, width=PHONE))}  # noqa: S308
    return {"figure": figure, "svg": drawn, "head": head, "rows": rows}


@never_cache
@require_safe
@desk_view(rules.can_read)
def numbers_file(request: StaffRequest, meeting: Meeting, name: str, extension: str) -> HttpResponseBase:
    """One figure as a drawing, a picture or a table."""
    found = Numbers(meeting, request.user)
    figure = found.figure(name)
    if figure is None or extension not in TYPES:
        raise Http404
    write = {
        "svg": lambda: draw(figure).encode(),
        "png": lambda: printing.picture(figure, found),
        "csv": lambda: printing.table(figure).encode(),
    }[extension]
    return _download(write(), TYPES[extension], f"{meeting.slug}-{name}-{found.today:%Y-%m-%d}.{extension}")


@never_cache
@require_safe
@desk_view(rules.can_read)
def numbers_brief(request: StaffRequest, meeting: Meeting) -> HttpResponseBase:
    found = Numbers(meeting, request.user)
    name = f"{meeting.slug}-numbers-{found.today:%Y-%m-%d}.pdf"
    return _download(printing.brief(found), "application/pdf", name)


def _download(content: bytes, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
