"""The public page that says whether a letter is genuine and still counts. It says nothing of whom it is for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from meeting.account import reader

from ..models import IssuedLetter
from . import codes

# In each process, from one network: a queue at a border desk asks less, who guesses 130 bits asks more.
MOST, SECONDS = 120, 600


@dataclass(frozen=True)
class Finding:
    """What is said of a letter, and all of it."""

    style: str
    headline: str
    text: str


@never_cache
@require_safe
def ask(request: HttpRequest) -> HttpResponse:
    """The field in which a code is typed; what cannot be one is said beside it, and stays in it."""
    if "code" not in request.GET:
        return _page(request, {})
    typed = request.GET["code"].strip()
    if code := codes.normalised(typed):
        return redirect("registration:verify", code)
    return _page(request, {"typed": typed, "problem": _problem(typed)}, status=422)


def _problem(typed: str) -> str:
    if not typed:
        return _("Type the code that stands beside the square on the letter.")
    if "/" in typed:
        return _("This looks like the number of the letter. The code stands beside the square, near the signature.")
    told = {"n": sum(character.isalnum() for character in typed)}
    return _("A code has 26 letters and digits; this has %(n)d. Compare it with the letter.") % told


@never_cache
@require_safe
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """Genuine and valid, genuine and revoked, or unknown."""
    if _asks_too_often(request):
        text = _("Too many codes were tried from here. Please wait ten minutes, and try again.")
        return _page(request, {"finding": Finding("waitlisted", _("Please wait"), text)}, status=429)
    # Asked of the database whatever was typed, so that all answers take as long.
    letter = IssuedLetter.objects.filter(code=codes.normalised(code) or "-").select_related("meeting__venue").first()
    if letter is None:
        return _page(request, {"finding": _unknown(), "typed": code}, status=404)
    return _page(request, {"finding": _of(letter), "letter": letter, "about": letter.meeting})


def _asks_too_often(request: HttpRequest) -> bool:
    key = f"verify-{reader.network(request)}"
    cache.add(key, 0, SECONDS)
    try:
        return cache.incr(key) > MOST
    except ValueError:  # it ran out between the two
        return False


def _of(letter: IssuedLetter) -> Finding:
    if letter.is_valid:
        text = _("This letter was issued by the organisers of the meeting, and counts today.")
        return Finding("approved", _("Genuine and valid"), text)
    text = _("The organisers issued this letter and have taken it back. It counts no more.")
    return Finding("rejected", _("Genuine, but revoked"), text)


def _unknown() -> Finding:
    text = _("Compare the code with the letter, and type it once more. If it is the same, do not rely on the letter.")
    return Finding("withdrawn", _("We know no letter with this code"), text)


def _page(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    response = render(request, "issuing/verify.html", context, status=status)
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response
