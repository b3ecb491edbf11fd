"""The words of a letter tried out: its pages as pictures, drawn as they would be, or what it says as plain text."""

from __future__ import annotations

import base64
from typing import Any

from django.utils import translation

from .. import texts
from ..issuing import drawing, issue, snapshot
from ..mail.trying import Trial
from ..models import LetterSetup, Registration
from ..texts.language import laid_open
from ..texts.markup import lay_out
from .wording_forms import direction

NO_CODE = "0" * 26  # opens nothing


def drawn(trial: Trial, person: Registration | None) -> list[str]:
    """Each page as a data: address, "sample" across it."""
    taken = _taken(trial, _setup(trial), person)
    pages = drawing.draw_pages(snapshot.sample(taken), NO_CODE)
    return [f"data:image/png;base64,{base64.b64encode(page).decode()}" for page in pages]


def _taken(trial: Trial, setup: LetterSetup, person: Registration | None) -> dict[str, Any]:
    if person is not None:
        [whole] = issue.lock_free(person.pk)
        return snapshot.taken(whole, setup, trial.language, 0, words=trial.words)
    with translation.override(trial.language):
        return snapshot.of_nobody(setup, trial.language, trial.words, trial.sample_values())


def _setup(trial: Trial) -> LetterSetup:
    """How this kind is issued here; where nobody has said, as it would be. Nothing is kept."""
    kind = trial.kind.removeprefix("letter_")
    found = LetterSetup.objects.filter(meeting=trial.meeting, kind=kind).select_related("letterhead__organiser").first()
    return found or LetterSetup(meeting=trial.meeting, kind=kind, letterhead=trial.meeting.letterheads.first())


def as_text(trial: Trial, person: Registration | None) -> tuple[str, str]:
    """(title, all that the words say)"""
    with translation.override(trial.language):
        values = trial.values_of(person) if person else trial.sample_values()
    shape, words = texts.shape_of(values), trial.words
    laid = lay_out(laid_open(words.body, shape), texts.KINDS[trial.kind], direction(trial.language))
    subject, title = (texts.fill_text(laid_open(text, shape), values) for text in (words.subject, words.title))
    return subject, f"{title}\n\n{texts.fill_text(laid.text, values)}"
