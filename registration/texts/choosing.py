"""Which words a message has: the organisers' own for the category, theirs for all, or those of the product."""

from __future__ import annotations

from functools import lru_cache

from django.db import models, transaction
from django.db.models import Max
from django.utils import timezone

from meeting.models import Meeting, User

from ..models import Category, HeldKind, Wording
from .defaults import default
from .language import Words


def words_for(meeting: Meeting, kind: str, category_id: int | None, language: str) -> Words:
    own = _in_use(meeting.pk, meeting.changed_at.timestamp())[0]
    return own.get((kind, category_id, language)) or own.get((kind, None, language)) or default(kind, language)


def is_held(meeting: Meeting, kind: str) -> bool:
    """Whether messages of this kind wait until somebody has read them."""
    return kind in _in_use(meeting.pk, meeting.changed_at.timestamp())[1]


@lru_cache(maxsize=64)
def _in_use(meeting_id: int, _version: float) -> tuple[dict[tuple[str, int | None, str], Words], frozenset[str]]:
    """The words of a meeting and its held kinds, read once: whoever changes them changes the meeting's `changed_at`."""
    rows = Wording.objects.filter(meeting=meeting_id, is_current=True).exclude(body="")
    words = {(w.kind, w.category_id, w.language): Words(w.subject, w.title, w.body) for w in rows}
    return words, frozenset(HeldKind.objects.filter(meeting=meeting_id).values_list("kind", flat=True))


@transaction.atomic
def hold(meeting: Meeting, kind: str, *, on: bool) -> None:
    """From now on messages of this kind wait for a reader, or no longer do. What is held already stays so."""
    if on:
        HeldKind.objects.get_or_create(meeting=meeting, kind=kind)
    else:
        HeldKind.objects.filter(meeting=meeting, kind=kind).delete()
    _touch(meeting)


@transaction.atomic
def save(
    meeting: Meeting, kind: str, category: Category | None, language: str, words: Words | None, *, by: User | None
) -> Wording:
    """A new version, in use from now on; None goes back to the words of the product. `words` are checked already."""
    Meeting.objects.select_for_update(no_key=True).only("pk").get(pk=meeting.pk)  # versions have no gaps and no twins
    all_versions = versions(meeting, kind, category, language)
    all_versions.filter(is_current=True).update(is_current=False)
    last = all_versions.aggregate(n=Max("version"))["n"] or 0
    wording = Wording(meeting=meeting, kind=kind, category=category, language=language, version=last + 1, by=by)
    if words is not None:
        wording.subject, wording.title, wording.body = words.subject.strip(), words.title.strip(), words.body.strip()
    wording.save()
    _touch(meeting)
    return wording


def _touch(meeting: Meeting) -> None:
    meeting.changed_at = timezone.now()
    Meeting.objects.filter(pk=meeting.pk).update(changed_at=meeting.changed_at)


def versions(meeting: Meeting, kind: str, category: Category | None, language: str) -> models.QuerySet[Wording]:
    """Every version of one text, newest first."""
    return Wording.objects.filter(meeting=meeting, kind=kind, category=category, language=language)
