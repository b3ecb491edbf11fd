"""Ready reasons: written once in each language. Reviewers choose by a short name, the delegate reads their language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import get_language, override

from meeting.models import Meeting

from ..models import CannedReason


@dataclass(frozen=True)
class Ready:
    """One reason as it is offered: what the delegate would read, and the same for a reviewer of another language."""

    pk: int
    name: str
    text: str
    own: str = ""
    fields: str = ""  # what is to be put right, as the page's script ticks it


def of_meeting(meeting: Meeting, uses: Iterable[str]) -> list[CannedReason]:
    """Those of `meeting` for any of these uses, in the organisers' order."""
    return list(CannedReason.objects.filter(meeting=meeting, use__in=[*uses]))


def in_language(reason: CannedReason, language: str) -> str:
    """Its text in `language`; where nobody has written that, in the language in which it was written first."""
    with override(language):
        return str(reason.text)


def offered(reasons: Iterable[CannedReason], use: str, language: str) -> list[Ready]:
    """Those for `use`, for a delegate who reads `language`."""
    reader = get_language() or "en"
    return [_ready(reason, language, reader) for reason in reasons if reason.use == use]


def _ready(reason: CannedReason, language: str, reader: str) -> Ready:
    text = in_language(reason, language)
    own = in_language(reason, reader) if reader != language else ""
    return Ready(reason.pk, reason.name, text, own if own != text else "", " ".join(reason.fields_to_mend))
