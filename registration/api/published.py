"""The published list of participants, for everybody."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router
from ninja.errors import HttpError

from meeting.account import reader
from meeting.kept import published_meeting

from ..versions.public import public_tree
from ..versions.publishing import published
from . import limits
from .asked import Language, Slug
from .schemas import Problem, PublishedList

router = Router(tags=["published"])


@router.get(
    "/meetings/{slug}/participants",
    response={200: PublishedList, 404: Problem, 422: Problem, 429: Problem},
    summary="The published list of participants",
    operation_id="published_list",
)
def participants(request: HttpRequest, slug: Slug, language: Language = "") -> dict[str, Any]:
    """Nobody's email or telephone, no child's name; whoever takes their consent back is gone with the next request.

    `language` is one of those in which it is published; without, the first of them.
    """
    limits.count(reader.network(request))
    meeting = published_meeting(slug)
    version = published(meeting)
    if version is None:
        raise HttpError(404, "No list of participants of this meeting is published.")
    if language and language not in version.languages:
        raise HttpError(404, f"It is not published in “{language[:20]}”. There are: {', '.join(version.languages)}.")
    tree = public_tree(version, language or version.languages[0])
    return {
        "meeting": meeting.slug, "title": tree.head.title, "language": tree.language, "languages": version.languages,
        "kind": version.kind, "number": version.number, "symbol": version.symbol, "state": tree.head.state,
        "date": tree.head.date, "basis": tree.head.basis, "published_at": version.published_at,
        "officers": tree.officers, "sections": tree.sections, "disclaimer": tree.disclaimer,
    }  # fmt: skip
