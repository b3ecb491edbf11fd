"""What may be shown and told of a child: nothing, unless child and guardian both say so, for each use by itself."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from meeting.models import User

from ..models import ChildConsent, ChildRecord
from . import papers

SAYS = ("child", "guardian")


class Use(models.TextChoices):
    PHOTO = "photo", _("Photographs")
    VOICE = "voice", _("Recording of the voice")
    QUOTATION = "quotation", _("Quotations, under the alias")
    LIVESTREAM = "livestream", _("Live broadcast")


def allowed(record: ChildRecord, use: str) -> bool:
    """Both have said yes, and the paper that says so holds. What was never asked is a no."""
    said = record.media.get(use, {})
    return all(said.get(who) is True for who in SAYS) and ChildConsent.Kind.MEDIA in papers.given(record)


def choose(record: ChildRecord, choice: dict[str, dict[str, bool]], *, by: User) -> bool:
    """Write the choice; whether it allows more than before.

    Less counts at once. More is not covered by the paper that was signed: that one is withdrawn, and the gate asks for
    a new one.
    """
    new = {use: {who: bool(choice.get(use, {}).get(who)) for who in SAYS} for use in Use.values}
    more = any(new[use][who] and not record.media.get(use, {}).get(who) for use in Use.values for who in SAYS)
    record.media = new
    record.save(update_fields=["media"])
    signed = papers.given(record).get(ChildConsent.Kind.MEDIA)
    if more and signed:
        papers.take_back(signed)
    return more


def in_words(record: ChildRecord) -> list[tuple[str, bool]]:
    """Each use, and whether it is allowed."""
    return [(str(label), allowed(record, use)) for use, label in Use.choices]
