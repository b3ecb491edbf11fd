"""The list of participants on the public pages of a meeting, and its documents, once a version is published."""

from __future__ import annotations

import hashlib
import json

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from meeting.dates import language_name
from meeting.kept import published_meeting
from meeting.models import Meeting

from ..issuing.glyphs import CannotPrint
from ..models import ListVersion
from ..participants import page
from ..participants.tree import Tree
from .formats import FORMATS, Format, file_name
from .making import called
from .public import public_tree
from .publishing import published

OFFERED = ("docx", "pdf", "xlsx")
KEPT = 600  # seconds, a document that says the same


@never_cache
@require_safe
def participants(request: HttpRequest, slug: str, language: str = "") -> HttpResponse:
    """The version that is public, as its people allow it at this moment."""
    meeting, version = _public(slug)
    code = _language(version, language)
    context = {
        "meeting": meeting,
        "section": "documents",
        "version": version,
        "name": called(version.kind, version.number),
        "languages": [(other, language_name(other)) for other in version.languages if other != code],
        "formats": {suffix: FORMATS[suffix].name for suffix in OFFERED},
        **page.context(public_tree(version, code)),
    }
    response = render(request, "registration/participants.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response


@never_cache
@require_safe
def document(request: HttpRequest, slug: str, language: str, suffix: str) -> HttpResponse:
    meeting, version = _public(slug)
    if suffix not in OFFERED or language not in version.languages:
        raise Http404
    found = FORMATS[suffix]
    try:
        content = _written(found, public_tree(version, language))
    except CannotPrint:
        raise Http404 from None
    response = HttpResponse(content, content_type=found.content_type)
    response["X-Robots-Tag"] = "noindex"
    response["Content-Disposition"] = f'attachment; filename="{file_name(meeting, version, language, suffix)}"'
    return response


def _public(slug: str) -> tuple[Meeting, ListVersion]:
    meeting = published_meeting(slug)
    version = published(meeting)
    if version is None:
        raise Http404
    return meeting, version


def _language(version: ListVersion, asked: str) -> str:
    """The one asked for, the reader's own, else the first of the document."""
    if asked and asked not in version.languages:
        raise Http404
    own = get_language() or "en"
    return asked or (own if own in version.languages else version.languages[0])


def _written(found: Format, tree: Tree) -> bytes:
    """Drawn once for all who ask while nobody's consent changes: to draw it takes long enough to be misused."""
    said = json.dumps(tree.as_json(), ensure_ascii=False, sort_keys=True)
    key = f"participants-{found.name}-{hashlib.sha256(said.encode()).hexdigest()}"
    content: bytes | None = cache.get(key)
    if content is None:
        content = found.write(tree)
        cache.set(key, content, KEPT)
    return content
