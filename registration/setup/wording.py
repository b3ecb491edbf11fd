"""Organisers change the words of a meeting's messages; each change stands in the history of the meeting."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import override

from meeting.models import AuditEntry, Meeting, User
from meeting.templatetags.placard import own_language_name

from .. import texts
from ..mail.urgency import may_be_held
from ..models import Category, Wording

SETUP = AuditEntry.Action.SETUP


class SavedMeanwhile(Exception):
    """Somebody has saved since the editor was opened; nothing was written."""

    def __init__(self, newest: Wording) -> None:
        super().__init__()
        self.newest = newest


@dataclass(frozen=True)
class Place:
    """One text: of a kind, in a language, for one category or for all."""

    meeting: Meeting
    kind: str
    language: str
    category: Category | None = None

    @property
    def default(self) -> texts.Words:
        return texts.default(self.kind, self.language)

    @property
    def in_force(self) -> texts.Words:
        """What is said here now, be it written for all categories or with the product."""
        category = self.category.pk if self.category else None
        return texts.words_for(self.meeting, self.kind, category, self.language)

    @property
    def instead(self) -> texts.Words:
        """What is said here without words of its own."""
        if self.category is None:
            return self.default
        return texts.words_for(self.meeting, self.kind, None, self.language)

    def newest(self) -> Wording | None:
        return texts.versions(self.meeting, self.kind, self.category, self.language).select_related("by").first()


def words_of(wording: Wording | None, place: Place) -> texts.Words:
    """What a version says; with an empty one, or none, what comes with the product."""
    if wording is None or not wording.body:
        return place.instead
    return texts.Words(wording.subject, wording.title, wording.body)


@transaction.atomic
def save(place: Place, words: texts.Words | None, *, seen: int, by: User) -> Wording | None:
    """A new version, where `seen` is still the newest; None where nothing is different. Raises SavedMeanwhile.

    Words that say what is said without them are not kept: they would stay behind when those change.
    """
    Meeting.objects.select_for_update(no_key=True).only("pk").get(pk=place.meeting.pk)
    newest = place.newest()
    if newest is not None and newest.version != seen:
        raise SavedMeanwhile(newest)
    words = None if words == place.instead else words
    has_own = newest is not None and bool(newest.body)
    if (words is None and not has_own) or (has_own and words == words_of(newest, place)):
        return None
    wording = texts.save(place.meeting, place.kind, place.category, place.language, words, by=by)
    _write_down(place, wording, by)
    return wording


def _write_down(place: Place, wording: Wording, by: User) -> None:
    was = str(wording.version - 1) if wording.version > 1 else ""
    detail = {
        "what": "changed" if wording.body else "default_words",
        "language": own_language_name(wording.language),
        "category": place.category.code if place.category else "",
        "version": [was, str(wording.version)],
    }
    AuditEntry.objects.create(meeting=place.meeting, by=by, action=SETUP, about=_about(place.kind), detail=detail)


def can_wait(kind: str) -> bool:
    """For a reader: not what somebody waits for, nor what is no message by itself."""
    known = texts.KINDS.get(kind)
    return known is not None and known.about != "letter" and known.group != "many" and may_be_held(kind)


@transaction.atomic
def hold(meeting: Meeting, kind: str, *, on: bool, by: User) -> bool:
    """Whether it could be."""
    if not can_wait(kind):
        return False
    if texts.is_held(meeting, kind) != on:
        texts.hold(meeting, kind, on=on)
        detail = {"what": "changed", "read_first": [not on, on]}
        AuditEntry.objects.create(meeting=meeting, by=by, action=SETUP, about=_about(kind), detail=detail)
    return True


def _about(kind: str) -> str:
    with override("en"):  # as other lines of the setup, whoever writes them
        return f"Words: {texts.KINDS[kind].name}"[:200]
