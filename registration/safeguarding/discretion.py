"""Free text about a child says what carers need to know, and never what happened to the child."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meeting.collation import fold

GUIDANCE = gettext_lazy("Please do not write what happened to the young person, here or anywhere in this system.")

# Beginnings of words that tell what happened to somebody, folded, in the languages of the interface.
TELLING = (
    "surviv", "victim", "abuse", "abusive", "molest", "rape", "raping", "traffick", "exploited", "prostitut", "incest",
    "perpetrat", "violee", "viol ", "maltrait", "exploitee", "sobrevivi", "victima", "abusad", "violad", "explotad",
    "жертв", "пострадавш", "насил", "изнасил", "эксплуатир", "受害", "幸存者", "性侵", "强奸", "被拐", "被剥削",
    "ضحي", "ناجي", "اغتصب", "اغتصاب", "اعتداء",
)  # fmt: skip


def no_case_details(text: str) -> None:
    """ValidationError where `text` seems to tell what happened: it stops a slip of the pen, nobody who insists."""
    folded = f" {fold(text)} "
    if any(f" {word}" in folded or (not word.isascii() and word in folded) for word in map(_folded, TELLING)):
        raise ValidationError(
            _(
                "Please do not write what happened to the young person: nobody here may know. Say only what is "
                "missing, or whom to call. For a concern, use “Report a concern” at the foot of every page."
            )
        )


def _folded(word: str) -> str:
    return fold(word) + (" " if word.endswith(" ") else "")
