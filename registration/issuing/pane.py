"""The letters of one person, on the page on which they are decided on."""

from __future__ import annotations

from dataclasses import dataclass

from ..models import IssuedLetter, Registration, Status
from .wanting import OneForm


@dataclass(frozen=True)
class Pane:
    letters: list[IssuedLetter]
    form: OneForm | None


def of(registration: Registration, *, reads: bool, issues: bool) -> Pane | None:
    """Valid letters, and the form for another one; None where there is nothing to show to this reader."""
    if not reads or registration.is_minor or registration.status != Status.APPROVED:
        return None
    letters = list(registration.issued_letters.valid())
    initial = {"language": registration.language}
    return Pane(letters, OneForm(initial=initial, auto_id="id_paper_%s") if issues else None)
