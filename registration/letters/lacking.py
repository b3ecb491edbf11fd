"""What the category of a delegation asks for in letters, and a word where none of that kind has come."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from meeting.dates import any_of

from ..models import Delegation, Letter, LetterKind


def needed(delegation: Delegation) -> str:
    """Which kinds of letter the category asks for, in a few words; empty where it asks for none."""
    kinds = [str(LetterKind(kind).label) for kind in delegation.category.required_documents]
    if not kinds:
        return ""
    return f"{_('One of these is needed:') if len(kinds) > 1 else _('Needed:')} {any_of(kinds)}"


def wrong_kind(delegation: Delegation, letters: Iterable[Letter]) -> str:
    """A word where the delegation's current `letters` are all of a kind that its category does not ask for."""
    kinds = list(dict.fromkeys(letter.kind for letter in letters))
    wanted = delegation.category.required_documents
    if not kinds or not wanted or set(kinds) & set(wanted):
        return ""
    came = ", ".join(str(LetterKind(kind).label) for kind in kinds)
    return f"{came}. {needed(delegation)}."


def of(delegation: Delegation) -> str:
    """A word where the category needs a letter of the delegation, and none or only another kind has come."""
    if not delegation.category.letter_required:
        return ""
    letters = list(Letter.objects.of_delegations().current().filter(delegation=delegation))
    return (
        wrong_kind(delegation, letters)
        if letters
        else f"{_('No letter for the delegation yet')}. {needed(delegation)}."
    )
