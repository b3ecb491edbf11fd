"""A new meeting from an earlier one: organisers, categories, questions, ready reasons and words, with new dates."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TypeVar

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import override

from meeting.models import AuditEntry, Meeting, Role, StaffRole, User
from registration.models import Category, Question

# About that one meeting only.
NOT_COPIED = ("subtitle", "date_note", "rapporteur", "rapporteur_note", "programme_note", "held_open_note")
Row = TypeVar("Row", bound=models.Model)


@dataclass(frozen=True)
class NewMeeting:
    """What a copy cannot take from the earlier meeting."""

    title: str
    short_title: str
    slug: str
    starts_on: datetime.date
    ends_on: datetime.date
    reference_prefix: str


@transaction.atomic
def copy_meeting(source: Meeting, new: NewMeeting, *, by: User) -> Meeting:
    """The new meeting, unpublished, run by `by` alone. Deadlines move by as many days as the first day does.

    No person, delegation, letter or role comes along.
    """
    with override("en"):
        meeting = _meeting(source, new)
        for organiser in source.organisers.all():
            _again(organiser, meeting=meeting)
        for reason in source.canned_reasons.all():
            _again(reason, meeting=meeting)
        categories = _categories(source, meeting)
        _questions(source, meeting, categories)
        _words(source, meeting, categories, by)
    StaffRole.objects.create(user=by, meeting=meeting, role=Role.ORGANISER)
    AuditEntry.objects.create(meeting=meeting, by=by, action=AuditEntry.Action.COPIED, about=source.slug)
    return meeting


def _meeting(source: Meeting, new: NewMeeting) -> Meeting:
    later = new.starts_on - source.starts_on
    blank = {f.name: "" for f in Meeting._meta.concrete_fields if f.name.startswith(NOT_COPIED)}
    titles = {f.name: None for f in Meeting._meta.concrete_fields if f.name.startswith(("title_", "short_title_"))}
    given = {
        "title_en": new.title,
        "short_title_en": new.short_title,
        "slug": new.slug,
        "starts_on": new.starts_on,
        "ends_on": new.ends_on,
        "reference_prefix": new.reference_prefix,
    }
    return _again(
        Meeting.objects.get(pk=source.pk),
        **(blank | titles | given),
        registration_opens_at=_moved(source.registration_opens_at, later),
        registration_closes_at=_moved(source.registration_closes_at, later),
        registration_held_open=False,
        is_published=False,
        previous=source,
    )


def _moved(moment: datetime.datetime | None, by: datetime.timedelta) -> datetime.datetime | None:
    return moment + by if moment else None


def _categories(source: Meeting, meeting: Meeting) -> dict[int, Category]:
    """The new categories by the number of the old ones."""
    later = meeting.starts_on - source.starts_on
    return {
        old: _again(category, meeting=meeting, closes_at=_moved(category.closes_at, later))
        for category in source.categories.all()
        for old in [category.pk]
    }


def _questions(source: Meeting, meeting: Meeting, categories: dict[int, Category]) -> None:
    """Those asked today, as first versions; conditions and categories point at their copies."""
    copies: dict[int, Question] = {}
    for question in Question.objects.asked().filter(meeting=source).prefetch_related("options", "categories"):
        old, options, of = question.pk, list(question.options.all()), list(question.categories.all())
        copies[old] = _again(question, meeting=meeting, version=1)
        copies[old].categories.set([categories[c.pk] for c in of])
        for option in options:
            _again(option, question=copies[old])
    for copy in copies.values():
        if copy.shown_if_id:
            shown_by = copies.get(copy.shown_if_id)
            copy.shown_if, copy.shown_if_answer = shown_by, copy.shown_if_answer if shown_by else ""
            copy.save(update_fields=["shown_if", "shown_if_answer"])


def _words(source: Meeting, meeting: Meeting, categories: dict[int, Category], by: User) -> None:
    """The words of messages in use there, as first versions; which kinds are read first is decided anew."""
    for wording in source.wordings.filter(is_current=True).exclude(body=""):
        category = categories[wording.category_id] if wording.category_id else None
        _again(wording, meeting=meeting, category=category, version=1, by=by, at=timezone.now())


def _again(row: Row, **changes: object) -> Row:
    """The same row once more with `changes`; `row` itself becomes the new one."""
    row.pk, row._state.adding = None, True
    row._prefetched_objects_cache = {}  # type: ignore[attr-defined]
    for name, value in changes.items():
        setattr(row, name, value)
    row.save(force_insert=True)
    return row
