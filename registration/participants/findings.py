"""What the proof finds: kinds in the order in which they are mended, and one line of each."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

SHOWN = 100  # of each kind; more are only counted until these are mended


class Kind(models.TextChoices):
    NO_HEAD = "no_head", _("Nobody is head of delegation")
    TWO_HEADS = "two_heads", _("More than one head of delegation")
    PRECEDENCE = "precedence", _("Two people have one place in their delegation")
    LETTER_NAMES = "letter_names", _("Names on a letter that are matched with nobody")
    NOT_NAMED = "not_named", _("People whom the letter of their delegation does not name")
    NAME_STYLE = "name_style", _("Names of States and organizations in another style")
    OFFICERS = "officers", _("Officers who do not stand in the list")
    CATEGORIES = "categories", _("One person in several categories")
    CHILDREN = "children", _("Children where names are printed")
    CAPITALS = "capitals", _("Names in capitals")
    LOWER_CASE = "lower_case", _("Names in small letters")
    PASSPORT = "passport", _("Printed names that differ from the passport")
    NO_TITLE = "no_title", _("No functional title")
    NO_ORGANISATION = "no_organisation", _("No ministry or organization")
    LONG_TITLE = "long_title", _("Titles that are too long for a list")
    UNSEEN = "unseen", _("Characters that nobody sees")


def digest(*value: object) -> str:
    """Tells whether something has changed since, and nothing of what it was."""
    return salted_hmac("found right", "\x1f".join(map(str, value)), algorithm="sha256").hexdigest()[:32]


@dataclass(frozen=True)
class Finding:
    """One line of the proof: about the person with this number, or about a whole delegation."""

    kind: Kind
    delegation: int
    registration: int | None
    reference: str  # of the person; of the delegation where it is about that
    who: str
    text: str
    value: str

    @property
    def about(self) -> tuple[str, int | None, int | None]:
        return (self.kind, self.registration, None if self.registration else self.delegation)


@dataclass
class Found:
    """Those of one kind: how many there are, and the first of them."""

    kind: Kind
    count: int = 0
    first: list[Finding] = field(default_factory=list)

    def add(self, finding: Finding) -> None:
        self.count += 1
        if len(self.first) < SHOWN:
            self.first.append(finding)

    @property
    def is_cut(self) -> bool:
        return self.count > len(self.first)
